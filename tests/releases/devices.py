"""What the members of a made committee go on to do with their devices: `play` runs it over a data folder.

The trap: the tests' own settings are for another folder, so this runs in a process of its own.
"""

import hashlib
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from journeys.kept import read_tables
from journeys.server import Server

TESTS = Path(__file__).parents[1]
HERE = "import django; django.setup(); from releases import devices; devices.main()"


def play(data: Path, deed: str, *words: Any) -> Any:
    """Let the devices do *deed* over the committee in *data*; what came of it."""
    finished = subprocess.run(
        [sys.executable, "-c", HERE, deed, json.dumps(words)],
        env={
            **os.environ,
            "OPENFLOOR_DATA": str(data),
            "PYTHONPATH": str(TESTS),
            "DJANGO_SETTINGS_MODULE": "openfloor.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def fetched(address: str) -> Any:
    """Published JSON."""
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310
        return json.load(answer)


def cast(server: Server, uuid: str, paper: str) -> dict[str, Any]:
    """Send a paper; the receipt, or what refused it."""
    request = urllib.request.Request(  # noqa: S310 - our own localhost server
        f"{server.url}/board/{uuid}/cast", paper.encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            said: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as refused:
        said = json.load(refused)
    return said


def papers_on(data: Path, uuid: str) -> dict[int, tuple[str, str]]:
    """Hash and paper of each event on the ballot's board, by height."""
    tables = read_tables(data)
    (ballot,) = [row["id"] for row in tables["ballots_ballot"] if row["uuid"] == uuid]
    return {
        int(str(row["height"])): (str(row["hash"]), str(row["tracker"]))
        for row in tables["ballots_boardevent"]
        if row["ballot_id"] == ballot
    }


def main() -> None:
    deed, words = sys.argv[1:]
    deeds: dict[str, Callable[..., Any]] = {"papers": papers, "decrypt": decrypt}
    json.dump(deeds[deed](*json.loads(words)), sys.stdout)


def papers(uuid: str, numbers: list[int], answers: list[list[int]]) -> list[str]:
    """A paper for each number in turn, none of them cast."""
    called = _called(uuid)
    return [called.paper(number, answers).decode() for number in numbers]


def decrypt(uuid: str, key_files: dict[str, str], passphrase: str) -> Any:
    """The trustees open their key files, and with them the count; the result."""
    from openfloor.ballots.devices import TrusteeKey

    called = _called(uuid)
    for trustee in called.trustees:
        number = trustee.member.number
        x = open_key_file(key_files[str(number)], passphrase)
        text = str(trustee.public_key)
        called.trustee_keys[number] = TrusteeKey(group=called.ballot.group, x=x, text=text)
        called.decrypt(trustee)
    return called.reload().result


def open_key_file(text: str, passphrase: str) -> int:
    """A trustee's secret out of its file (docs/specs/ballot.md, "The trustee's key")."""
    from openfloor.workplace.memberkeys import canonical

    fields = json.loads(text)
    sealed = bytes.fromhex(fields.pop("sealed"))
    salt, nonce = bytes.fromhex(fields["salt"]), bytes.fromhex(fields["nonce"])
    key = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, fields["iterations"])
    return int(AESGCM(key).decrypt(nonce, sealed, canonical(fields).encode()))


def _called(uuid: str) -> Any:
    from django.utils import timezone

    from factories.ballots import Called
    from factories.workplace import CommitteeOfPeople, Person, keys_of
    from openfloor.ballots.models import Ballot
    from openfloor.workplace.models import Member

    ballot = Ballot.objects.select_related("committee").get(uuid=uuid)
    members = Member.objects.filter(committee=ballot.committee).order_by("number")
    people = [Person(member, keys_of(member.number)) for member in members]
    return Called(ballot, CommitteeOfPeople(ballot.committee, people), timezone.now())
