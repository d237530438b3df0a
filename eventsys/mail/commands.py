"""`eventsys check mail`: whether other servers will believe letters from a domain."""

from __future__ import annotations

import sys
from email.utils import parseaddr

import click
import dns.exception
import dns.resolver
from flask.cli import with_appcontext

from eventsys.config import Settings, settings
from eventsys.errors import Refused
from eventsys.mail.addresses import on_the_wire
from eventsys.mail.sending_domain import DnsTrouble, LookUp, Verdict, findings, look_up_with
from eventsys.mail.signing import SigningTrouble, signer_of

SECONDS = 5.0
_SAID = {Verdict.GOOD: "good", Verdict.MAY_BE_BETTER: "look at", Verdict.MISSING: "MISSING"}


def _domain(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    try:
        domain = on_the_wire(f"postmaster@{value.strip().rstrip('.').lower()}").rpartition("@")[2]
    except ValueError as error:
        raise click.BadParameter("give a domain, such as boras.se") from error
    if "." not in domain or "@" in value:
        raise click.BadParameter("give a whole domain, such as boras.se")
    return domain


def _resolver(_context: click.Context, _parameter: click.Parameter, value: str) -> LookUp:
    try:
        resolver = dns.resolver.Resolver(configure=not value)
        if value:
            host, _, port = value.partition(":")
            resolver.nameservers, resolver.port = [host], int(port or 53)
    except (ValueError, dns.exception.DNSException) as error:
        raise click.BadParameter(f"no name server can be asked ({error})") from error
    resolver.lifetime = SECONDS
    return look_up_with(resolver)


@click.command("mail")
@click.argument("domain", callback=_domain)
@click.option("--selector", default="", help="The DKIM selector. Default: EVENTSYS_DKIM_SELECTOR.")
@click.option(
    "--nameserver",
    "look_up",
    default="",
    callback=_resolver,
    help="Ask this server (IP[:PORT]) instead of the machine's.",
)
@with_appcontext
def check_mail(domain: str, selector: str, look_up: LookUp) -> None:
    """Look up SPF, DKIM, DMARC and MX of DOMAIN, from which letters are sent, and say what is missing.

    Exit code 0 when nothing is missing, 1 when something is or DNS does not answer.
    """
    here = settings()
    is_ours = domain == here.dkim_domain
    selector = selector or (here.dkim_selector if is_ours else "")
    try:
        found = findings(look_up, domain, selector, _bounce_domain(here, domain), _public_key(here) if is_ours else "")
    except DnsTrouble as trouble:
        raise Refused(str(trouble)) from trouble
    for each in found:
        click.echo(f"{each.part:6} {_SAID[each.verdict]:8} {each.words}")
        if each.record:
            click.echo(f"       add      {each.record}")
    missing = sum(each.verdict is Verdict.MISSING for each in found)
    click.echo(f"{missing} missing." if missing else "Nothing is missing.")
    sys.exit(1 if missing else 0)


def _bounce_domain(here: Settings, domain: str) -> str:
    """Where SPF is asked: the domain of the envelope sender, when letters of this domain have one of their own."""
    ours = parseaddr(here.mail_from)[1].rpartition("@")[2].lower() == domain
    return here.bounce_address.rpartition("@")[2].lower() if ours and here.bounce_address else domain


def _public_key(here: Settings) -> str:
    try:
        signer = signer_of(here)
    except SigningTrouble as trouble:
        raise Refused(str(trouble)) from trouble
    return signer.public_key if signer else ""
