"""Writing down what is put forward. Each deed adds a version and an entry in the ledger; none changes one."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from openfloor.audit.actions import record
from openfloor.audit.chain import canonical, text_hash
from openfloor.bargaining import permissions, queries
from openfloor.bargaining.actions.holding import hold_against_mandates
from openfloor.bargaining.errors import (
    ArticleThere,
    BadArticle,
    BadProposal,
    CorrectedAlready,
    DayTooFar,
    NothingNew,
    NothingToCorrect,
    NothingToWithdraw,
    OrganisersBargain,
    TooManyArticles,
)
from openfloor.bargaining.figures import Figures, are_within_reach, as_json
from openfloor.bargaining.models import Article, Contract, Proposal
from openfloor.locks import lock_committee
from openfloor.workplace.models import Committee, Member
from openfloor.workplace.queries import today

MOST_ARTICLES = 1_000
LONGEST_NUMBER, LONGEST_TITLE = 20, 120
LONGEST_TEXT = 60_000
LONGEST_SOURCE, LONGEST_REASON = 200, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a version says: its words, its numbers, when and where."""

    text: str
    made_on: date
    figures: Figures = field(default_factory=Figures)
    source: str = ""


@transaction.atomic
def add_article(by: Member, contract: Contract, *, number: str, title: str, now: datetime) -> Article:
    _begin(by, contract.committee_id)
    article = create_article(contract, number=number, title=title)
    _record(by, article, {"what": "article"}, now)
    return article


@transaction.atomic
def propose(by: Member, article: Article, side: str, said: Said, *, now: datetime) -> Proposal:
    _begin(by, article.committee_id)
    if says_the_same(article, side, said):
        raise NothingNew
    return _recorded(create_version(by, article, side, Proposal.Kind.PROPOSED, said, now=now), by, now)


@transaction.atomic
def agree(by: Member, article: Article, said: Said, *, now: datetime) -> Proposal:
    """Tentatively: until the members have ratified the whole, or a side comes back to it."""
    _begin(by, article.committee_id)
    if says_the_same(article, Proposal.Side.BOTH, said):
        raise NothingNew
    version = create_version(by, article, Proposal.Side.BOTH, Proposal.Kind.AGREED, said, now=now)
    return _recorded(version, by, now)


@transaction.atomic
def withdraw(
    by: Member, article: Article, side: str, *, made_on: date, source: str, now: datetime
) -> Proposal:
    _begin(by, article.committee_id)
    if (
        side not in (Proposal.Side.OURS, Proposal.Side.THEIRS)
        or queries.standing_of(article).of(side) is None
    ):
        raise NothingToWithdraw
    said = Said(text="", made_on=made_on, source=source)
    return _recorded(create_version(by, article, side, Proposal.Kind.WITHDRAWN, said, now=now), by, now)


@transaction.atomic
def correct(by: Member, wrong: Proposal, said: Said, *, reason: str, now: datetime) -> Proposal:
    """What was written down wrongly: the wrong version stays, and the new one says so."""
    _begin(by, wrong.committee_id)
    if wrong.kind == Proposal.Kind.WITHDRAWN:
        raise NothingToCorrect
    if Proposal.objects.filter(corrects=wrong).exists():
        raise CorrectedAlready
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise BadProposal
    version = create_version(
        by, wrong.article, wrong.side, Proposal.Kind.CORRECTED, said, now=now, corrects=wrong, reason=reason
    )
    return _recorded(version, by, now)


# What an import does many times in one transaction


def create_article(contract: Contract, *, number: str, title: str) -> Article:
    """Without an entry in the ledger: the caller makes one."""
    number, title = " ".join(number.split()), " ".join(title.split())
    if not (_is_line(number, LONGEST_NUMBER) and _is_line(title, LONGEST_TITLE)):
        raise BadArticle
    articles = Article.objects.filter(contract=contract)
    if articles.filter(number=number).exists():
        raise ArticleThere(number=number)
    place = (articles.aggregate(last=Max("place"))["last"] or 0) + 1
    if place > MOST_ARTICLES:
        raise TooManyArticles(most=MOST_ARTICLES)
    return Article.objects.create(
        committee_id=contract.committee_id, contract=contract, number=number, title=title, place=place
    )


def create_version(
    by: Member, article: Article, side: str, kind: str, said: Said, *, now: datetime, **more: Any
) -> Proposal:
    """Without an entry in the ledger: the caller makes one."""
    _refuse_bad(said, kind, article.committee, now)
    last = queries.last_number(article.proposals)
    version = Proposal(
        committee_id=article.committee_id,
        article=article,
        number=last + 1,
        side=side,
        kind=kind,
        text=said.text,
        figures=as_json(said.figures),
        made_on=said.made_on,
        source=said.source,
        written_by=by,
        written_at=now,
        **more,
    )
    version.hash = hash_of(version)
    version.save(force_insert=True)
    return version


def says_the_same(article: Article, side: str, said: Said) -> bool:
    """Does this side say exactly this already?"""
    now = queries.standing_version(article, side)
    return now is not None and (now.text, now.figures) == (said.text, as_json(said.figures))


def hash_of(version: Proposal) -> str:
    """SHA-256 of the canonical JSON of what a version says (docs/specs/ledger.md)."""
    return text_hash(canonical(queries.says(version)))


def begin(by: Member, contract: Contract) -> None:
    """The committee is locked, and this is somebody who may write its contracts down."""
    _begin(by, contract.committee_id)


def _begin(by: Member, committee_id: Any) -> None:
    lock_committee(committee_id)
    if by.committee_id != committee_id or not permissions.may_write_down(by):
        raise OrganisersBargain


def _refuse_bad(said: Said, kind: str, committee: Committee, now: datetime) -> None:
    is_empty = not said.text.strip()
    if is_empty != (kind == Proposal.Kind.WITHDRAWN) or len(said.text) > LONGEST_TEXT:
        raise BadProposal
    if not are_within_reach(said.made_on):
        raise DayTooFar
    if said.made_on > today(committee, now) or len(said.source) > LONGEST_SOURCE:
        raise BadProposal


def _is_line(text: str, longest: int) -> bool:
    return 1 <= len(text) <= longest and text.isprintable()


def _recorded(version: Proposal, by: Member, now: datetime) -> Proposal:
    payload: dict[str, Any] = {
        "what": str(version.kind),
        "side": str(version.side),
        "version": version.number,
        "made_on": version.made_on.isoformat(),
        "hash": version.hash,
    }
    if version.corrects is not None:
        payload |= {"corrects": version.corrects.number, "reason": version.reason}
    _record(by, version.article, payload, now)
    hold_against_mandates(version, now)
    return version


def _record(by: Member, article: Article, payload: dict[str, Any], now: datetime) -> None:
    about = {
        "contract": str(article.contract_id),
        "article": str(article.pk),
        "number": article.number,
        "title": article.title,
        "by": by.number,
    }
    record(by.committee_id, "proposal_written", {**about, **payload}, now=now)
