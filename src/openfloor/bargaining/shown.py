"""What the pages of an article and of a contract show: versions with their moves, offers with their worth."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from openfloor.ballots.queries.mandates import mandates_that_bind
from openfloor.bargaining import queries, words
from openfloor.bargaining.figures import Figures, from_json, measures
from openfloor.bargaining.models import Article, Contract, Proposal
from openfloor.bargaining.standing import Standing, movements, standing
from openfloor.bargaining.wording import Piece, differences
from openfloor.bargaining.worth import Window, Worth, worth


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVersion:
    """One version with its numbers, how it moved its side, and whether it stands now."""

    proposal: Proposal
    figures: Figures
    moves: list[str]
    stands: bool
    corrected_by: int | None
    below: list[str]  # the mandates that it is below, a sentence each
    before: int | None  # the version of the same side that it can be compared with


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownArticle:
    article: Article
    standing: Standing
    state: tuple[str, str]
    ours: Proposal | None
    theirs: Proposal | None
    agreed: Proposal | None
    below: list[str]  # of what we say now, or agreed on

    @property
    def said(self) -> list[Proposal]:
        """What is agreed alone, where it is; or what each side says."""
        versions = (self.ours, self.theirs, self.agreed)
        return [version for version in versions if version and version.number in self.standing.said]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOffer:
    side: str
    title: str
    made_on: object
    worth: Worth


def versions_shown(versions: list[Proposal], below: dict[UUID, list[str]]) -> list[ShownVersion]:
    """The last one first; *below* are the mandates that each is below."""
    plain = [queries.as_version(proposal) for proposal in versions]
    now, moved = standing(plain), movements(plain)
    corrected = {proposal.corrects.number: proposal.number for proposal in versions if proposal.corrects}
    return [
        ShownVersion(
            proposal=proposal,
            figures=from_json(proposal.figures),
            moves=[words.movement_in_words(proposal.side, each) for each in moved.get(proposal.number, ())],
            stands=proposal.number in (now.ours, now.theirs, now.agreed),
            corrected_by=corrected.get(proposal.number),
            below=below.get(proposal.pk, []),
            before=_before(proposal, versions),
        )
        for proposal in reversed(versions)
    ]


def is_held_against_nothing(article: ShownArticle, now: datetime) -> bool:
    """Does what we say now, in words alone, escape what binds us?"""
    ours = article.agreed or article.ours
    if ours is None or measures(from_json(ours.figures)):
        return False
    return bool(mandates_that_bind(article.article.committee, now))


def articles_shown(contract: Contract, *, texts: bool = False) -> list[ShownArticle]:
    articles = queries.articles_with_versions(contract, texts=texts)
    below = words.below_mandates(version for article in articles for version in article.proposals.all())
    return [article_shown(article, list(article.proposals.all()), below) for article in articles]


def article_shown(article: Article, versions: list[Proposal], below: dict[UUID, list[str]]) -> ShownArticle:
    now = queries.standing_among(versions)
    by_number = {proposal.number: proposal for proposal in versions}
    ours, theirs, agreed = (by_number.get(number or 0) for number in (now.ours, now.theirs, now.agreed))
    shape, word = words.STATES[now.state]
    return ShownArticle(
        article=article,
        standing=now,
        state=(shape, str(word)),
        ours=ours,
        theirs=theirs,
        agreed=agreed,
        below=[sentence for each in (agreed or ours,) if each for sentence in below.get(each.pk, [])],
    )


def offers_shown(article: ShownArticle, window: Window) -> list[ShownOffer]:
    """Those of the versions that stand now that name raises: what is agreed alone, where it is."""
    offers = []
    for proposal in article.said:
        come_to = worth(from_json(proposal.figures), window)
        if come_to is not None:
            offers.append(
                ShownOffer(
                    side=proposal.side,
                    title=str(words.SIDES[proposal.side]),
                    made_on=proposal.made_on,
                    worth=come_to,
                )
            )
    return offers


def longest_bar(offers: list[ShownOffer], window: Window) -> Fraction:
    """What the longest bar of the chart stands for."""
    return max([offer.worth.compounded for offer in offers] + [window.prices])


def compared(old: Proposal, new: Proposal) -> tuple[Piece, ...]:
    return differences(old.text, new.text)


def _before(proposal: Proposal, versions: list[Proposal]) -> int | None:
    """What it corrects, or the last of the same side that says something; an agreement against ours."""
    if proposal.corrects is not None:
        return proposal.corrects.number
    side = Proposal.Side.OURS if proposal.side == Proposal.Side.BOTH else proposal.side
    earlier = [
        each.number
        for each in versions
        if each.number < proposal.number and each.side == side and each.kind != Proposal.Kind.WITHDRAWN
    ]
    return earlier[-1] if earlier and proposal.kind != Proposal.Kind.WITHDRAWN else None
