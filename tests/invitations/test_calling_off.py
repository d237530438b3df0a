"""An event that is called off: those invited who have not answered are told too, once, and nobody else."""

from __future__ import annotations

from eventsys.clock import now
from eventsys.events.fates import letters_of_event
from eventsys.events.invitations.queries import silent_invited
from eventsys.events.models import Event
from tests.events.scenes import cancel_event, register_by_hand
from tests.factories import make_person, make_wish
from tests.invitations.scenes import closed_event, invited, make_guest, say_no, yes
from tests.staff_fixtures import see_anew

CALLED_OFF = "events/invitation_called_off"


def told(event: Event) -> list[str]:
    see_anew()
    return sorted(letter.name for letter in letters_of_event(event).letters if letter.letter == CALLED_OFF)


def test_only_those_who_have_not_answered_are_told_besides_those_who_come(app) -> None:
    event = closed_event()
    asa, bo, _eva, _nils = invited(event, "Åsa Ek", "Bo Alm", "Eva Sjö", "Nils Dahl")
    yes(asa)
    say_no(bo, "", now())
    nils_himself = make_person("Nils Dahl", email=make_guest("Nils Dahl").email)
    register_by_hand(event.id, make_wish([nils_himself]), now(), "lena")
    assert [one.name for one in silent_invited(event.id)] == ["Eva Sjö"]
    assert cancel_event(event.id, "Talaren är sjuk.", now()) == 3
    assert told(event) == ["Eva Sjö"]
    assert cancel_event(event.id, "Talaren är sjuk.", now()) == 0
    assert told(event) == ["Eva Sjö"]


def test_nobody_on_a_list_that_was_never_sent_is_told(app) -> None:
    event = closed_event()
    invited(event, "Åsa Ek", sent=False)
    assert cancel_event(event.id, "", now()) == 0
    assert told(event) == []


def test_letters_to_the_invited_stand_among_the_letters_of_the_event(app) -> None:
    event, other = closed_event(), closed_event()
    invited(event, "Åsa Ek")
    invited(other, "Bo Alm")
    register_by_hand(event.id, make_wish(["Eva Sjö"]), now(), "lena")
    see_anew()
    found = letters_of_event(event)
    assert sorted(letter.name for letter in found.letters) == ["Eva Sjö", "Åsa Ek"]
    assert found.total == 2
