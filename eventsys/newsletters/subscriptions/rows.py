"""Readers as rows of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from eventsys.clock import local
from eventsys.newsletters.lists import list_names
from eventsys.newsletters.subscriptions.models import Reader, SubscriptionState
from eventsys.newsletters.subscriptions.queries import lists_of
from eventsys.newsletters.words import WAYS
from eventsys.sheets import Cell

COLUMNS = ("E-post", "Namn", "Företag", "Brev", "Kom genom", "Sedan")


def reader_rows(readers: Iterable[Reader]) -> Iterator[tuple[Cell, ...]]:
    """A row of COLUMNS for each reader."""
    found = list(readers)
    names = list_names({key for reader in found for key in lists_of(reader)})
    for reader in found:
        ways = {WAYS[one.way] for one in reader.subscriptions if one.state is SubscriptionState.ACTIVE}
        has = ", ".join(names[key] for key in lists_of(reader) if key in names)
        yield (
            reader.address, reader.name, reader.organisation, has, ", ".join(sorted(ways)),
            local(reader.added_at).date(),
        )  # fmt: skip
