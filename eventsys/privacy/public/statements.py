"""Doors for the public: how we handle personal data, and how accessible the site is."""

from __future__ import annotations

from flask import render_template

from eventsys.i18n import language
from eventsys.privacy.public.doors import doors
from eventsys.privacy.statements.showing import shown_parts
from eventsys.statements import StatementKind, in_force


@doors.get("/personuppgifter")
def show_privacy() -> str:
    """What we keep about people, why, on what basis, how long, and what they can ask of us (GDPR art. 13 and 14)."""
    parts = shown_parts(in_force(StatementKind.PRIVACY, language()))
    return render_template("privacy/privacy.html", parts=parts)


@doors.get("/tillganglighet")
def show_accessibility() -> str:
    """The accessibility statement, with every part that Digg demands (lagen 2018:1937, MDFFS 2019:2)."""
    parts = shown_parts(in_force(StatementKind.ACCESSIBILITY, language()))
    return render_template("privacy/accessibility.html", parts=parts)
