"""The public pages, gathered: each group of pages has a file of its own in privacy/public/."""

from __future__ import annotations

from eventsys.privacy.public import requests, statements
from eventsys.privacy.public.doors import doors

PAGES = (requests, statements)

__all__ = ["PAGES", "doors"]
