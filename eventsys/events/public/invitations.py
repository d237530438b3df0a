"""Doors for those who hold an invitation: look at it, and answer yes, no, or with a colleague. GET changes nothing."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from eventsys.audit import PUBLIC, act_as
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events import queries
from eventsys.events.cards import heading
from eventsys.events.invitations import answering
from eventsys.events.invitations.forms import ColleagueForm, NoForm, yes_form
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.invitations.queries import colleague_of, invitation_by_token
from eventsys.events.invitations.sending import takes_answers
from eventsys.events.invitations.standing import Standing, is_handed_over, standing_of
from eventsys.events.programme.choosing import SessionFull, SessionGone
from eventsys.events.programme.forms import full_sessions, offered_slots, session_hints
from eventsys.events.programme.queries import places_in
from eventsys.events.public.doors import doors
from eventsys.events.public.form_page import choices_of
from eventsys.events.waitlist import positions_in_queue
from eventsys.i18n import language, url
from eventsys.limits import limit_registrations

GONE = 410


@doors.get("/inbjudan/<token>")
def show_invitation(token: str) -> ResponseReturnValue:
    invitation = invitation_by_token(token)
    return _page(invitation), GONE if invitation.state is InvitationState.WITHDRAWN else 200


def _page(invitation: Invitation, problem: str = "", **forms: Any) -> str:
    """The page, with the forms that have been filled in and empty ones for the rest."""
    event = invitation.event
    slots = choices_of(event)
    places = places_in(event) if slots else {}
    blank: dict[str, Any] = {
        "yes": forms.get("yes") or _yes_form(invitation),
        "no": NoForm(formdata=None, data={"message": invitation.note}),
        "colleague": ColleagueForm(formdata=None),
    }
    context = {**blank, **forms}
    context["yes"].full_shown.data = full_sessions(places)
    return render_template(
        "events/invitation.html",
        **heading(event),
        summary=event.in_language(language(), "summary"),
        invitation=invitation,
        standing=Standing.HANDED_ON if is_handed_over(invitation) else standing_of(invitation),
        phase=event.phase(now()),
        may_answer=_may_answer(invitation),
        colleague_now=_waiting_colleague(invitation),
        place=_place_in_queue(invitation),
        problem=problem,
        session_hints=session_hints(slots, places),
        **{f"{name}_form": form for name, form in context.items()},
    )


def _place_in_queue(invitation: Invitation) -> int | None:
    seat = invitation.attendee
    return positions_in_queue([seat]).get(seat.id) if seat and not is_handed_over(invitation) else None


def _yes_form(invitation: Invitation) -> Any:
    event = invitation.event
    offered = offered_slots(choices_of(event), event, now())
    return yes_form(event, queries.questions_asked(event), offered, invitation)


def _may_answer(invitation: Invitation) -> bool:
    taken = invitation.state is InvitationState.WITHDRAWN or is_handed_over(invitation)
    if taken or not takes_answers(invitation.event, now()):
        return False
    colleague = _waiting_colleague(invitation)
    return colleague is None or colleague.state in (InvitationState.LISTED, InvitationState.SENT)


def _waiting_colleague(invitation: Invitation) -> Invitation | None:
    """Who holds the invitation instead; None when nobody does, or when it is free again."""
    if invitation.state is not InvitationState.HANDED_ON:
        return None
    colleague = colleague_of(invitation)
    return None if colleague is None or answering.is_free_again(colleague) else colleague


def _back(token: str) -> ResponseReturnValue:
    return redirect(url("events.show_invitation", token=token))


def _too_late(token: str) -> ResponseReturnValue:
    """The page itself says what has happened meanwhile."""
    return _page(invitation_by_token(token), _("Svaret kom inte med. Läs här vad som har hänt.")), 409


# --- yes ----------------------------------------------------------------------------------------------------------


@doors.post("/inbjudan/<token>/ja")
@limit_registrations
def submit_yes(token: str) -> ResponseReturnValue:
    act_as(PUBLIC)
    invitation = invitation_by_token(token)
    form = _yes_form(invitation)
    if not form.validate():
        return _page(invitation, yes=form), 422
    person, invitation_id = form.person(invitation.email, invitation.email_key, form.queue_ok), invitation.id
    try:
        with transaction():
            answering.say_yes(invitation_id, person, now())
    except (answering.AnswersClosed, answering.ColleagueAnswers):
        return _too_late(token)
    except SessionFull as refusal:
        form.say_full(refusal.session_ids)
        return _page(invitation_by_token(token), yes=form), 409
    except SessionGone:
        fresh = invitation_by_token(token)
        form = _yes_form(fresh)
        form.validate()
        return _page(
            fresh, _("Programmet ändrades medan du fyllde i. Välj pass igen. Inget annat är borta."), yes=form
        ), 409
    except answering.CompanyFull as refusal:
        return _page(invitation_by_token(token), _company_full(refusal.most), yes=form), 409
    return _back(token)


def _company_full(most: int) -> str:
    words: str = ngettext(
        "Varje företag har %(num)s plats, och en kollega till dig har tagit den. Inget du skrivit är borta.",
        "Varje företag har %(num)s platser, och dina kollegor har tagit dem. Inget du skrivit är borta.",
        most,
    )
    return words


# --- no, and a colleague ------------------------------------------------------------------------------------------


@doors.post("/inbjudan/<token>/nej")
@limit_registrations
def submit_no(token: str) -> ResponseReturnValue:
    act_as(PUBLIC)
    invitation, form = invitation_by_token(token), NoForm()
    if not form.validate():
        return _page(invitation, no=form), 422
    try:
        with transaction():
            answering.say_no(invitation.id, form.message.data, now())
    except (answering.AnswersClosed, answering.ColleagueAnswers):
        return _too_late(token)
    return _back(token)


@doors.post("/inbjudan/<token>/kollega")
@limit_registrations
def submit_colleague(token: str) -> ResponseReturnValue:
    act_as(PUBLIC)
    invitation, form = invitation_by_token(token), ColleagueForm()
    if not form.validate():
        return _page(invitation, colleague=form), 422
    try:
        with transaction():
            answering.hand_on(invitation.id, form.guest(), now())
    except (answering.AnswersClosed, answering.ColleagueAnswers):
        return _too_late(token)
    except answering.NotToThem:
        words = _("Skriv en kollegas adress, inte din egen eller adressen till den som gav dig inbjudan.")
        form.colleague_email.errors = [words]
        return _page(invitation_by_token(token), colleague=form), 422
    flash(_("Tack. Din kollega får en egen inbjudan med e-post, om hen inte redan har en."), "good")
    return _back(token)
