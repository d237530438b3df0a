"""Doors for workers: what the clock has found due about surveys."""

from __future__ import annotations


def ring_due() -> None:
    """Ring for everything about surveys that is due. Called by the tick."""
