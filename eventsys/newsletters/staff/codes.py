"""Doors: QR codes of presenters, in seconds: named, shown on a wall, printed, counted live."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventsys import documents
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.forms import Form
from eventsys.i18n import link
from eventsys.names import slug
from eventsys.newsletters.staff.doors import WRITERS, doors, section_page
from eventsys.newsletters.staff.reader_forms import CodeForm
from eventsys.newsletters.subscriptions import codes as verbs
from eventsys.newsletters.subscriptions.models import SignUpCode
from eventsys.newsletters.subscriptions.queries import code_by_id
from eventsys.qrcodes import QrCode
from eventsys.staff.guards import signed_in, staff_only


@doors.get("/qr-koder")
@staff_only(*WRITERS)
def show_codes() -> ResponseReturnValue:
    return _page(CodeForm())


def _page(form: CodeForm) -> str:
    found = verbs.all_codes()
    counted = verbs.counts([code.id for code in found])
    return section_page(
        "codes", "show_codes", form=form, press=Form(formdata=None),
        used=[(code, qr_code(code), counted[code.id]) for code in found if code.closed_at is None],
        away=[(code, counted[code.id]) for code in found if code.closed_at is not None],
    )  # fmt: skip


def qr_code(code: SignUpCode) -> QrCode:
    """It holds the sign-up page's address, with the code in it."""
    return QrCode(link("newsletters.show_sign_up", kalla=code.code), slug(code.name) or code.code)


@doors.post("/qr-koder")
@staff_only(*WRITERS)
def submit_code() -> ResponseReturnValue:
    """Straight to the slide: whoever makes a code is often about to speak."""
    form = CodeForm()
    if not form.validate_on_submit():
        return _page(form), 422
    with transaction():
        code_id = verbs.add_code(form.name.data, signed_in().name, now()).id
    flash("QR-koden är klar.", "good")
    return redirect(url_for("newsletters_staff.show_code", code_id=code_id))


@doors.get("/qr-koder/<int:code_id>")
@staff_only(*WRITERS)
def show_code(code_id: int) -> ResponseReturnValue:
    """Everything that can be done with one code."""
    code = code_by_id(code_id)
    return section_page(
        "code",
        "show_codes",
        code=code,
        qr=qr_code(code),
        count=verbs.counts([code.id])[code.id],
        press=Form(formdata=None),
    )


@doors.get("/qr-koder/<int:code_id>/bild")
@staff_only(*WRITERS)
def show_code_slide(code_id: int) -> ResponseReturnValue:
    """For the wall: large, few words, the address to type, and how many have signed up."""
    code = code_by_id(code_id)
    count = verbs.counts([code.id])[code.id]
    return render_template("newsletters/staff/code_slide.html", code=code, qr=qr_code(code), count=count)


@doors.get("/qr-koder/<int:code_id>/antal")
@staff_only(*WRITERS)
def show_code_count(code_id: int) -> ResponseReturnValue:
    """A few words that the pages fetch again and again."""
    code = code_by_id(code_id)
    return render_template("newsletters/staff/_code_count.html", count=verbs.counts([code.id])[code.id])


@doors.get("/qr-koder/<int:code_id>/qr.svg")
@staff_only(*WRITERS)
def show_code_svg(code_id: int) -> ResponseReturnValue:
    return qr_code(code_by_id(code_id)).svg_file()


@doors.get("/qr-koder/<int:code_id>/qr.png")
@staff_only(*WRITERS)
def show_code_png(code_id: int) -> ResponseReturnValue:
    return qr_code(code_by_id(code_id)).png_file()


@doors.get("/qr-koder/<int:code_id>/affisch")
@staff_only(*WRITERS)
def show_code_poster(code_id: int) -> ResponseReturnValue:
    """The poster as a page that prints on one A4."""
    code = code_by_id(code_id)
    return render_template("newsletters/staff/code_poster.html", named=code, code=qr_code(code))


@doors.get("/qr-koder/<int:code_id>/affisch.pdf")
@staff_only(*WRITERS)
def show_code_poster_pdf(code_id: int) -> ResponseReturnValue:
    try:
        return qr_code(code_by_id(code_id)).poster_file("newsletters/staff/code_poster_pdf.html")
    except documents.NoPdf:
        flash("Servern kan inte göra PDF. Skriv ut sidan från webbläsaren i stället.", "warn")
        return redirect(url_for("newsletters_staff.show_code_poster", code_id=code_id))


@doors.post("/qr-koder/<int:code_id>/undan")
@staff_only(*WRITERS)
def submit_code_away(code_id: int) -> ResponseReturnValue:
    with transaction():
        verbs.put_away(code_id, now())
    flash("QR-koden är undanlagd. Den fungerar fortfarande, och antalet är kvar.", "good")
    return redirect(url_for("newsletters_staff.show_codes"))


@doors.post("/qr-koder/<int:code_id>/fram")
@staff_only(*WRITERS)
def submit_code_out(code_id: int) -> ResponseReturnValue:
    with transaction():
        verbs.take_out(code_id)
    flash("QR-koden är framme igen.", "good")
    return redirect(url_for("newsletters_staff.show_codes"))
