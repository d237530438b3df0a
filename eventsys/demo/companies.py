"""The companies of the demonstration: invented, with numbers of a series that Bolagsverket does not give out."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from stdnum import luhn

from eventsys.names import slug

# Limited companies get 556 and 559. These begin with 553, so no real company is met by accident.
_SERIES = 553

_LIMITED = (
    "Fiktiva Fönster", "Låtsaslogistik", "Påhittad Plåt", "Tänkta Transporter", "Molntofflan Design",
    "Trådrulle & Törn", "Exempelväveriet", "Knappast Konsult", "Garnhärvan på låtsas", "Sagosömmar i Varpköping",
    "Drömda Dörrar", "Kanske Kakel", "Ullgubben och Mangeln", "Nästan Nya Möbler", "Spolstadens Påhitt",
    "Varp & Inslag Exempel", "Påhittad Programvara", "Truckar utan hjul", "Luftslott och Lokaler",
    "Sjuttio Sorters Bröd", "Månsken på burk", "Vykort & Vilja", "Skuggspel Exempelreklam", "Ingenmans Åkdon",
    "Blåklintsbemanning på låtsas", "Hittepå Hydraulik", "Runt Hörnet Redovisning Exempel", "Sländans Fiktiva Verkstad",
    "Tio Fingrars Robotik", "Snöflingor & Söner", "Halva Kungarikets Bygge", "Fantasifoder i Varpköping",
    "Nyckelpigans Låtsaslarm",
    "Regnbågens Påhittade Färgeri", "Tankestreck & Kommatecken", "Svävande Solrutor", "Ordlekens Exempelbyrå",
    "Pappersdrakens Kartong", "Glasbubblor och Linser", "Kometsvansens Elfiktion", "Vindflöjel & Väderkvarn",
)  # fmt: skip
# Small ones, so that the large arrangements can be full.
_OWNERS = (
    "Varpens", "Inslagets", "Skyttelns", "Spolens", "Garnets", "Trådens", "Vävens", "Nystanets", "Mangelns", "Knutens",
)  # fmt: skip
_TRADES = ("Rör", "El", "Måleri", "Bokföring", "Tryckeri", "Städ", "Åkeri", "Arkitekter")
_SOLE_TRADERS = ("Näppeligen Foto", "Sagans Snickarbod", "Tänkt Trädgård")
_ASSOCIATIONS = (
    "Företagarföreningen Exempelby", "Handelsföreningen Låtsasgatan", "Fastighetsvännerna Fiktiva Kvarteret",
    "Nätverket Påhittade Företagare",
)  # fmt: skip


@dataclass(frozen=True)
class DemoCompany:
    """What its people write in the form. `number` is ten digits, None for sole traders and associations."""

    name: str
    domain: str
    number: str | None = None
    sole_trader: bool = False


def companies() -> tuple[DemoCompany, ...]:
    """All of them, always in the same order."""
    small = (f"{owner} {trade} Exempel" for owner, trade in itertools.product(_OWNERS, _TRADES))
    names = enumerate((*_LIMITED, *small))
    limited = (DemoCompany(f"{name} AB", _domain(name), _number(at)) for at, name in names)
    sole = (DemoCompany(name, _domain(name), sole_trader=True) for name in _SOLE_TRADERS)
    return (*limited, *sole, *associations())


def associations() -> tuple[DemoCompany, ...]:
    """The associations of business owners."""
    return tuple(DemoCompany(name, _domain(name)) for name in _ASSOCIATIONS)


def _domain(name: str) -> str:
    return f"{slug(name)}.example"


def _number(at: int) -> str:
    digits = f"{_SERIES}{210 + at}{(100 + 17 * at) % 1000:03d}"
    return f"{digits}{luhn.calc_check_digit(digits)}"
