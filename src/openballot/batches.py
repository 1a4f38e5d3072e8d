"""Many ballots at a time: by the fast kernels where they stand ready and it pays, else one by one.

The kernels only ever say of a ballot that it holds. Of any other `BallotChecker` says what is wrong with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from openballot.ballots import Ballot, BallotChecker, Sealed, read_ballot
from openballot.checks import Finding
from openballot.election import Election
from openballot.fast import engines
from openballot.groups import Group

if TYPE_CHECKING:
    from openballot.fast.ballotform import BallotForm
    from openballot.fast.programs import Engine


def check_batch(checker: BallotChecker, texts: Sequence[str]) -> list[tuple[Sealed | None, list[Finding]]]:
    """Return what a tally takes of each ballot that can be read, and everything that is wrong with it."""
    form = _form_if_it_pays(checker.election, len(texts))
    if form is None:
        return [_examined(checker, text) for text in texts]
    held = form.sealed_if_they_hold(checker.credentials, texts)
    return [
        _examined(checker, text) if sealed is None else (sealed, [])
        for sealed, text in zip(held, texts, strict=True)
    ]


def _examined(checker: BallotChecker, text: str) -> tuple[Sealed | None, list[Finding]]:
    ballot, findings = checker.examine(text)
    return None if ballot is None else ballot.sealed(), findings


class PreparedChecker:
    """Checks ballots one by one as they come, with whatever makes one of them fast prepared beforehand."""

    def __init__(self, checker: BallotChecker) -> None:
        self._checker = checker
        election = checker.election
        engine = engines.engine_for_one(election.group)
        self._form = _form(election, engine) if engine else None

    def check(self, text: str) -> Ballot:
        """Return the ballot when everything about it holds; raises BallotRefused otherwise."""
        held = self._form.ballot_if_it_holds(self._checker.credentials, text) if self._form else None
        return held or self._checker.check(text)


def read_batch(election: Election, credentials: Mapping[str, int], texts: Sequence[str]) -> list[Sealed]:
    """Read ballots that were checked before, proving nothing again; raises BallotRefused."""
    form = _form_if_it_pays(election, len(texts))
    trusting = replace(election, group=election.group.trusting())
    if form is None:
        return [read_ballot(trusting, credentials, text).sealed() for text in texts]
    read = form.sealed(credentials, texts)
    return [
        read_ballot(trusting, credentials, text).sealed() if sealed is None else sealed
        for sealed, text in zip(read, texts, strict=True)
    ]


def kernel_of(group: Group) -> str:
    """Name the arithmetic that checks the ballots of this group on this machine."""
    return engines.name_of(group)


def _form_if_it_pays(election: Election, count: int) -> "BallotForm | None":
    engine = engines.engine_if_it_pays(election.group, count)
    return _form(election, engine) if engine else None


# The tables for an election's key are made once in each process.
@lru_cache(maxsize=4)
def _form(election: Election, engine: "Engine") -> "BallotForm | None":
    from openballot.fast.ballotform import BallotForm, is_known  # few ballots do without

    return BallotForm(election, engine) if is_known(election) else None
