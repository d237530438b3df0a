"""A statement as a page: its parts as HTML, with the facts that the system puts in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup, escape

from eventsys.identity import identity
from eventsys.retention import intervals_in_force
from eventsys.simpletext import as_html
from eventsys.statements import PARTS, Version


@dataclass(frozen=True)
class ShownPart:
    """A part as it is read: the place it can be linked to, its heading (or none), and its text as HTML."""

    key: str
    heading: str
    html: Markup


def shown_parts(version: Version) -> list[ShownPart]:
    """The parts that say something, in their order."""
    facts = facts_of(version)
    return [
        ShownPart(part.key, part.heading(version.lang), as_html(version.parts[part.key], facts))
        for part in PARTS[version.kind]
        if version.parts.get(part.key, "").strip()
    ]


def facts_of(version: Version) -> Mapping[str, Markup]:
    """What is true now, as HTML: who we are and how to reach us, how long things are kept, which version this is."""
    return {
        "organisation": _swedish(identity().organisation, version.lang),
        "namn": _swedish(identity().name, version.lang),
        "kontakt": Markup(render_template("privacy/_contact.html", lang=version.lang)),  # noqa: S704 - escaped there
        "gallring": _intervals(version.lang),
        "bedömd": escape(version.assessed_on),
        "ändrad": escape(version.changed_on),
        "version": escape(version.label),
    }


def _swedish(name: str, lang: str) -> Markup:
    """A name of our own, marked as Swedish on a page that is not."""
    return escape(name) if lang == "sv" else Markup('<span lang="sv">{}</span>').format(name)


def _intervals(lang: str) -> Markup:
    points = (Markup("<li><strong>{}:</strong> {}</li>").format(*one) for one in intervals_in_force(lang))
    return Markup("<ul>{}</ul>").format(Markup().join(points))
