"""Every figure the system takes by itself: its name, what it means, and how it is counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from eventsys.followup.figures import companies, events, letters, surveys
from eventsys.followup.figures.counted import Counted
from eventsys.followup.figures.sight import Sight

_NUMBERS = frozenset({"Kom", "Anmälda", "Evenemang i perioden", "NKI", "Räknade svar", "Inbjudna", "Svar"})


@dataclass(frozen=True)
class Figure:
    """A figure by its name, as goals and addresses say it."""

    name: str
    label: str
    unit: str
    definition: str
    """In Swedish, for whoever reads the figure."""
    columns: tuple[str, ...]
    """Of the page that shows what it was counted from."""
    count: Callable[[Sight, int | None], Counted]
    by_series: str = ""
    """What it is called in the head of a table where it is counted series by series; empty where it cannot be."""
    grows: bool = True
    """Whether it adds up over the year, so that half a year is held against half the target."""
    sums: str = "Summa"
    """What stands before the last line of its page."""

    @property
    def numeric(self) -> frozenset[str]:
        """The columns that hold numbers."""
        return frozenset(self.columns) & _NUMBERS


_ALL = (
    Figure(
        "prenumeranter", "Nya prenumeranter", "personer",
        "Personer som sade ja till ett av våra nyhetsbrev för första gången, räknade den dag de bekräftade. Den som "
        "importerats räknas inte, och den som lämnar och kommer tillbaka räknas inte en gång till.",
        letters.READER_COLUMNS, letters.new_readers,
    ),
    Figure(
        "nummer", "Nummer av Företagsamt", "nummer",
        "Nummer som har gått ut till sina mottagare, räknade den dag de först gick ut.",
        letters.ISSUE_COLUMNS, letters.issues_sent,
    ),
    Figure(
        "valkomstbrev", "Omgångar av välkomstbrev", "omgångar",
        "Omgångar av brev till nya företag som har skickats, räknade den dag de skickades.",
        letters.ROUND_COLUMNS, letters.rounds_sent,
    ),
    Figure(
        "evenemang", "Genomförda evenemang", "evenemang",
        "Publicerade evenemang som började i perioden och är över. Utkast och inställda räknas inte. En kurs med flera "
        "tillfällen är ett evenemang.",
        events.EVENT_COLUMNS, events.events_held, by_series="Evenemang",
    ),
    Figure(
        "deltagare", "Deltagare", "deltagare",
        "Alla som var på plats, även de som kom utan anmälan. Den som kom till två evenemang räknas två gånger. "
        "Evenemang där ingen har sagt vilka som kom är inte med.",
        events.PEOPLE_COLUMNS, events.people_reached, by_series="Deltagare",
    ),
    Figure(
        "foretag", "Unika företag", "företag",
        "Företag som minst en person kom från, räknade en gång hur många evenemang det än var. Föreningar och "
        "myndigheter räknas inte, och inte heller den som anmälde sig utan företag.",
        events.COMPANY_COLUMNS, events.unique_companies,
    ),
    Figure(
        "nya-foretag", "Företag som kom för första gången", "företag",
        "De av periodens unika företag som aldrig hade varit på ett av våra evenemang före perioden, så långt tillbaka "
        "som systemet minns.",
        events.COMPANY_COLUMNS, events.first_time_companies,
    ),
    Figure(
        "narvaro", "Andel som kom av de anmälda", "%",
        "De som hade en plats och kom, av alla som hade en plats när evenemanget började. De som kom utan anmälan är "
        "inte med, och inte heller evenemang där ingen har sagt vilka som kom.",
        events.SHARE_COLUMNS, events.show_up_rate, by_series="Kom", grows=False,
    ),
    Figure(
        "nki", "NKI efter evenemangen", "",
        "Nöjd-kund-index från 0 till 100 av de tre NKI-frågorna, för evenemang som började i perioden och vars enkät "
        "har stängt. Varje svar väger lika mycket. Felmarginal på 95 %. Ett evenemang med för få svar visas som * och "
        "är inte med i någon summa.",
        surveys.NKI_COLUMNS, surveys.nki, by_series="NKI", grows=False, sums="Tillsammans",
    ),
    Figure(
        "svar", "Svarsfrekvens på enkäter", "%",
        "Svar genom personliga länkar av alla som kom och fick enkäten, för evenemang som började i perioden. Enkäter "
        "som fortfarande är öppna är med.",
        surveys.RATE_COLUMNS, surveys.response_rate, by_series="Svarsfrekvens", grows=False,
    ),
    Figure(
        "besok", "Företagsbesök", "besök",
        "Inskrivna besök på plats och digitalt, räknade den dag de ägde rum. Flera besök hos samma företag räknas vart "
        "och ett. Information på annat sätt är inget besök.",
        companies.VISIT_COLUMNS, companies.visits,
    ),
    Figure(
        "foreningar", "Informerade företagarföreningar", "%",
        "De föreningar i registret som informerades i perioden: vid ett besök, på annat sätt, eller genom att någon "
        "därifrån kom till ett evenemang. Räknas av de föreningar som finns nu.",
        companies.ASSOCIATION_COLUMNS, companies.associations_informed,
    ),
)  # fmt: skip

FIGURES: dict[str, Figure] = {one.name: one for one in _ALL}
