"""`eventsys check mail`, asked of a small DNS server on loopback."""

import socket
import subprocess
import threading
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from eventsys.mail.sending_domain import DnsTrouble, Verdict, findings, look_up_with
from eventsys.mail.signing import Signer
from tests.house.test_command import eventsys
from tests.servers import free_port

GOOD = {
    ("boras.example", "TXT"): ['"google-site-verification=x"', '"v=spf1 include:relay.example " "mx ~all"'],
    ("relay.example", "TXT"): ['"v=spf1 ip4:192.0.2.0/24 -all"'],
    ("s1._domainkey.boras.example", "TXT"): ['"v=DKIM1; k=rsa; " "p=MIIB"'],
    ("_dmarc.boras.example", "TXT"): ['"v=DMARC1; p=quarantine; rua=mailto:d@boras.example"'],
    ("boras.example", "MX"): ["10 mx.boras.example."],
}


class DnsServer:
    """Answers over UDP from `records`; a name not there does not exist. `silent`: it answers nothing at all."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], list[str]] = dict(GOOD)
        self.silent = False
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            asked, who = self._socket.recvfrom(4096)
            if asked == b"stop":
                self._socket.close()
                return
            if not self.silent:
                self._socket.sendto(self._answer(dns.message.from_wire(asked)).to_wire(), who)

    def _answer(self, query: dns.message.Message) -> dns.message.Message:
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if records := self.records.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *records))
        elif name not in {known for known, _ in self.records}:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer

    def stop(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"stop", ("127.0.0.1", self.port))
        self._thread.join(5)


@pytest.fixture
def server() -> Iterator[DnsServer]:
    started = DnsServer()
    yield started
    started.stop()


@pytest.fixture
def ask(server):
    def verdicts(selector="s1", bounce_domain="boras.example", public_key=""):
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port, resolver.lifetime = ["127.0.0.1"], server.port, 1.0
        found = findings(look_up_with(resolver), "boras.example", selector, bounce_domain, public_key)
        return {each.part: each for each in found}

    return verdicts


def test_a_domain_that_has_everything_lacks_nothing(ask):
    assert {part: found.verdict for part, found in ask().items()} == dict.fromkeys(
        ("SPF", "DKIM", "DMARC", "MX"), Verdict.GOOD
    )


def test_a_domain_that_has_nothing_is_told_every_record_to_add(server, ask):
    server.records.clear()
    found = ask()
    assert all(each.verdict is Verdict.MISSING and each.record for each in found.values())
    assert found["DKIM"].record.startswith("s1._domainkey.boras.example. TXT")
    assert "v=DMARC1; p=none" in found["DMARC"].record


@pytest.mark.parametrize(
    ("name", "kind", "records", "part", "verdict", "told"),
    [
        ("boras.example", "TXT", ['"v=spf1 mx -all"', '"v=spf1 a -all"'], "SPF", Verdict.MISSING, "merge"),
        ("boras.example", "TXT", ['"v=spf1 mx +all"'], "SPF", Verdict.MISSING, "everybody"),
        ("boras.example", "TXT", ['"v=spf1 mx"'], "SPF", Verdict.MAY_BE_BETTER, "does not end"),
        ("boras.example", "TXT", ['"v=spf1' + " a:x.example" * 11 + ' -all"'], "SPF", Verdict.MISSING, "11 look-ups"),
        ("boras.example", "TXT", ['"v=spf10 mx -all"'], "SPF", Verdict.MISSING, "does not say"),
        ("boras.example", "TXT", ['"v=spf1 redirect=relay.example"'], "SPF", Verdict.GOOD, "redirect"),
        ("boras.example", "TXT", ['"v=spf1 include:boras.example -all"'], "SPF", Verdict.GOOD, "include"),
        ("s1._domainkey.boras.example", "TXT", ['"v=DKIM1; p="'], "DKIM", Verdict.MISSING, "withdrawn"),
        ("s1._domainkey.boras.example", "TXT", ['"v=DKIM1; t=y; p=MIIB"'], "DKIM", Verdict.MAY_BE_BETTER, "t=y"),
        ("_dmarc.boras.example", "TXT", ['"v=DMARC1; p=none"'], "DMARC", Verdict.MAY_BE_BETTER, "p=none"),
        ("_dmarc.boras.example", "TXT", ['"v=DMARC1; rua=mailto:x@y.z"'], "DMARC", Verdict.MISSING, "no p="),
        ("_dmarc.boras.example", "TXT", ['"v=DMARC1; p=reject"'] * 1, "DMARC", Verdict.GOOD, "p=reject"),
        ("boras.example", "MX", ["0 ."], "MX", Verdict.MISSING, "bounces are lost"),
    ],
)
def test_what_is_wrong_is_told_in_plain_words(server, ask, name, kind, records, part, verdict, told):
    server.records[name, kind] = records
    found = ask()[part]
    assert (found.verdict, told in found.words) == (verdict, True), found


def test_dmarc_of_the_domain_above_counts(server):
    server.records["_dmarc.boras.example", "TXT"] = ['"v=DMARC1; p=reject"']
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], server.port
    found = findings(look_up_with(resolver), "nyheter.boras.example", "", "nyheter.boras.example")
    assert {each.part: each.verdict for each in found}["DMARC"] is Verdict.GOOD


def test_spf_is_asked_of_the_bounce_address_and_a_foreign_one_does_not_align(ask):
    found = ask(bounce_domain="relay.example")
    assert "192.0.2.0/24" in found["SPF"].words
    assert "another domain" in found["DMARC"].words


def test_a_key_that_is_not_ours_is_told(ask):
    assert ask(public_key="MIIB")["DKIM"].verdict is Verdict.GOOD
    found = ask(public_key="MIIC")["DKIM"]
    assert found.verdict is Verdict.MISSING
    assert found.record.endswith('p=MIIC"')


def test_dns_that_does_not_answer_says_nothing_about_the_domain(server, ask):
    server.silent = True
    with pytest.raises(DnsTrouble, match="does not answer"):
        ask()


def test_the_public_key_is_the_one_that_openssl_gives(tmp_path):
    subprocess.run(["openssl", "genrsa", "-out", tmp_path / "k.pem", "2048"], check=True, capture_output=True)
    public = subprocess.run(
        ["openssl", "rsa", "-in", tmp_path / "k.pem", "-pubout"], check=True, capture_output=True, text=True
    ).stdout
    signer = Signer(b"boras.example", b"s1", (tmp_path / "k.pem").read_bytes())
    assert signer.public_key == "".join(public.splitlines()[1:-1])


# --- the command --------------------------------------------------------------------------------------------------


def test_the_command_says_what_is_there_and_ends_with_zero(tmp_path, server):
    said = eventsys(
        tmp_path, "check", "mail", "Boras.example", "--selector", "s1", "--nameserver", f"127.0.0.1:{server.port}"
    )
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.endswith("Nothing is missing.\n")


def test_the_command_says_the_record_to_add_and_ends_with_one(tmp_path, server):
    del server.records["_dmarc.boras.example", "TXT"]
    said = eventsys(tmp_path, "check", "mail", "boras.example", "--nameserver", f"127.0.0.1:{server.port}")
    assert said.returncode == 1
    assert '_dmarc.boras.example. TXT "v=DMARC1' in said.stdout
    assert said.stdout.endswith("1 missing.\n")


def test_dns_that_is_away_is_told_in_one_line(tmp_path):
    said = eventsys(tmp_path, "check", "mail", "boras.example", "--nameserver", f"127.0.0.1:{free_port()}")
    assert (said.returncode, said.stderr.count("\n")) == (1, 1)
    assert "does not answer" in said.stderr


@pytest.mark.parametrize("words", [["mail"], ["mail", "not a domain"], ["mail", "localhost"], ["mail", "a@b.se"]])
def test_wrong_use_ends_with_two(tmp_path, words):
    assert eventsys(tmp_path, "check", *words).returncode == 2
