"""The people of the demonstration. Their family names are made up, so that nobody living is meant."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eventsys.demo.companies import DemoCompany, companies
from eventsys.events.registration import Booker, Person
from eventsys.names import slug

PEOPLE_PER_COMPANY = 4

FIRST_NAMES = (
    "Karin", "Amir", "Märta", "Olle", "Elin", "Nils", "Leila", "Johan", "Åsa", "Petra", "Yusuf", "Hedda", "Viktor",
    "Mira", "Östen", "Sofia", "Goran", "Ida", "Tariq", "Britta", "Emil", "Nadja", "Rolf", "Fatima", "Kerstin", "Hugo",
    "Samira", "Lars", "Wilma", "Dawit", "Ingrid", "Milan", "Ellen", "Jonas", "Zahra", "Bengt", "Tove", "Arash",
)  # fmt: skip
LAST_NAMES = (
    "Varpgren", "Nålström", "Skyttelund", "Tygmarker", "Väveborn", "Fållstrand", "Knypplind", "Spolheim", "Garnqvistin",
    "Solvedal", "Ullhammarin", "Haddarin", "Kovalinski-Söm", "Okonjarin", "Petrovansson", "Al-Sadirin", "Trådmyr",
    "Mangelbo", "Linnevik", "Brokadin", "Åltråd", "Äpplespole", "Örngarn", "Sammetsberg", "Kypertson", "Satinell",
    "Fransén-Vävare", "Rosengångh",
)  # fmt: skip

# Numbers that Post- och telestyrelsen keeps for films and books: 070-174 06 05 to 070-174 06 99.
_FIRST_MOBILE, _MOBILES = 605, 95

DIETS = (
    "Vegetariskt", "Vegan", "Glutenfritt", "Laktosfritt", "Allergisk mot nötter", "Allergisk mot skaldjur",
    "Äter inte fläsk",
)  # fmt: skip


@dataclass(frozen=True)
class Guest:
    """A person of a company, with address and mobile number."""

    name: str
    email: str
    phone: str

    @property
    def phone_e164(self) -> str:
        return "+46" + self.phone[1:].replace("-", "").replace(" ", "")

    def as_booker(self) -> Booker:
        return Booker(self.name, self.email, self.email, self.phone, self.phone_e164)

    def as_person(self, diet: str = "", answers: dict[int, str] | None = None) -> Person:
        return Person(self.name, self.email, self.email, self.phone, self.phone_e164, diet, answers or {})


@dataclass(frozen=True)
class Party:
    """Some people of one company who come together; the first of them books."""

    company: DemoCompany
    people: tuple[Guest, ...]


class Cast:
    """Every company with its people. The same seed gives the same people."""

    def __init__(self, luck: random.Random) -> None:
        self._luck = luck
        self._names, self._phones = self._all_names(), _all_phones()
        self._people = {
            company: tuple(
                _guest(next(self._names), company.domain, next(self._phones)) for _ in range(PEOPLE_PER_COMPANY)
            )
            for company in companies()
        }

    def _all_names(self) -> Iterator[str]:
        names = [f"{first} {last}" for first, last in itertools.product(FIRST_NAMES, LAST_NAMES)]
        self._luck.shuffle(names)
        return iter(names)

    def parties(self, people: int, largest: int, among: Sequence[DemoCompany] = ()) -> list[Party]:
        """Parties of together exactly this many people, every company once; most come alone or two."""
        hosts = list(among or self._people)
        self._luck.shuffle(hosts)
        parties: list[Party] = []
        for company in hosts:
            size = min(self._luck.choices((1, 2, 3, 4), (45, 30, 15, 10))[0], largest, people)
            if not size:
                break
            parties.append(Party(company, self._people[company][:size]))
            people -= size
        return self._enlarged(parties, people, largest)

    def pairs(self, number: int) -> list[Party]:
        """Two people of so many companies: one who is asked, and a colleague."""
        hosts = [company for company in self._people if company.number]
        return [Party(company, self._people[company][:2]) for company in self._luck.sample(hosts, number)]

    def _enlarged(self, parties: list[Party], missing: int, largest: int) -> list[Party]:
        """When all companies come and people are still missing, parties grow."""
        grown = []
        for party in parties:
            more = min(missing, min(largest, PEOPLE_PER_COMPANY) - len(party.people))
            grown.append(Party(party.company, self._people[party.company][: len(party.people) + more]))
            missing -= more
        return grown

    def stranger(self, domain: str) -> Party:
        """One more person of some company, whose letters go to another domain."""
        company = self._luck.choice([company for company in self._people if company.number])
        return Party(company, (_guest(next(self._names), domain, next(self._phones)),))


def _all_phones() -> Iterator[str]:
    numbers = itertools.cycle(range(_FIRST_MOBILE, _FIRST_MOBILE + _MOBILES))
    return (f"070-174 0{number // 100} {number % 100:02d}" for number in numbers)


def _guest(name: str, domain: str, phone: str) -> Guest:
    return Guest(name, f"{slug(name).replace('-', '.')}@{domain}", phone)
