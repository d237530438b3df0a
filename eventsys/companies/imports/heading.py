"""The first line of a bulk file: which field stands where."""

from __future__ import annotations

from collections.abc import Sequence

from eventsys.tabular import PoorFile


def places(heading: Sequence[bytes], needed: Sequence[str]) -> dict[str, int]:
    """Name of each needed field -> where it stands. Raises PoorFile that names those that are missing."""
    found = {name.decode("latin-1").strip(): place for place, name in enumerate(heading)}
    missing = [name for name in needed if name not in found]
    if missing:
        raise PoorFile(
            f"Filen saknar {'kolumnen' if len(missing) == 1 else 'kolumnerna'} {', '.join(missing)}. "
            "Hämta filen igen och ändra inget i den."
        )
    return {name: found[name] for name in needed}
