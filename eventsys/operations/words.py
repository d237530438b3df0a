"""What administrators read about how the system runs, in plain Swedish."""

from __future__ import annotations

from typing import NamedTuple

from eventsys.operations.models import Kind


class Words(NamedTuple):
    """What a trouble is called, and what to do about it."""

    title: str
    advice: str


TROUBLES = {
    Kind.CLOCK: Words(
        "Klockan står still",
        "Ingenting som ska ske av sig självt sker. Be den som sköter servern starta eventsys tick --loop, eller "
        "eventsys serve.",
    ),
    Kind.WORKERS: Words(
        "Ingen arbetare är igång",
        "Inga brev går och inga filer läses. Be den som sköter servern starta eventsys worker, eller eventsys serve.",
    ),
    Kind.LETTERS: Words(
        "Brev blir liggande",
        "Öppna Brev och se vad som står på dem som väntar. Är arbetarna igång behöver loggen läsas.",
    ),
    Kind.RELAY: Words(
        "Brevservern tar inte emot brev",
        "Breven väntar och försvinner inte. Är felet vårt, rätta inställningen och tryck på Försök igen på sidan Brev.",
    ),
    Kind.MAILINGS: Words(
        "Ett utskick står still",
        "Öppna Nyhetsbrev och se vad som hände. Låt utskicket fortsätta om det fortfarande ska skickas.",
    ),
    Kind.IMPORTS: Words(
        "En inläsning blir liggande",
        "Be den som sköter servern se efter att arbetarna är igång och når mappen med filer.",
    ),
    Kind.ERASING: Words(
        "En radering blir liggande",
        "Se på sidan Personuppgifter vad som väntar. Har det sista brevet till personen gått behöver loggen läsas.",
    ),
    Kind.RETENTION: Words(
        "Gallringen blir liggande",
        "Inget som skulle gallras är borta än. Be den som sköter servern läsa loggen.",
    ),
    Kind.DISK: Words(
        "Disken är nästan full",
        "Be den som sköter servern göra plats innan det tar slut. Utan plats kan inget sparas.",
    ),
}
LETTER_NAMES = {"operations/trouble": "Larm", "operations/trouble_over": "Larm som är över"}
