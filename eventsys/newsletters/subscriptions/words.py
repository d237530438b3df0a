"""The words that people agree to, every version of them. A consent keeps its version, so none is ever taken away.

Whoever changes the words adds a version and makes it CURRENT.
"""

from __future__ import annotations

CURRENT = "2026-11"

CONSENTS: dict[str, dict[str, str]] = {
    "2026-11": {
        "sv": (
            "Vi sparar din e-postadress, och namn och företag om du skriver dem, för att skicka de brev du har valt. "
            "Grunden är ditt samtycke. Du tar tillbaka det när du vill med länken i varje brev, lika enkelt som du gav "
            "det. Vi ser inte om du öppnar ett brev eller trycker på en länk."
        ),
        "en": (
            "We keep your email address, and your name and company if you give them, to send the letters you chose. "
            "The basis is your consent. You withdraw it whenever you like by the link in every letter, as easily as "
            "you gave it. We cannot see whether you open a letter or follow a link."
        ),
    },
}


def consent_text(version: str, lang: str) -> str:
    """What somebody agreed to, or is about to, in their language; the words of today where no version is known."""
    return CONSENTS.get(version, CONSENTS[CURRENT])[lang]
