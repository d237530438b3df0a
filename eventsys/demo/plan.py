"""What happens in the demonstration, and how far from today: every arrangement of the office, in every phase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eventsys.demo.days import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY


@dataclass(frozen=True)
class Planned:
    """One event. Distances are in days from today (`days` from then on the first suitable day of the week)."""

    series: str
    text: str
    days: int
    weekday: int
    clock: str
    minutes: int
    people: int = 0
    published_before: int = 35  # days before the event, for those that have been
    open_since: int = 0  # days ago, for those to come
    capacity: int = 0  # 0: the series' own
    leave: int = 0  # how many of those who booked leave again
    opens_in: int = 0  # registration opens in so many days
    closed_since: int = 0  # registration closed so many days ago
    cancelled_since: int = 0
    moved_since: int = 0  # got another room so many days ago
    offered_now: bool = False  # a seat came free within the last hour
    draft: bool = False
    posters: int = 0
    written_to: bool = False  # staff wrote to everybody the day before
    programme: str = ""  # slots and sessions, see programmes.py
    parts: int = 1  # dates of a course, two weeks between them
    invited: int = 0  # so many are asked, by personal links; `people` of them say yes
    hands_out: bool = False  # material afterwards
    points: int = 0  # so many things to bring up

    @property
    def has_been(self) -> bool:
        return self.days < 0


def _lunch(text: str, days: int, **more: Any) -> Planned:
    return Planned("lunch", text, days, FRIDAY, "11.30", 90, **more)


PLAN: tuple[Planned, ...] = (
    _lunch("lunch_recruit", -12, people=46, capacity=44, leave=5, posters=3, written_to=True),
    _lunch("lunch_energy", -40, people=38, leave=3, posters=2),
    _lunch("lunch_export", -70, people=41, leave=2),
    _lunch("lunch_circular", -105, people=33, leave=2),
    _lunch("lunch_ai", -140, people=44, leave=4),
    _lunch("lunch_grow", 9, people=46, open_since=24, leave=1, posters=4, points=4),
    _lunch("lunch_robot", 30, people=53, capacity=40, open_since=16, leave=2, offered_now=True, posters=2),
    _lunch("lunch_security", 58, opens_in=12, open_since=3),
    _lunch("lunch_heirs", 86, draft=True, open_since=2),
    Planned("business_day", "day_last", -290, THURSDAY, "09.00", 360, 136, published_before=80, leave=6, posters=3),
    Planned(
        "business_day", "day_next", 65, THURSDAY, "09.00", 360, people=400, capacity=420, open_since=33, leave=6,
        posters=4, programme="business_day", points=2,
    ),
    Planned("tender_school", "tender_first", -33, WEDNESDAY, "08.30", 210, people=18, leave=1),
    Planned(
        "tender_school", "tender_second", 24, WEDNESDAY, "08.30", 210, people=13, open_since=19,
        programme="tender_school", parts=3,
    ),
    Planned("procurement", "procurement_year", 38, TUESDAY, "13.00", 150, people=36, open_since=21, posters=1),
    Planned(
        "update", "update_last", -120, MONDAY, "15.00", 120, people=29, published_before=50, invited=40, hands_out=True,
    ),
    Planned("update", "update_next", 45, MONDAY, "15.00", 120, people=17, open_since=10, invited=40),
    Planned("welcome", "welcome_last", -95, TUESDAY, "17.00", 120, people=22),
    Planned("welcome", "welcome_next", 75, TUESDAY, "17.00", 120, opens_in=20, open_since=1),
    Planned("associations", "associations_last", -85, THURSDAY, "17.30", 120, people=9),
    Planned("associations", "associations_next", 27, THURSDAY, "17.30", 120, draft=True, open_since=5),
    Planned("property", "property_day", 50, WEDNESDAY, "13.00", 240, 54, open_since=26, moved_since=4, posters=2),
    Planned("breakfast", "breakfast_skills", 3, TUESDAY, "07.30", 75, people=27, open_since=28, closed_since=1),
    Planned("breakfast", "breakfast_traffic", 16, WEDNESDAY, "07.30", 75, people=11, open_since=15, cancelled_since=2),
    Planned("workshop", "workshop_service", -55, TUESDAY, "08.30", 210, people=17, leave=1),
    Planned("workshop", "hackathon", 80, THURSDAY, "09.00", 1620, people=14, open_since=12),
)  # fmt: skip

# Series whose guests staff add by hand.
BY_HAND = ("associations",)

# Late bookings at one event (hours ago, domain of the address) whose letters met trouble, see letters.py.
TROUBLED_AT = "day_next"
TROUBLED = (
    (121, "stavfel.example"), (73, "flyttat.example"), (50, "stavfel.example"), (27, "glappkontakt.example"),
    (15, "fullbrevlada.example"),
)  # fmt: skip
