"""The pages on which surveys are answered, gathered: each group of pages has a file in surveys/public/."""

from __future__ import annotations

from types import ModuleType

from eventsys.surveys.public.doors import doors

PAGES: tuple[ModuleType, ...] = ()

__all__ = ["PAGES", "doors"]
