"""The letters of the surveys by name, for the mail slice."""

from __future__ import annotations

from eventsys.mail.letters import Kind

LETTERS: dict[str, Kind] = {}
