"""Which traffic light a figure suggests. A person decides; this is only where the form begins to think.

The figure is held against the target, or against the part of it that the year has come to where the figure adds up
over the year. Green is all of it; yellow at least 80 % (at most 125 % of what must not be passed); red what is less.
"""

from __future__ import annotations

from eventsys.followup.models import Direction, Light

YELLOW_FROM = 0.8


def suggested(
    value: float | None, target: float | None, direction: Direction, share_of_year: float = 1.0
) -> Light | None:
    """None where nothing can be said: without a figure or a target, or before the year has begun."""
    if value is None or target is None or share_of_year <= 0:
        return None
    wanted = target * share_of_year
    if direction is Direction.AT_MOST:
        return _light(value <= wanted, value * YELLOW_FROM <= wanted)
    return _light(value >= wanted, value >= wanted * YELLOW_FROM)


def _light(is_reached: bool, is_near: bool) -> Light:
    if is_reached:
        return Light.GREEN
    return Light.YELLOW if is_near else Light.RED
