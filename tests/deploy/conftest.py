"""The files of deploy/, as they stand, with only addresses and folders of the test put in."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from eventsys.clock import now
from eventsys.config import Settings
from tests.factories import make_event
from tests.journeys.product import app_of, fresh_settings, process
from tests.servers import Process, RedisServer, ServerProcess, free_port, new_folder, require

DEPLOY = Path(__file__).parents[2] / "deploy"
AROUND = """{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


@dataclass
class Site:
    """The product behind nginx: two web processes on PostgreSQL and Redis."""

    address: str
    plain_address: str
    folder: Path
    settings: Settings
    webs: list[ServerProcess]
    form: str  # the path of an event's form

    def visitor(self) -> requests.Session:
        session = requests.Session()
        session.verify = str(self.folder / "cert.pem")
        session.trust_env = False
        return session

    @property
    def log(self) -> str:
        return (self.folder / "access.log").read_text()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, ports = new_folder("nginx"), [free_port() for _ in range(4)]
    plain, secure, *webs = ports
    address = f"https://127.0.0.1:{secure}"
    with ExitStack() as running:
        redis = RedisServer()
        redis.start()
        running.callback(redis.stop)
        settings = fresh_settings(
            "postgresql", tmp_path_factory.mktemp("data"), broker_url=redis.url, base_url=address, trusted_proxies=1,
            rate_limit_registrations="5 per minute",
        )  # fmt: skip
        with app_of(settings):
            form = f"/evenemang/{make_event(capacity=100).slug}/anmalan"
        processes = [running.enter_context(process("web", settings=settings, port=port)) for port in webs]
        _write_site(folder, plain, secure, webs)
        nginx = Process([require("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")], folder)
        running.callback(lambda: nginx.end(15))
        made = Site(address, f"http://127.0.0.1:{plain}", folder, settings, processes, form)
        nginx.wait_for(lambda: _answers(made), 30)
        yield made


def _answers(site: Site) -> bool:
    try:
        return site.visitor().get(f"{site.address}/healthz", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False


def _write_site(folder: Path, plain: int, secure: int, webs: list[int]) -> None:
    _write_certificate(folder)
    text = (DEPLOY / "nginx" / "eventsys.conf").read_text(encoding="utf-8")
    given = {
        "127.0.0.1:8001": f"127.0.0.1:{webs[0]}", "127.0.0.1:8002": f"127.0.0.1:{webs[1]}",
        "listen 80;": f"listen 127.0.0.1:{plain};", "listen 443 ssl http2;": f"listen 127.0.0.1:{secure} ssl http2;",
        "/etc/eventsys/tls/fullchain.pem": f"{folder}/cert.pem", "/etc/eventsys/tls/privkey.pem": f"{folder}/key.pem",
        "/var/log/nginx/eventsys.log": f"{folder}/access.log",
    }  # fmt: skip
    for written, ours in given.items():
        assert written in text, written
        text = text.replace(written, ours)
    text = re.sub(r"\n\s*listen \[::\].*", "", text)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(user=user, folder=folder, site=text), encoding="utf-8")


def _write_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1)).add_extension(here, critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )  # fmt: skip
