"""The address members type: is it there, is it https, is it ours, and is our server behind it well?

The trap: a machine may not reach its own public name from inside, so "does not answer" is said with care.
"""

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from openfloor import env
from openfloor.operations.checkup.finding import Finding, good, to_do, unknown

SECONDS = 10
FEWEST_DAYS = 14  # Caddy renews a certificate a month before its end
CLOCKS_DIFFER = timedelta(seconds=60)
KEYS_NEED_HTTPS = "Browsers let members make and use their keys over https only."


def address_findings(address: str, *, now: datetime, plain_port: int = 80) -> Iterator[Finding]:
    """https, the days its certificate has left, the way from http, and the clock there."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if env.is_local(address):
        yield good("https", f"{address} stays on this machine, where keys need no https.")
        return
    try:
        ends_at = _certificate_ends_at(host, parts.port or 443)
        status, headers, body = _get(
            http.client.HTTPSConnection(host, parts.port, timeout=SECONDS), "/healthz"
        )
    except socket.gaierror:
        yield to_do(
            "https",
            f"The name {host} leads nowhere.",
            why="Nobody can open the address.",
            remedy=f"Point the name to this machine where you rented it, wait, then: getent hosts {host}",
        )
        return
    except ssl.SSLCertVerificationError as error:
        yield to_do(
            "https",
            f"The certificate of {host} is not accepted ({error.verify_message}).",
            why=f"{KEYS_NEED_HTTPS} Members would see a warning instead of the page.",
            remedy="sudo journalctl -u caddy --since today",
        )
        return
    except (OSError, http.client.HTTPException) as error:
        yield to_do(
            "https",
            f"{address} does not answer from here ({type(error).__name__}).",
            why="Members may not be able to open it either. Try it with a phone, too.",
            remedy="sudo systemctl restart caddy",
        )
        return
    yield _certificate_finding(host, ends_at - now)
    yield _ours(address, status, body)
    yield from _clock_there(address, headers, now)
    if parts.port is None:
        yield _from_plain_http(host, plain_port)


def server_finding(address: str, port: int) -> Finding:
    """Our own server, asked without the web server before it."""
    host = urlsplit(address).netloc
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        status, _headers, body = _get(connection, "/healthz", host=host)
        health = json.loads(body)
        reason = "" if status == http.HTTPStatus.OK else str(health["reason"])
    except OSError:
        return to_do(
            "server",
            f"Nothing answers on port {port} of this machine.",
            why="No page is served, and no ballot opens or closes by itself.",
            remedy="sudo systemctl restart openfloor",
        )
    except (ValueError, KeyError, TypeError, http.client.HTTPException):
        return to_do(
            "server",
            f"What answers on port {port} of this machine is not this committee's server.",
            why="Members may be led to another program.",
            remedy=f"sudo ss -ltnp 'sport = :{port}'",
        )
    if reason == "clock":
        return to_do(
            "server",
            "The server answers, but its clock work stands still.",
            why="No ballot opens or closes, and public pages do not move on.",
            remedy="sudo systemctl restart openfloor",
        )
    if reason:
        return to_do(
            "server",
            f"The server answers, but says that it is not well ({reason}).",
            why="Pages fail, and votes are refused.",
            remedy="sudo tail -n 20 /var/log/openfloor/server.log",
        )
    return good("server", "The server answers and its clock work runs.")


def _certificate_ends_at(host: str, port: int) -> datetime:
    with (
        socket.create_connection((host, port), timeout=SECONDS) as plain,
        ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secure,
    ):
        certificate = secure.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)


def _certificate_finding(host: str, left: timedelta) -> Finding:
    if left.days < FEWEST_DAYS:
        return to_do(
            "https",
            f"The certificate of {host} ends in {left.days} days.",
            why="It should have been renewed by itself. After its end nobody can open the address.",
            remedy="sudo systemctl restart caddy && sudo journalctl -u caddy --since today",
        )
    return good("https", f"https works; the certificate has {left.days} days left and renews by itself.")


def _ours(address: str, status: int, body: bytes) -> Finding:
    """Is it our server that answers there, without anything between that tells more?"""
    if status in (200, 503) and body.startswith(b'{"status": "'):
        return good("address", f"{address} leads to this program.")
    return to_do(
        "address",
        f"What answers at {address} is not Openfloor (status {status}).",
        why="Members who open it come to something else, or to nothing.",
        remedy="sudo caddy validate --config /etc/caddy/Caddyfile && sudo systemctl reload caddy",
    )


def _clock_there(address: str, headers: http.client.HTTPMessage, now: datetime) -> Iterator[Finding]:
    try:
        there = parsedate_to_datetime(headers["Date"])
    except (TypeError, ValueError):
        return
    if abs(there - now) > CLOCKS_DIFFER:
        yield to_do(
            "clock",
            f"The clock of {address} and this machine's differ by {abs(there - now)}.",
            why="The clock decides when a ballot opens and closes.",
            remedy="sudo timedatectl set-ntp true",
        )


def _from_plain_http(host: str, port: int) -> Finding:
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    try:
        status, headers, _body = _get(connection, "/")
    except ConnectionRefusedError:
        return good("redirect", "Plain http is not answered.")
    except (OSError, http.client.HTTPException) as error:
        return unknown(
            "redirect",
            f"Whether plain http leads to https could not be seen ({type(error).__name__}).",
            why="Whoever types the name alone may come by http.",
            remedy=f"curl -sI http://{host}/ | grep -i location",
        )
    if 300 < status < 400 and (headers["Location"] or "").startswith(f"https://{host}"):
        return good("redirect", "Plain http leads to https.")
    return to_do(
        "redirect",
        f"http://{host}/ does not lead to https.",
        why="Somebody on the way can read and change pages that come without https.",
        remedy="Write the name alone before the braces in the Caddyfile, then: sudo systemctl reload caddy",
    )


def _get(
    connection: http.client.HTTPConnection, path: str, **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read(4096)
    finally:
        connection.close()
