"""The pages on which surveys are answered, gathered: each group of pages has a file in surveys/public/."""

from __future__ import annotations

from types import ModuleType

from eventsys.surveys.public import answering, open
from eventsys.surveys.public.doors import doors

PAGES: tuple[ModuleType, ...] = (
    answering,
    open,
)

__all__ = ["PAGES", "doors"]
