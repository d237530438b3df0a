"""The register as colleagues use it in the demonstration: tags, contacts, visits, notes, doubles, associations."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from eventsys.clock import from_local, local
from eventsys.companies.models import (
    Company,
    CompanyKind,
    CompanySni,
    CompanyTag,
    Contact,
    Merge,
    Note,
    Origin,
    Postcode,
    Tag,
    Visit,
    VisitForm,
)
from eventsys.database import db
from eventsys.demo import register_texts as texts
from eventsys.demo.cast import FIRST_NAMES, LAST_NAMES
from eventsys.demo.companies import DemoCompany, associations
from eventsys.demo.days import is_suitable
from eventsys.demo.register import address, codes_of, postcodes
from eventsys.folding import fold
from eventsys.names import slug
from eventsys.staff.models import Account

LAST_YEAR, A_YEAR = 150, 121
"""Visits last year, and at the pace of this year; the goal is 150."""
DOUBLES = ("", " i Borås", " Aktiebolag")
_DAY = timedelta(days=1)


class Visiting:
    """Fills in what is known about companies that come to events; everything at once, at its time."""

    def __init__(self, at: datetime, luck: random.Random, organiser: Account) -> None:
        self.at, self.luck, self.organiser = at, luck, organiser
        self.today = local(at).date()

    def fill(self) -> None:
        """Flushes, does not commit."""
        db.session.execute(insert(Postcode), [{"digits": digits, "place": place} for digits, place in postcodes()])
        known = db.session.execute(
            select(Company.id, Company.name, Company.number).where(Company.legal_form == "").order_by(Company.number)
        ).all()
        self._describe(known)
        self._tag([one.id for one in known])
        self._add_contacts(known[:40])
        gathered = self._add_associations()
        self._visit([one.id for one in known], gathered)
        self._note([one.id for one in known])
        self._double(known)
        db.session.flush()

    def _describe(self, known: Sequence[Any]) -> None:
        """Companies that came by a registration get what Bolagsverket says about them."""
        rows = [
            {
                "id": one.id, "legal_form": "Aktiebolag", "employees": self.luck.choice((None, 1, 3, 8, 20, 60)),
                "registered_on": self.today - self.luck.randint(700, 9000) * _DAY, **address(self.luck),
            }
            for one in known
        ]  # fmt: skip
        db.session.execute(update(Company), rows)
        codes = [code for one in known for code in codes_of(one.id, one.name, self.luck)]
        db.session.execute(insert(CompanySni), codes)

    def _tag(self, companies: Sequence[int]) -> None:
        began = self.at - 300 * _DAY
        tags = [Tag(name=name, key=fold(name), created_at=began) for name in texts.CLUSTERS]
        db.session.add_all(tags)
        db.session.flush()
        by_trade = {"13": tags[0].id, "49": tags[1].id, "47": tags[3].id}
        of_trades = db.session.execute(select(CompanySni.company_id, CompanySni.code).order_by(CompanySni.company_id))
        wanted = {(one.company_id, by_trade[one.code[:2]]) for one in of_trades if one.code[:2] in by_trade}
        wanted |= {(company_id, self.luck.choice(tags).id) for company_id in companies}
        rows = [{"company_id": company_id, "tag_id": tag_id} for company_id, tag_id in sorted(wanted)]
        db.session.execute(insert(CompanyTag), rows)

    def _add_contacts(self, known: Sequence[Any]) -> None:
        rows = [self._contact(one, n) for n, one in enumerate(known)]
        db.session.execute(insert(Contact), rows)

    def _contact(self, company: Any, number: int) -> dict[str, Any]:
        name = f"{self.luck.choice(FIRST_NAMES)} {self.luck.choice(LAST_NAMES)}"
        domain = f"{slug(company.name)}.example"
        email = f"{slug(name).replace('-', '.')}@{domain}"
        last = f"{605 + number:04d}"
        return {
            "company_id": company.id, "name": name, "role": self.luck.choice(texts.ROLES), "email": email,
            "email_key": email, "phone": f"070-174 {last[:2]} {last[2:]}", "phone_e164": f"+4670174{last}",
            "created_at": self.at - 200 * _DAY, "attached_at": self.at,
        }  # fmt: skip

    def _add_associations(self) -> list[int]:
        began = self.at - 390 * _DAY
        rows = [self._association(one) for one in associations()]
        db.session.add_all(rows)
        db.session.flush()
        db.session.add_all(
            Contact(
                company_id=row.id, name="Styrelsen", email=f"styrelsen@{one.domain}",
                email_key=f"styrelsen@{one.domain}", created_at=began, attached_at=self.at,
            )
            for row, one in zip(rows, associations(), strict=True)
        )  # fmt: skip
        return [row.id for row in rows]

    def _association(self, one: DemoCompany) -> Company:
        return Company(
            name=one.name, kind=CompanyKind.ASSOCIATION, origin=Origin.HAND, legal_form="Ideell förening",
            created_at=self.at - 390 * _DAY, **address(self.luck),
        )  # fmt: skip

    # --- visits and notes

    def _visit(self, companies: Sequence[int], gathered: Sequence[int]) -> None:
        first = date(self.today.year, 1, 1)
        gone = (self.today - first).days
        earlier = self._days(date(self.today.year - 1, 1, 1), first - _DAY, LAST_YEAR)
        days = [*earlier, *self._days(first, self.today - _DAY, round(A_YEAR * gone / 365))]
        rows = [self._one_visit(self.luck.choice(companies), day) for day in days]
        informed = self._days(max(first, self.today - 200 * _DAY), self.today - _DAY, len(gathered) - 1)
        rows += [self._information(one, day) for one, day in zip(gathered, informed, strict=False)]
        db.session.execute(insert(Visit), rows)

    def _days(self, first: date, last: date, number: int) -> list[date]:
        """So many days between these on which somebody would visit, in their order; none when there are none."""
        several = [first + n * _DAY for n in range((last - first).days + 1)]
        fit = [day for day in several if is_suitable(day)]
        return sorted(self.luck.choices(fit, k=number)) if fit else []

    def _one_visit(self, company_id: int, day: date) -> dict[str, Any]:
        follows = self.luck.random() < 0.3
        due = day + self.luck.randint(10, 60) * _DAY if follows else None
        done = due is not None and (self.today - day).days > 25
        return {
            **self._plain_visit(company_id, day),
            "form": self.luck.choices((VisitForm.ON_SITE, VisitForm.DIGITAL), (4, 1))[0],
            "met": self.luck.choice(texts.MET), "text": self.luck.choice(texts.TOLD),
            "themes": "\n".join(self.luck.sample(texts.THEMES, self.luck.randint(1, 3))),
            "follow_up": self.luck.choice(texts.FOLLOW_UPS) if follows else "", "follow_up_on": due,
            "followed_up_at": self._evening(min(due, self.today - _DAY)) if due and done and company_id % 7 else None,
        }  # fmt: skip

    def _information(self, company_id: int, day: date) -> dict[str, Any]:
        return {**self._plain_visit(company_id, day), "form": VisitForm.INFORMATION, "text": texts.INFORMED}

    def _plain_visit(self, company_id: int, day: date) -> dict[str, Any]:
        who = self.luck.choice(texts.WHO)
        return {
            "company_id": company_id, "visited_on": day, "who": who, "added_by": who.partition(" och ")[0], "met": "",
            "themes": "", "follow_up": "", "follow_up_on": None, "followed_up_at": None,
            "created_at": self._evening(day),
        }  # fmt: skip

    def _evening(self, day: date) -> datetime:
        return from_local(datetime.combine(day, time(16, 30)))

    def _note(self, companies: Sequence[int]) -> None:
        rows = [
            {
                "company_id": self.luck.choice(companies), "text": self.luck.choice(texts.NOTES),
                "author": self.organiser.name, "author_id": self.organiser.id,
                "created_at": self.at - self.luck.uniform(3, 330) * _DAY,
            }
            for _ in range(60)
        ]  # fmt: skip
        db.session.execute(insert(Note), rows)

    # --- the same company twice

    def _double(self, known: Sequence[Any]) -> None:
        """Three that somebody wrote down once more, and one that has been merged."""
        kept = [db.session.get_one(Company, one.id) for one in known[:4]]
        written = [self._twin(one, DOUBLES[n % 3]) for n, one in enumerate(kept)]
        db.session.add_all(written)
        db.session.flush()
        self._merge(kept[3], written[3])

    def _twin(self, company: Company, ending: str) -> Company:
        return Company(
            name=f"{company.name.removesuffix(' AB')}{ending}", origin=Origin.OWN_LIST, street=company.street,
            postcode=company.postcode, place=company.place, created_at=self.at - 150 * _DAY,
        )  # fmt: skip

    def _merge(self, kept: Company, merged: Company) -> None:
        at = self.at - 60 * _DAY
        before = {"kept": _facts(kept), "merged": _facts(merged), "filled": {}}
        merged.merged_into_id, merged.archived_at = kept.id, at
        merged.archived_why = f"Ihopslaget med {kept.name}"
        db.session.add(
            Merge(kept_id=kept.id, merged_id=merged.id, before=before, moved={}, by=self.organiser.actor, at=at)
        )


def _facts(company: Company) -> dict[str, Any]:
    values = {column.name: getattr(company, column.name) for column in Company.__table__.columns}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
