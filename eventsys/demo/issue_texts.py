"""What the issues of Företagsamt in the demonstration say. Invented companies, or what the office's plan says itself."""
# ruff: noqa: E501  (prose, and a line a text)

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """One article."""

    heading: str
    lead: str
    body: str


@dataclass(frozen=True)
class Number:
    """One issue: the line in the inbox, the line after it, and its articles."""

    subject: str
    preheader: str
    articles: tuple[Told, ...]


PAST = (
    Number(
        "Så hittar tre företag sina nya medarbetare",
        "Lärlingar, kvällskurser och en lunch som blev en anställning.",
        (
            Told(
                "Tre vägar till en ny kollega",
                "Att annonsera gav få svar. Då prövade de något annat.",
                "<p>Fiktiva Fönster AB tog emot fyra lärlingar från gymnasiet. <strong>Två av dem är kvar.</strong> Exempelväveriet AB höll kvällskurs i att laga vävstolar, och fick nio deltagare och en anställd.</p><p>Trådrulle &amp; Törn AB gick på en fredagslunch för att få äta i lugn och ro. Grannen vid bordet börjar i mars.</p><ul><li>Börja tidigare än du tror.</li><li>Låt den som söker träffa den som gör jobbet.</li><li>Säg vad du betalar.</li></ul>",
            ),
            Told(
                "Vi besöker 150 företag i år",
                "Vill du att vi kommer till dig? Hör av dig.",
                "<p>Varje vecka är vi ute hos företag i hela kommunen. Vi frågar vad som fungerar, vad som inte gör det och vad vi kan göra åt det. Det ni berättar blir teman på våra luncher.</p>",
            ),
            Told(
                "Så läser du en upphandling på tio minuter",
                "Börja bakifrån: kraven först, orden sedan.",
                "<p>Leta upp skallkraven och kryssa av dem ett i taget. Saknar du bara ett, fråga innan du ger upp: frågor och svar ligger öppet för alla som lämnar anbud.</p><p>På anbudsskolan går vi igenom ett riktigt underlag från början till slut.</p>",
            ),
        ),
    ),
    Number(
        "Elpriset, robotarna och vad de kostar",
        "Vad en robot gör hos ett företag med åtta anställda.",
        (
            Told(
                "Roboten som kom på prov",
                "Tio Fingrars Robotik AB lånade ut en robot i tre veckor. Ingen ville lämna tillbaka den.",
                "<p>Påhittad Plåt AB har åtta anställda och bockar plåt till kök. I våras fick en robot ta hand om det som gör ont i axlarna.</p><blockquote>Vi gör lika mycket som förut, men ingen går hem med värk.</blockquote><p>Den kostar ungefär som en begagnad skåpbil. Den hyrs per månad.</p>",
            ),
            Told(
                "Det du kan göra åt elen redan i dag",
                "Tre saker som inte kostar något.",
                "<ol><li>Se när på dygnet ni drar mest.</li><li>Stäng av det som står på i onödan.</li><li>Flytta det som går att flytta.</li></ol><p>På en frukost i Viared berättade tre företag hur de gjorde. Materialet finns på evenemangets sida.</p>",
            ),
            Told(
                "Näringslivsdagen: anmälan är öppen",
                "Parallella pass, priser och lunch i Vävarhallen.",
                "<p>Dagen ordnas tillsammans med Borås Näringsliv. Passen har egna platser, så välj när du anmäler dig. Årets företagare och Årets unga företagare delas ut efter lunch.</p>",
            ),
        ),
    ),
)
DRAFT = Number(
    "Nya lokaler, nya grannar och tre anbud att lämna",
    "Var det byggs, vem som flyttar in och vad kommunen köper i vår.",
    (
        Told(
            "Kvarteret som fylls på nytt",
            "I det gamla färgeriet flyttar sex företag in före sommaren.",
            "<p>Luftslott och Lokaler AB har byggt om våningarna en i taget. Först på plats var Regnbågens Påhittade Färgeri AB, som nu har verkstad där farfar stod vid grytan.</p><p>Två lokaler är lediga. Båda har lastkaj.</p>",
        ),
        Told(
            "Sagt på lunchen",
            "Det här frågade ni om mest på höstens fredagsluncher.",
            "<p>Hur hittar jag folk? Vad händer med vägen? Vem ringer jag på kommunen? Vi samlar svaren här, och fler på vår sida.</p>",
        ),
    ),
)
PROCUREMENT = Told(
    "Måleri i skolor och förskolor",
    "Ramavtal i två år. Går att lämna anbud på en del.",
    "<p>Fem områden, ett anbud per område. Mindre företag kan lämna anbud på bara ett.</p>",
)
BUYER = "Koncerninköp, Borås Stad"
IDEAS = ("Porträtt: den som lagar vävstolar", "Vad gör en näringslivsutvecklare?", "Lärlingar, ett år senare")
COMMENTS = (
    (True, "Bra att det var kort. Mer om lärlingar gärna."),
    (True, "Tack, vi ringde samma dag."),
    (False, "Det här visste jag redan."),
    (True, "Kan ni skriva vad roboten heter?"),
    (True, ""), (True, ""), (True, ""), (True, ""), (True, ""), (True, ""), (True, ""), (False, ""), (True, ""),
    (True, ""), (False, ""), (True, ""),
)  # fmt: skip
