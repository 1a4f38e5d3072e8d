"""What members' devices would compute, in a process beside the loader. Nothing here knows Django."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from openfloor.ballots import devices
from openfloor.demonstration.calendar import Calendar
from openfloor.workplace.memberkeys import Keys, MemberKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What making the demonstration goes on with: the days, the helping process, and who counts the steps."""

    calendar: Calendar
    helper: Executor
    step: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a new member's device hands in."""

    keys: Keys
    proofs: dict[str, dict[str, str]]


def helper() -> Executor:
    # A forked process would share the database connection.
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def enrolment(root: bytes, committee: str, number: int) -> Enrolment:
    keys = MemberKeys.from_root(root)
    return Enrolment(keys.public(), keys.proofs(committee, number))


def paper(root: bytes, election_text: str, n_hex: str, answers: Sequence[Sequence[int]]) -> str:
    return devices.vote(MemberKeys.from_root(root), election_text, n_hex, answers)
