"""What an incoming letter says: whose fault, which address, which of our letters."""

import pytest

from eventsys.mail.bounces import Kind, read
from tests.mail.bounces import letters
from tests.mail.bounces.letters import TOKEN, notice, report

WRONG, LATER, REFUSED = Kind.ADDRESS_WRONG, Kind.LATER, Kind.REFUSED_US


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        ("5.1.1", "smtp; 550 5.1.1 <anna@firma.example>: Recipient address rejected: User unknown", WRONG),
        ("5.1.1", "smtp; 550-5.1.1 The email account that you tried to reach does not exist.", WRONG),
        ("5.1.2", "", WRONG),
        (
            "5.4.4",
            "X-Postfix; Host or domain name not found. Name service error for name=x type=MX: Host not found",
            WRONG,
        ),
        ("5.4.1", "smtp; 550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", WRONG),
        ("5.0.0", "smtp; 550 5.1.1 no such user here", WRONG),
        ("", "smtp; 550 <anna@firma.example>... User not exist", WRONG),
        ("5.1.10", "smtp; 556 5.1.10 Domain does not accept mail (nullMX)", WRONG),
        ("5.2.2", "smtp; 552 5.2.2 The email account that you tried to reach is over quota", LATER),
        ("5.1.1", "smtp; 550 5.1.1 <anna@firma.example> mailbox is full", LATER),
        ("5.2.1", "smtp; 550 5.2.1 <anna@firma.example>... User Unknown", LATER),
        ("5.2.1", "smtp; 550 5.2.1 The email account that you tried to reach is disabled", LATER),
        ("4.4.1", "X-Postfix; connect to mx.firma.example[192.0.2.7]:25: Connection timed out", LATER),
        ("5.4.6", "smtp; 554 5.4.6 Too many hops", LATER),
        ("4.2.0", "smtp; 450 4.2.0 <anna@firma.example>: Recipient address rejected: Greylisted", LATER),
        ("5.0.0", "smtp; 554 something that nobody has ever said", LATER),
        (
            "5.7.1",
            "smtp; 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
            REFUSED,
        ),
        ("5.7.26", "smtp; 550-5.7.26 This mail has been blocked because the sender is unauthenticated.", REFUSED),
        ("5.7.23", "smtp; 550 5.7.23 The message was rejected because of Sender Policy Framework violation", REFUSED),
        ("5.1.8", "smtp; 553 5.1.8 <naringsliv@boras.example>: Sender address rejected: Domain not found", REFUSED),
        ("5.7.1", "smtp; 550 5.7.1 user unknown", REFUSED),
        ("5.3.4", "smtp; 552 5.3.4 Message size exceeds fixed limit", REFUSED),
        ("5.7.1", "smtp; 554 5.7.1 <anna@firma.example>: Relay access denied", REFUSED),
        ("5.7.511", "smtp; 550 5.7.511 Access denied, banned sender[192.0.2.1]", REFUSED),
    ],
)
def test_whose_fault_it_was_is_read_from_words_and_number(status, said, kind):
    assert read(report(status, said)).kind is kind


@pytest.mark.parametrize(
    ("letter", "kind"),
    [
        (letters.QMAIL, WRONG),
        (letters.EXIM, WRONG),
        (letters.EXIM_FULL, LATER),
        (letters.EXIM_SENDER, REFUSED),
        (letters.EXIM_WARNING, LATER),
        (letters.EXCHANGE, WRONG),
        (letters.BROKEN_BOUNDARY, WRONG),
        (letters.COMPLAINT, Kind.COMPLAINT),
    ],
)
def test_address_and_letter_are_found_whatever_the_form(letter, kind):
    found = read(letter)
    assert (found.kind, found.address, found.token) == (kind, "anna@firma.example", TOKEN)


def test_a_report_gives_status_words_and_token():
    found = read(report())
    assert found.status == "5.1.1"
    assert found.said == "550 5.1.1 <anna@firma.example>: User unknown"
    assert found.by_envelope


def test_the_token_is_found_in_the_letter_given_back_when_the_envelope_had_none():
    found = read(report(to="bounce@boras.example"))
    assert (found.token, found.by_envelope) == (TOKEN, False)


def test_a_warning_is_not_the_last_word():
    assert not read(report("4.4.1", action="delayed")).is_final
    assert not read(letters.EXIM_WARNING).is_final
    assert read(report()).is_final


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_letter_that_arrived_is_no_bounce(action):
    assert read(report("2.1.5", "", action=action)).kind is Kind.NOT_A_BOUNCE


def test_our_own_words_are_not_read_as_theirs():
    unclear = notice("<anna@firma.example>:\nIt could not be delivered.")
    assert read(unclear).kind is LATER


def test_names_of_hosts_and_addresses_are_not_read_as_reasons():
    said = "smtp; host spam-filter.blocked.example[192.0.2.7] said: 550 5.1.1 <user.unknown@spam.example> no such user"
    assert read(report("5.1.1", said)).kind is WRONG


def test_words_alone_are_not_enough_to_call_an_address_wrong():
    assert read(report("5.0.0", "smtp; 550 unknown user")).kind is LATER
    assert read(report("5.0.0", "smtp; 550 unknown user", text="550 unknown user (in reply to RCPT TO)")).kind is WRONG


def test_the_recipient_who_failed_is_named_when_a_report_has_several():
    further = "\nFinal-Recipient: rfc822; bo@firma.example\nAction: failed\nStatus: 5.1.1\n"
    found = read(report("5.2.2", "smtp; 552 5.2.2 mailbox full", further=further))
    assert (found.kind, found.address) == (WRONG, "bo@firma.example")


@pytest.mark.parametrize("letter", [letters.VACATION, letters.RECEIPT])
def test_automatic_answers_are_known_as_such_whatever_they_say(letter):
    assert read(letter).kind is Kind.AUTO_REPLY


@pytest.mark.parametrize("letter", [letters.QUESTION, b"", b"\r\n\r\n", "Hej på dig".encode("utf-16")])
def test_what_people_write_is_no_bounce(letter):
    assert read(letter).kind is Kind.NOT_A_BOUNCE


def test_a_report_about_letters_forged_in_our_name_is_no_complaint():
    forged = letters.COMPLAINT.replace(b"Feedback-Type: abuse", b"Feedback-Type: auth-failure")
    assert read(forged).kind is Kind.NOT_A_BOUNCE
