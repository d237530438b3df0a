"""Doors for the public: how we handle personal data, and how accessible the site is."""

from __future__ import annotations

from flask import current_app, render_template

from eventsys.privacy.public.doors import doors
from eventsys.privacy.statements import ACCESSIBILITY, PRIVACY


@doors.get("/personuppgifter")
def show_privacy() -> str:
    """What we keep about people, why, on what basis, how long, and what they can ask of us (GDPR art. 13 and 14)."""
    return render_template("privacy/privacy.html", statement=PRIVACY, slices=frozenset(current_app.blueprints))


@doors.get("/tillganglighet")
def show_accessibility() -> str:
    """The accessibility statement, with every part that Digg demands (lagen 2018:1937, MDFFS 2019:2)."""
    return render_template("privacy/accessibility.html", statement=ACCESSIBILITY)
