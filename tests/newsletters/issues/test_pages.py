"""The pages: plan a year, write, place, order, look, check and approve, without JavaScript."""

from __future__ import annotations

from flask import Flask

from tests.newsletters.issues.scenes import make_article, make_issue
from tests.staff_fixtures import Visitor

HOME = "/personal/nyhetsbrev"


def test_every_page_opens(app: Flask, staff: Visitor) -> None:
    issue = make_issue(articles=3)
    idea = make_article()
    first = issue.id
    for path in (
        "", "?ar=2027", "?ar=2031", "?ar=x", "/ideer", f"/ideer/{idea.id}", f"/nummer/{first}",
        f"/nummer/{first}/dagar",
        f"/nummer/{first}/forhandsvisning", f"/nummer/{first}/forhandsvisning?som=text", f"/nummer/{first}/kontroll",
        f"/nummer/{first}/brev", f"/nummer/{first}/brev?som=mork", "/exempel", f"/artiklar/{idea.id}/ta-bort",
        f"/nummer/{first}/forhandsvisning?som=mork", f"/nummer/{first}/forhandsvisning?som=telefon",
    ):  # fmt: skip
        assert staff.get(HOME + path).status_code == 200, path
