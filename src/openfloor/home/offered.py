"""What each side put forward last, or both agreed on, in its figures, and the mandates that ours is below."""

from dataclasses import dataclass

from openfloor.bargaining import words
from openfloor.bargaining.figures import from_json
from openfloor.bargaining.models import Proposal
from openfloor.bargaining.queries import last_proposals
from openfloor.workplace.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    proposal: Proposal
    sentence: str
    figures: str
    below: list[str]


def offered_last(member: Member) -> list[Offer]:
    """The latest first; none of a side that has put nothing forward."""
    found = last_proposals(member.committee)
    below = words.below_mandates(found)
    return [
        Offer(
            proposal=proposal,
            sentence=words.put_forward_in_words(proposal),
            figures=" · ".join(words.figures_in_words(from_json(proposal.figures))),
            below=below.get(proposal.pk, []),
        )
        for proposal in found
    ]
