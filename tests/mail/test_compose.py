"""Composing: styles inline, values spliced, nothing escaped twice or not at all."""

from __future__ import annotations

import html
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import lxml.html
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import ChoiceLoader, DictLoader, UndefinedError

from eventsys.mail import compose as composing
from eventsys.mail.compose import Finished, compose

AWKWARD = "Å & <b>ä</b> \"ö\" 'x' @@0@@ {{ y }} %s 🎈\nnästa rad"
TEMPLATES = {
    "letter/subject.txt": "{{ title }} {{ at|moment }}\n",
    "letter/body.txt": """{% extends "_base/layout.txt" %}
{% block title %}{{ title }}{% endblock %}
{% block content %}Hej {{ name }}.

{{ part.facts([("När", at|moment), ("Saknas", "")]) }}{{ part.button(url, "Visa") }}{% endblock %}
{% block why %}Därför.{% endblock %}""",
    "letter/body.html": """{% extends "_base/layout.html" %}
{% block title %}{{ title }}{% endblock %}
{% block content %}<p id="name">{{ name }}</p>
{% if company %}<p id="company">{{ company.name }}</p>{% endif %}
<p id="number">{{ count|number }}</p><p id="text">{{ _("Hej %(who)s", who=name) }}</p>
{% for person in people %}<p class="person">{{ loop.index }} {{ person }}</p>{% endfor %}
{{ part.facts([("När", at|moment), ("Saknas", none)]) }}
{{ part.button(url, "Visa biljetten") }}
{% call part.notice("warn") %}{{ name }} <em>ser</em> detta{% endcall %}
{{ words|paragraphs }}{{ ready }}
{% endblock %}
{% block why %}Du får brevet för {{ title }}.{% endblock %}""",
    "missing/subject.txt": "x",
    "missing/body.txt": "x",
    "missing/body.html": "<p>{{ nobody }}</p>",
}


def values(**given: object) -> dict[str, object]:
    return {
        "title": "Fredagslunch",
        "name": "Åsa",
        "at": datetime(2027, 3, 5, 10, 30, tzinfo=UTC),
        "company": {"name": "Väv AB"},
        "count": 8500,
        "people": ["Bo", "Li"],
        "url": "https://event.example.se/bokning/x?a=1&b=2",
        "words": "ett\n\ntvå\ntre",
        "ready": Finished("<hr>"),
        **given,
    }


@pytest.fixture(autouse=True)
def letters(app) -> Iterator[None]:
    for environment in (composing._texts(), composing._pages()):
        environment.loader = ChoiceLoader([environment.loader, DictLoader(TEMPLATES)])
    yield
    for environment in (composing._texts(), composing._pages()):
        environment.loader = environment.loader.loaders[0]
        environment.cache.clear()


def element(page: str, of_id: str) -> str:
    [found] = lxml.html.fromstring(page).xpath(f'//*[@id="{of_id}"]')
    return str(found.text_content())


def test_a_letter_has_subject_text_and_html_in_its_language() -> None:
    email = compose("letter", "sv", values())
    assert email.subject == "Fredagslunch fredag 5 mars 2027 kl. 11.30"
    assert "När: fredag 5 mars 2027 kl. 11.30\n" in email.text
    assert "Saknas" not in email.text + email.html
    assert '<html lang="sv"' in email.html
    assert element(email.html, "number") == "8\xa0500"
    english = compose("letter", "en", values())
    assert english.subject == "Fredagslunch Friday 5 March 2027 at 11:30"
    assert '<html lang="en"' in english.html


def test_styles_stand_inline_and_those_for_dark_and_phones_stay() -> None:
    page = compose("letter", "sv", values()).html
    [button] = lxml.html.fromstring(page).xpath('//a[@class="button-link"]')
    assert "padding:13px 24px" in button.get("style")
    assert button.get("href") == "https://event.example.se/bokning/x?a=1&b=2"
    assert "@media (prefers-color-scheme: dark)" in page
    assert "width: 100% !important" in page
    assert page.count("<style") == 1
    assert "var(--" not in page
    assert "border-left-color:#7a5100" in page


def test_awkward_values_arrive_as_they_were_written() -> None:
    email = compose("letter", "sv", values(name=AWKWARD, title=AWKWARD, people=[AWKWARD]))
    assert element(email.html, "name") == AWKWARD
    assert element(email.html, "text") == f"Hej {AWKWARD}"
    assert "<b>ä</b>" not in email.html
    assert "\n" not in email.subject
    assert f"Hej {AWKWARD}" in email.text


def test_conditions_and_loops_see_the_real_values() -> None:
    page = compose("letter", "sv", values(company=None, people=[])).html
    assert 'id="company"' not in page
    assert 'class="person"' not in page
    page = compose("letter", "sv", values(people=["a", "b", "c"])).html
    assert [each.text_content() for each in lxml.html.fromstring(page).xpath('//p[@class="person"]')] == [
        "1 a",
        "2 b",
        "3 c",
    ]


def test_text_becomes_paragraphs_and_finished_html_is_left_alone() -> None:
    page = compose("letter", "sv", values(words="ett <i>\n\ntvå\ntre", ready=Finished("<hr class=x>"))).html
    assert "ett &lt;i&gt;</p>" in page
    assert "två<br>tre</p>" in page
    assert "<hr class=x>" in page


def test_a_name_that_the_context_lacks_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="nobody"):
        compose("missing", "sv", {})


def test_no_token_is_left_over_and_one_skeleton_serves_all_letters() -> None:
    composing._inlined.cache_clear()
    for number in range(20):
        page = compose("letter", "sv", values(name=f"Person {number}", title=f"Titel {number}")).html
        assert composing._MARK not in page
        assert page.count(f"Person {number}") == 3
    assert composing._inlined.cache_info().misses == 1


def test_a_letter_costs_little_once_its_skeleton_is_known() -> None:
    compose("letter", "sv", values())
    begin = time.process_time()
    for number in range(50):
        compose("letter", "sv", values(name=f"Person {number}"))
    assert (time.process_time() - begin) / 50 < 0.01


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=60))
def test_any_name_survives_the_splicing(name: str) -> None:
    page = compose("letter", "sv", values(name=name)).html
    begin = page.index('<p id="name"')
    inside = page[page.index(">", begin) + 1 : page.index("</p>", begin)]
    assert html.unescape(inside) == html.unescape(html.escape(name))
