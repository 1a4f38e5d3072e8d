"""Runs in a process of its own over a server's data folder: ballots and papers for who kills servers.

Everything is made by the real actions and devices before the first server starts.
"""

import json
import sys
from datetime import timedelta
from itertools import cycle
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from factories.ballots import NO, YES, Called, ballot_in_state
from factories.workplace import CommitteeOfPeople, make_committee
from openfloor.ballots import devices
from openfloor.ballots.queries import keys_needed

FEWEST, PAPERS_OF_ONE = 6, 40  # a credential casts 50 papers at most


def main() -> None:
    """Prints what only devices know, as JSON."""
    call_command("migrate", interactive=False, verbosity=0)
    papers, today = int(sys.argv[1]), timezone.now().date() - timedelta(days=1)
    people = make_committee(max(FEWEST, papers // PAPERS_OF_ONE + 1), founded_on=today - timedelta(days=60))
    people.day = today
    json.dump({"rush": _rush(people, papers), "life": _life(people)}, sys.stdout)


def _rush(people: CommitteeOfPeople, papers: int) -> dict[str, Any]:
    """An open ballot, and many papers of few members."""
    called = _call(people, "open", "Shall we strike?")
    numbers, answers = cycle(range(1, len(people.members) + 1)), cycle([YES, NO])
    return {
        "uuid": called.ballot.uuid,
        "papers": [called.paper(next(numbers), next(answers)).decode() for _ in range(papers)],
    }


def _life(people: CommitteeOfPeople) -> dict[str, Any]:
    """A frozen ballot that one signature opens, and everything that its people will hand in."""
    called = _call(people, "frozen", "Shall we stay out?")
    for trustee in called.trustees:
        called.sign_freeze(trustee)
    first, last = called.tellers
    called.sign_audit(first)
    number = last.member.number
    return {
        "uuid": called.ballot.uuid,
        "teller": number,
        "signature": devices.sign_audit(called.person(number).keys, number, called.setup),
        "papers": [called.paper(number).decode() for number in (1, 2, 3)],
        "trustees": {
            number: {"group": key.group, "x": str(key.x), "text": key.text}
            for number, key in list(called.trustee_keys.items())[: keys_needed(called.ballot)]
        },
        "spare_trustees": len(called.trustees) - keys_needed(called.ballot),
    }


def _call(people: CommitteeOfPeople, state: str, title: str) -> Called:
    return ballot_in_state(
        state,
        people=people,
        title=title,
        opens_not_before=people.now,
        closes_at=timezone.now() + timedelta(days=1),
    )
