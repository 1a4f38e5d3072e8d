"""Reading what is bargained about. Nothing is written here."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Prefetch, QuerySet, Window
from django.db.models.functions import RowNumber

from openfloor.bargaining.clauses import Answer, Finding, Question, findings
from openfloor.bargaining.figures import from_json
from openfloor.bargaining.models import (
    Article,
    CalendarAddress,
    ClauseAnswer,
    Contract,
    MinuteLine,
    Proposal,
    Session,
)
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


def proposals_since(committee: Committee, day: date) -> QuerySet[Proposal]:
    """What was put forward, taken back or agreed on from that day on; corrections are none of it."""
    made = Proposal.objects.filter(committee=committee, made_on__gte=day)
    made = made.exclude(kind=Proposal.Kind.CORRECTED).select_related("article__contract")
    return made.defer("text", "figures")


def last_proposals(committee: Committee) -> list[Proposal]:
    """The last that each side put forward, and that both agreed on, as corrected since; the latest first."""
    made = Proposal.objects.filter(committee=committee, corrected_by=None)
    made = made.exclude(kind=Proposal.Kind.WITHDRAWN).select_related("article").defer("text")
    made = made.order_by("-made_on", "-written_at")
    found = [last for side in Proposal.Side if (last := made.filter(side=side).first())]
    return sorted(found, key=lambda each: (each.made_on, each.written_at), reverse=True)


# Whether a clause can be enforced


def answers_to(version: Proposal, question: Question, by: Member) -> QuerySet[ClauseAnswer]:
    """Of one member, from the first to the one that holds now."""
    return ClauseAnswer.objects.filter(proposal=version, question=question, by=by)


def latest_answers(versions: Sequence[Proposal], most: int) -> QuerySet[ClauseAnswer]:
    """To each question about each version the last *most*, the last one first, with what they follow."""
    place = Window(
        RowNumber(), partition_by=["proposal", "question"], order_by=[F("answered_at").desc(), F("pk").desc()]
    )
    answers = ClauseAnswer.objects.filter(proposal__in=versions).alias(place=place).filter(place__lte=most)
    return answers.select_related("by", "followed_by").order_by("-answered_at", "-pk")


def answer_counts(versions: Sequence[Proposal]) -> dict[tuple[UUID, Question], int]:
    """How many answers there are, those that others follow too."""
    rows = ClauseAnswer.objects.filter(proposal__in=versions).order_by()
    counted = rows.values_list("proposal", "question").annotate(Count("pk"))
    return {(proposal, Question(question)): count for proposal, question, count in counted}


def findings_about(versions: Sequence[Proposal]) -> dict[UUID, dict[Question, Finding]]:
    """What the answers that hold now come to, by version, by one query."""
    rows = ClauseAnswer.objects.filter(proposal__in=versions, followed_by=None).order_by()
    given: dict[UUID, dict[Question, list[Answer]]] = {version.pk: {} for version in versions}
    for proposal, question, says in rows.values_list("proposal", "question", "says").distinct():
        given[proposal].setdefault(Question(question), []).append(Answer(says))
    return {proposal: findings(answers) for proposal, answers in given.items()}


# Sessions and their minutes


def sessions_visible_to(member: Member) -> QuerySet[Session]:
    return Session.objects.filter(committee=member.committee_id).select_related("contract", "committee")


def public_session(session_id: UUID) -> Session | None:
    """One that everybody may read, without an account."""
    sessions = Session.objects.filter(pk=session_id, audience=Session.Audience.PUBLIC)
    return sessions.select_related("contract", "committee").first()


def sessions_between(committee: Committee, since: datetime) -> QuerySet[Session]:
    """Those that began since then, and all that are still to come."""
    return Session.objects.filter(committee=committee, starts_at__gte=since)


def sessions_that_go_on(committee: Committee, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(committee=committee, starts_at__lte=now, ended_at=None)


def sessions_to_come(committee: Committee, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(committee=committee, starts_at__gte=now, ended_at=None)


def lines_of(session: Session, *, after: int = 0) -> QuerySet[MinuteLine]:
    """In their order, each with its writer and what it corrects."""
    lines = MinuteLine.objects.filter(session=session, number__gt=after)
    return lines.select_related("writer", "corrects").order_by("number")


def put_forward_in(session: Session) -> QuerySet[Proposal]:
    """What was written down about its contract while it lasted, or since it began."""
    made = Proposal.objects.filter(
        article__contract=session.contract_id, written_at__gte=session.starts_at
    ).exclude(kind=Proposal.Kind.CORRECTED)
    if session.ended_at is not None:
        made = made.filter(written_at__lte=session.ended_at)
    return made.select_related("article").defer("text", "figures").order_by("written_at", "pk")


def session_head(session_id: str) -> dict[str, Any] | None:
    """What moves while a session lasts, told to whoever knows its address: figures, and no word."""
    try:
        session = Session.objects.filter(pk=UUID(session_id)).first()
    except ValueError:
        return None
    if session is None:
        return None
    last = session.lines.aggregate(last=Max("number"))["last"] or 0
    return {
        "lines": last,
        "proposals": put_forward_in(session).count(),
        "ended": session.ended_at is not None,
    }
