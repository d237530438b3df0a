"""Doors for workers: what the clock has found due about newsletters."""

from __future__ import annotations


def ring_due() -> None:
    """Ring for everything about newsletters that is due. Called by the tick."""
