"""Reading what is bargained about. Nothing is written here."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet

from openfloor.bargaining.figures import from_json
from openfloor.bargaining.models import Article, CalendarAddress, Contract, Proposal
from openfloor.bargaining.notices import Notice
from openfloor.bargaining.standing import Standing, Version, standing
from openfloor.workplace.models import Committee, Member


def contracts_of(committee: Committee) -> QuerySet[Contract]:
    return Contract.objects.filter(committee=committee)


def contracts_visible_to(member: Member) -> QuerySet[Contract]:
    """Every member sees all contracts of their committee."""
    return contracts_of(member.committee)


def notices_of(contract: Contract) -> tuple[Notice, ...]:
    return tuple(Notice(days=each["days"], what=each["what"]) for each in contract.notices)


def member_at_calendar(secret: str) -> Member | None:
    """Whose calendar reads at this address, as long as they are on the roll."""
    found = CalendarAddress.objects.select_related("member__committee").filter(
        secret=secret, member__state=Member.State.MEMBER
    )
    address = found.first()
    return address.member if address else None


def calendar_secret_of(member: Member) -> str | None:
    return CalendarAddress.objects.filter(member=member).values_list("secret", flat=True).first()


# Articles and their versions


def articles_visible_to(member: Member) -> QuerySet[Article]:
    return Article.objects.filter(committee=member.committee_id).select_related("contract", "committee")


def proposals_visible_to(member: Member) -> QuerySet[Proposal]:
    return Proposal.objects.filter(committee=member.committee_id).select_related(
        "article__contract", "committee"
    )


def versions_of(article: Article) -> list[Proposal]:
    """In the order in which they were written down, each with who wrote it and what it corrects."""
    return list(article.proposals.select_related("written_by", "corrects"))


def articles_with_versions(contract: Contract, *, texts: bool = False) -> list[Article]:
    """All articles and their versions, by two queries however many there are."""
    versions = Proposal.objects.select_related("written_by", "corrects")
    if not texts:
        versions = versions.defer("text")
    articles = Article.objects.filter(contract=contract)
    return list(articles.prefetch_related(Prefetch("proposals", versions)))


def as_version(proposal: Proposal) -> Version:
    return Version(
        number=proposal.number,
        side=proposal.side,
        kind=proposal.kind,
        figures=from_json(proposal.figures),
        corrects=proposal.corrects.number if proposal.corrects else None,
    )


def standing_of(article: Article) -> Standing:
    return standing_among(versions_of(article))


def standing_among(versions: Iterable[Proposal]) -> Standing:
    """Of all the versions of one article, in their order."""
    return standing([as_version(proposal) for proposal in versions])


def standing_version(article: Article, side: str) -> Proposal | None:
    """What *side* says now, or what both agreed on."""
    versions = versions_of(article)
    number = standing_among(versions).of(side)
    return next((proposal for proposal in versions if proposal.number == number), None)


def says(version: Proposal) -> dict[str, Any]:
    """What a version says: exactly what its hash is of."""
    return {
        "article": str(version.article_id),
        "version": version.number,
        "side": str(version.side),
        "kind": str(version.kind),
        "text": version.text,
        "figures": version.figures,
        "made_on": version.made_on.isoformat(),
        "source": version.source,
        "reason": version.reason,
        "corrects": version.corrects.number if version.corrects else None,
    }
