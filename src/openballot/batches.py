"""Many ballots at a time: the place where a faster engine checks what `BallotChecker` checks one by one."""

from collections.abc import Sequence

from openballot.ballots import Ballot, BallotChecker
from openballot.checks import Finding
from openballot.groups import FiniteField, Group


def check_batch(context: BallotChecker, texts: Sequence[str]) -> list[tuple[Ballot | None, list[Finding]]]:
    """Return for each text what `BallotChecker.examine` does."""
    return [context.examine(text) for text in texts]


def kernel_of(group: Group) -> str:
    """Name the arithmetic that checks the ballots of this group on this machine."""
    return "GMP" if isinstance(group, FiniteField) else "libsodium"
