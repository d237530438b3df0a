"""Doors: the archive of Företagsamt, one issue as a web page, and the feed of new ones. Nothing here is for one reader.

What an issue says is Swedish in both languages of the site; only the frame around it is English under /en.
"""

from __future__ import annotations

from itertools import groupby

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.newsletters.addresses import sign_up_path
from eventsys.newsletters.archive.queries import neighbours, published_issue, published_issues
from eventsys.newsletters.archive.showing import issue_view, listed
from eventsys.newsletters.public.doors import doors
from eventsys.pages import kept_for_a_moment

IN_FEED = 12
BIGGEST = 2**31 - 1


@doors.get("/foretagsamt")
@kept_for_a_moment
def show_archive() -> ResponseReturnValue:
    """All issues that have come out, by year, newest first, each with what it is about."""
    years = [(year, list(issues)) for year, issues in groupby(listed(published_issues()), key=lambda issue: issue.year)]
    return render_template("newsletters/archive.html", years=years, sign_up=sign_up_path())


@doors.get(f"/foretagsamt/<int(max={BIGGEST}):year>/<int(max={BIGGEST}):number>")
@kept_for_a_moment
def show_issue(year: int, number: int) -> ResponseReturnValue:
    issue = published_issue(year, number)
    before, after = neighbours(issue)
    return render_template(
        "newsletters/issue.html", view=issue_view(issue), before=before, after=after, sign_up=sign_up_path()
    )


@doors.get("/foretagsamt.atom")
@kept_for_a_moment
def show_archive_feed() -> ResponseReturnValue:
    issues = listed(published_issues(IN_FEED))
    changed = max((issue.published_at for issue in issues), default=now())
    feed = render_template("newsletters/feed.atom", issues=issues, changed=changed)
    return Response(feed, mimetype="application/atom+xml")
