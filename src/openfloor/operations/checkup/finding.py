"""One thing that was looked at. Whatever is not good says why it matters and what to type."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class State(StrEnum):
    GOOD = "good"
    TO_DO = "to_do"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    check: str
    state: State
    what: str
    why: str = ""
    remedy: str = ""

    def __post_init__(self) -> None:
        if self.state is not State.GOOD and not (self.why and self.remedy):
            raise ValueError(f"{self.check}: what is not good needs a reason and a remedy")

    def as_json(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()}


def good(check: str, what: str) -> Finding:
    return Finding(check=check, state=State.GOOD, what=what)


def to_do(check: str, what: str, *, why: str, remedy: str) -> Finding:
    return Finding(check=check, state=State.TO_DO, what=what, why=why, remedy=remedy)


def unknown(check: str, what: str, *, why: str, remedy: str) -> Finding:
    return Finding(check=check, state=State.UNKNOWN, what=what, why=why, remedy=remedy)
