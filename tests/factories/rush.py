"""An open ballot and papers of its many members, for servers that run elsewhere; `Place.play` calls this."""

from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from factories.ballots import NO, YES
from factories.crowd import OFFICERS, open_to_a_crowd

MEMBERS = 40


def open_with_papers(turns: int) -> dict[str, Any]:
    """Everybody's papers, turn after turn, so that each paper of a member but the first replaces one."""
    call_command("migrate", interactive=False, verbosity=0)
    crowd = open_to_a_crowd(MEMBERS + OFFICERS, group="Ed25519", closes_at=timezone.now() + timedelta(days=1))
    choices = [[YES if (member + turn) % 3 else NO for member in range(MEMBERS)] for turn in range(turns)]
    numbers = list(crowd.scalars)
    return {
        "uuid": crowd.called.ballot.uuid,
        "papers": [
            next(crowd.papers([number], answers)).decode()
            for turn in choices
            for number, answers in zip(numbers, turn, strict=True)
        ],
        "said_yes": [answers == YES for turn in choices for answers in turn],
        "keys": [
            str(crowd.called.trustee_keys[trustee.member.number].x) for trustee in crowd.called.trustees
        ],
    }
