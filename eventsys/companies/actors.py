"""Doors for workers: what the clock has found due about companies."""

from __future__ import annotations


def ring_due() -> None:
    """Ring for everything about companies that is due. Called by the tick."""
