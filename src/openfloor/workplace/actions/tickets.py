"""A ticket: the right to one entry number, kept in the session of the browser that was given it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What a link was exchanged for; without an invitation it is the founder's."""

    committee_id: UUID
    number: int
    invitation: int | None

    @property
    def founding(self) -> bool:
        return self.invitation is None

    def as_session(self) -> dict[str, Any]:
        """A value that a session can keep."""
        return {
            "committee": str(self.committee_id),
            "number": self.number,
            "invitation": self.invitation,
        }

    @classmethod
    def from_session(cls, value: dict[str, Any] | None) -> "Ticket | None":
        """The ticket that `as_session` wrote, if there is one."""
        if value is None:
            return None
        return cls(
            committee_id=UUID(value["committee"]), number=value["number"], invitation=value["invitation"]
        )
