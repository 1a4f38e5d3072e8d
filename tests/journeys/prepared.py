"""A committee with a ballot in every state, made in a moment by the real actions: for stories that begin in the middle.

The trap: settings are read once and the tests' own are for another folder, so this runs in a process of its own.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from journeys.server import Server
from journeys.voting import PASSPHRASE

TESTS = Path(__file__).parents[1]
STATES = (
    "counted",
    "uncountable",
    "closed",
    "withdrawn",
    "draft",
    "announced",
    "frozen",
    "open",
    "open_too",
)


@dataclass(frozen=True)
class Prepared:
    """What was made, and the secrets that only the members' devices know."""

    folder: Path
    committee: str
    words: dict[int, list[str]]  # by entry number
    codes: dict[int, str]  # of those who wait for vouches: "<number>.<fingerprint>"
    ballots: dict[str, str]  # uuid by state
    papers: dict[str, str]  # made for the ballot in that state and not cast
    key_files: dict[int, str]  # of the closed ballot's trustees
    links: dict[str, str]  # secrets of links

    def serve(self, folder: Path) -> Server:
        """A server of its own over a copy of the data."""
        shutil.copytree(self.folder, folder / "data")
        return Server(folder).start()


def prepare(folder: Path) -> Prepared:
    """Make the committee in *folder*."""
    finished = _run(folder, "prepare")
    made = json.loads(finished)
    numbered = {
        name: {int(number): value for number, value in made.pop(name).items()}
        for name in ("words", "codes", "key_files")
    }
    return Prepared(folder=folder, **made, **numbered)


def count_again(server: Server, uuid: str) -> None:
    """Let the devices of everybody concerned take a draft to its count: three vote, two of them yes."""
    _run(server.data, "count_again", uuid)


def _run(data: Path, *words: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-m", "journeys.prepared", *words],
        env={
            **os.environ,
            "OPENFLOOR_DATA": str(data),
            "PYTHONPATH": str(TESTS),
            "DJANGO_SETTINGS_MODULE": "openfloor.settings",
        },
        cwd=TESTS,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


# From here on in the other process


def _prepare() -> dict[str, Any]:
    from django.utils import timezone
    from factories import ballots, workplace

    from openfloor.demonstration.keyfile import seal
    from openfloor.workplace.memberkeys import words_from_root

    now = timezone.now()
    today = now.date() - timedelta(days=1)  # no later than the day it is in Los Angeles
    people = workplace.make_committee(5, founded_on=today - timedelta(days=60))
    called = {}
    papers = {}
    for days, state in enumerate(STATES, start=-len(STATES)):
        people.day = today + timedelta(days=days)
        called[state], papers[state] = _call(people, state, now)
    closed = called["closed"]
    people.day = today
    newcomer = workplace.admit(people)
    waiting = [workplace.candidate(newcomer, index, now=people.now) for index in (7, 8)]
    return {
        "committee": str(people.committee.pk),
        "words": {
            person.member.number: words_from_root(person.keys.root) for person in (*people.members, *waiting)
        },
        "codes": {person.member.number: _code(person.member) for person in waiting},
        "ballots": {state: one.ballot.uuid for state, one in called.items()},
        "papers": papers,
        "key_files": {
            number: seal(
                ballot=closed.ballot.uuid,
                number=number,
                group=closed.ballot.group,
                x=key.x,
                passphrase=PASSPHRASE,
            )
            for number, key in closed.trustee_keys.items()
        },
        "links": _links(people, now),
    }


def _call(people: Any, state: str, now: datetime) -> tuple[Any, str]:
    """A ballot that has come to *state*, and a paper for it where there could be one."""
    from factories import ballots

    is_over = state in ("counted", "uncountable", "closed")
    closes_at = people.now + timedelta(hours=3) if is_over else now + timedelta(days=2)
    times = {"opens_not_before": people.now, "closes_at": closes_at}
    began = "open" if is_over or state == "open_too" else state
    called = ballots.ballot_in_state(began, people=people, title=f"Strike? ({state})", **times)
    paper = called.paper(4).decode() if began in ("open", "frozen") else ""
    if is_over:
        for number, answers in enumerate((ballots.YES, ballots.YES, ballots.NO), start=1):
            called.vote(number, answers)
        called.close()
    if state == "counted":
        called.count()
    elif state == "uncountable":
        ballots.give_up(called)
    return called, paper


def _code(candidate: Any) -> str:
    import base64
    import hashlib

    from openfloor.workplace.memberkeys import canonical

    fingerprint = base64.urlsafe_b64encode(hashlib.sha256(canonical(candidate.keys).encode()).digest())
    return f"{candidate.number}.{fingerprint.decode().rstrip('=')}"


def _links(people: Any, now: datetime) -> dict[str, str]:
    """One invitation that works, one that is used up, one that is too old."""
    from factories import workplace

    from openfloor.workplace.models import Invitation

    inviter = people.members[0]
    made = {name: workplace.invite(inviter, uses=5, now=now) for name in ("good", "used_up", "expired")}
    Invitation.objects.filter(pk=made["used_up"][0].pk).update(uses_left=0)
    Invitation.objects.filter(pk=made["expired"][0].pk).update(expires_at=now - timedelta(days=1))
    return {name: secret for name, (_, secret) in made.items()}


def _count_again(uuid: str) -> dict[str, Any]:
    """The rest of the way of a copied draft, by the clock of now."""
    from django.utils import timezone
    from factories import ballots, workplace

    from openfloor.ballots import actions
    from openfloor.ballots.models import Ballot
    from openfloor.workplace.models import Member

    ballot = Ballot.objects.get(uuid=uuid)
    members = Member.objects.filter(number__lte=3).order_by("number")
    people = workplace.CommitteeOfPeople(
        ballot.committee,
        [workplace.Person(member, workplace.keys_of(member.number)) for member in members],
        ballot.opens_not_before.date(),
    )
    called = ballots.Called(ballot, people, timezone.now())
    called.freeze()
    called.open()
    for number, answers in enumerate((ballots.YES, ballots.YES, ballots.NO), start=1):
        called.vote(number, answers)
    called.close()
    called.count()
    assert actions.close_if_due(ballot, now=called.now) is False
    return {}


def _main(deed: str, *words: str) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    deeds: dict[str, Any] = {"prepare": _prepare, "count_again": _count_again}
    print(json.dumps(deeds[deed](*words)))  # noqa: T201 - this is how the answer gets to the other process


if __name__ == "__main__":
    _main(*sys.argv[1:])
