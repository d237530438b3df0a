"""The programmes of the demonstration: workshops side by side, and a course of three dates."""
# ruff: noqa: E501  (prose, and a line a text)

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from eventsys.demo.days import moment
from eventsys.events.programme.arranging import add_slot
from eventsys.events.programme.queries import slots_of
from eventsys.events.queries import event_by_id

SHARE_WHO_CHOOSE = 0.88


@dataclass(frozen=True)
class Stretch:
    """A slot: its hours, and one session for everybody or several to choose between. `part` counts dates from 0."""

    begins: str
    ends: str
    sessions: tuple[dict[str, Any], ...]
    name: str = ""
    name_en: str = ""
    part: int = 0


def _all(begins: str, ends: str, title: str, title_en: str = "", part: int = 0, **more: str) -> Stretch:
    return Stretch(begins, ends, ({"title": title, "title_en": title_en, **more},), part=part)


def _shop(title: str, title_en: str, room: str, capacity: int, speakers: str, description: str) -> dict[str, Any]:
    return {
        "title": title, "title_en": title_en, "room": room, "capacity": capacity, "speakers": speakers,
        "description": description,
    }  # fmt: skip


HALL, SOLV, VARP, REED = "Stora salen", "Sal Solv", "Sal Varp", "Sal Vävsked"

PROGRAMMES: dict[str, tuple[Stretch, ...]] = {
    "business_day": (
        _all("09.00", "09.30", "Insläpp, kaffe och utställare", "Doors, coffee and exhibitors", room="Foajén"),
        _all("09.30", "10.15", "Tillsammans längre", "Further together", room=HALL, speakers="Zahra Sammetsberg, professor i samverkan\nMira Spolheim, moderator"),
        Stretch("10.30", "11.15", (
            _shop("Hitta rätt medarbetare", "Find the right people", HALL, 130, "Tove Knypplind, grundare av Molntofflan Design AB", "Så skriver du en annons som rätt person svarar på, och vad du gör när ingen gör det."),
            _shop("Cirkulära affärer i praktiken", "Circular business in practice", SOLV, 110, "Ingrid Linnevik, inköpschef", "Tre företag visar siffrorna: vad de sparade, vad det kostade och vad de skulle göra om."),
            _shop("AI för den lilla firman", "AI for the small firm", VARP, 95, "Emil Satinell, utvecklare", "Offerter, mejl och schema. Vi provar på plats, ta med egen dator om du vill."),
            _shop("Sälj till kommunen", "Sell to the municipality", REED, 60, "Rolf Mangelbo, upphandlare", "Så läser du ett förfrågningsunderlag på en kvart."),
        ), "Workshoppar 1", "Workshops 1"),
        _all("11.15", "12.15", "Lunch", "Lunch", room="Matsalen"),
        Stretch("12.15", "13.00", (
            _shop("Generationsskifte utan bråk", "Handing over without a quarrel", HALL, 130, "Kerstin Äpplespole, jurist", "Vad som brukar gå fel, och tre samtal att ha i tid."),
            _shop("Elen, effekten och räkningen", "Power, peaks and the bill", SOLV, 110, "Jonas Fållstrand, energirådgivare", "Räkna på din egen anläggning med oss."),
            _shop("Export för första gången", "Exporting for the first time", VARP, 95, "Leila Örngarn, exportrådgivare", "Norge, Danmark, Tyskland: var det är lättast att börja."),
            _shop("Säkra systemen på en eftermiddag", "Secure your systems in an afternoon", REED, 60, "Arash Kypertson, it-säkerhet", "Tio åtgärder som stoppar de flesta intrång."),
        ), "Workshoppar 2", "Workshops 2"),
        Stretch("13.15", "14.00", (
            _shop("Lokaler som räcker till", "Premises that are enough", HALL, 130, "Petra Brokadin, etablering", "Vad som byggs, och hur du säger vad du behöver."),
            _shop("Praktikanten som blev kvar", "The trainee who stayed", SOLV, 110, "Wilma Garnqvistin, rekryterare", "Så tar ni emot någon så att det blir en medarbetare."),
            _shop("Berätta om det ni gör", "Tell about what you do", VARP, 95, "Hugo Tygmarker, berättare", "En övning i att säga det på trettio sekunder."),
            _shop("Frågestund om tillstånd", "Ask about permits", REED, 60, "Britta Ullhammarin, tillståndsenheten", "Ta med dina frågor, vi tar med handläggarna."),
        ), "Workshoppar 3", "Workshops 3"),
        _all("14.15", "14.45", "Årets företagare och Årets unga företagare", "Entrepreneurs of the year", room=HALL),
        _all("14.45", "15.00", "Mingel och avslut", "Mingle and close", room="Foajén"),
    ),
    "tender_school": (
        _all("08.30", "12.00", "Del 1: hitta och läsa upphandlingen", "Part 1: find and read the tender", 0, speakers="Rolf Mangelbo, upphandlare"),
        _all("08.30", "12.00", "Del 2: skriva anbudet", "Part 2: write the tender", 1, speakers="Rolf Mangelbo, upphandlare"),
        _all("08.30", "12.00", "Del 3: efter tilldelningen", "Part 3: after the award", 2, speakers="Ellen Fransén-Vävare, avtalscontroller"),
    ),
}  # fmt: skip


def arrange(event_id: int, programme: str, dates: Sequence[date], at: datetime) -> None:
    """Give the event its slots and sessions; `dates` are the dates of its parts."""
    for stretch in PROGRAMMES[programme]:
        day = dates[stretch.part]
        values = {
            "name": stretch.name, "name_en": stretch.name_en, "has_choice": len(stretch.sessions) > 1,
            "starts_at": moment(day, stretch.begins), "ends_at": moment(day, stretch.ends),
        }  # fmt: skip
        add_slot(event_id, values, [dict(session) for session in stretch.sessions], at)


def wishes(event_id: int, luck: random.Random) -> dict[int, int | None]:
    """What one guest wants of the event's sessions; most choose something in every slot. Empty without choices."""
    choices = [slot for slot in slots_of(event_by_id(event_id)) if slot.has_choice]
    return {
        slot.id: luck.choices(slot.sessions, [5, 4, 4, 3])[0].id for slot in choices if luck.random() < SHARE_WHO_CHOOSE
    }
