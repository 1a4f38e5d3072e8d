"""A whole proposal at once: each article that says something new gets a version, in one ledger entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from openfloor.audit.actions import record
from openfloor.bargaining import queries
from openfloor.bargaining.actions.proposals import (
    MOST_ARTICLES,
    Said,
    begin,
    create_article,
    create_version,
)
from openfloor.bargaining.errors import NothingNew, TooManyArticles
from openfloor.bargaining.models import Article, Contract, Proposal
from openfloor.bargaining.reading import Part
from openfloor.workplace.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What an import would do with one article: nothing where it says the same already, or nothing at all."""

    part: Part
    article: Article | None  # None: it is new
    is_new_text: bool


def plan_import(contract: Contract, side: str, parts: Sequence[Part]) -> list[Planned]:
    """What `import_proposal` would do, without doing any of it."""
    there = {
        article.number.upper(): article for article in queries.articles_with_versions(contract, texts=True)
    }
    said = {number: _text_now(article, side) for number, article in there.items()}
    return [
        Planned(
            part=part,
            article=there.get(part.number),
            is_new_text=bool(part.text.strip()) and part.text != said.get(part.number),
        )
        for part in parts
    ]


@transaction.atomic
def import_proposal(
    by: Member,
    contract: Contract,
    side: str,
    parts: Sequence[Part],
    *,
    made_on: date,
    source: str,
    now: datetime,
) -> list[Proposal]:
    """The versions that were added. Raises NothingNew where all of it is there already."""
    begin(by, contract)
    if len(parts) > MOST_ARTICLES:
        raise TooManyArticles(most=MOST_ARTICLES)
    planned = [each for each in plan_import(contract, side, parts) if each.is_new_text]
    if not planned:
        raise NothingNew
    added = []
    for each in planned:
        article = each.article or create_article(contract, number=each.part.number, title=each.part.title)
        said = Said(text=each.part.text, made_on=made_on, source=source)
        added.append(create_version(by, article, side, Proposal.Kind.PROPOSED, said, now=now))
    _record(by, contract, side, made_on, added, now)
    return added


def _text_now(article: Article, side: str) -> str | None:
    versions = list(article.proposals.all())
    number = queries.standing_among(versions).of(side)
    return next((version.text for version in versions if version.number == number), None)


def _record(
    by: Member, contract: Contract, side: str, made_on: date, added: list[Proposal], now: datetime
) -> None:
    payload = {
        "contract": str(contract.pk),
        "title": contract.title,
        "side": side,
        "made_on": made_on.isoformat(),
        "count": len(added),
        "versions": [
            {"article": str(version.article_id), "version": version.number, "hash": version.hash}
            for version in added
        ],
        "by": by.number,
    }
    record(by.committee_id, "proposals_imported", payload, now=now)
