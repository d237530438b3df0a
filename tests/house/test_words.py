"""Every text that visitors meet has its English, and nothing else lies in the catalogue."""

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from eventsys.i18n import _CATALOGUE as CATALOGUE
from eventsys.paths import EMAILS, PACKAGE, TEMPLATES

KEYWORDS = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2)}
JINJA = [("**.html", "jinja2"), ("**.txt", "jinja2"), ("**.atom", "jinja2")]


def texts_used() -> set[str]:
    found = set()
    for folder, methods in ((TEMPLATES, JINJA), (EMAILS, JINJA), (PACKAGE, [("**.py", "python")])):
        everywhere = {"keywords": KEYWORDS, "directory_filter": lambda _: True}  # Babel passes over emails/_base
        for _file, _line, text, *_ in extract_from_dir(folder, methods, **everywhere):
            found.add(text if isinstance(text, str) else text[0])
    return found


def catalogue():
    with CATALOGUE.open("rb") as file:
        return {(m.id if isinstance(m.id, str) else m.id[0]): m for m in read_po(file, locale="en") if m.id}


def test_every_text_has_its_english():
    missing = sorted(texts_used() - catalogue().keys())
    assert not missing


def test_no_translation_is_left_behind():
    left = sorted(catalogue().keys() - texts_used())
    assert not left


def test_translations_are_filled_in_with_the_same_placeholders():
    for message in catalogue().values():
        strings = [message.string] if isinstance(message.string, str) else message.string
        assert all(strings), message.id
        assert not list(message.check()), message.id
