"""Reading what is bargained about. Nothing is written here."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Manager, Max, Prefetch, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import translation
from django.utils.formats import date_format

from openfloor.bargaining.clauses import Answer, Finding, Question, findings
from openfloor.bargaining.figures import from_json
from openfloor.bargaining.models import (
    Article,
    CalendarAddress,
    ClauseAnswer,
    Contract,
    GroundRules,
    MinuteLine,
    Proposal,
    Report,
    ReportDraft,
    Session,
)
from openfloor.bargaining.notices import Notice
from openfloor.bargaining.quiet import ASK_AFTER
from openfloor.bargaining.standing import Standing, Version, standing
from openfloor.ui.languages import LANGUAGES
from openfloor.workplace.models import Committee, Member
from openfloor.workplace.queries import zone

LAST_LINES = 5  # that a stream tells; whoever missed more fetches them


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


def versions_that_stand(versions: Sequence[Proposal]) -> list[Proposal]:
    """Of all versions of an article: what is agreed alone, where it is; or what each side says."""
    by_number = {proposal.number: proposal for proposal in versions}
    return [by_number[number] for number in standing_among(versions).said]


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


def sessions_since(committee: Committee, since: datetime) -> QuerySet[Session]:
    """Those that began since then, and all that are still to come."""
    return Session.objects.filter(committee=committee, starts_at__gte=since)


def sessions_that_go_on(committee: Committee, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(committee=committee, starts_at__lte=now, ended_at=None)


def sessions_to_come(committee: Committee, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(committee=committee, starts_at__gte=now, ended_at=None)


def sessions_gone_quiet(now: datetime) -> QuerySet[Session]:
    """Of all committees: those that the clock may have to ask about, or to end."""
    return Session.objects.filter(ended_at=None, starts_at__lte=now - ASK_AFTER)


def sessions_to_end(committee: Committee) -> list[Session]:
    """Those about which the clock has asked, and nobody has answered since."""
    asked = Session.objects.filter(committee=committee, ended_at=None, asked_at__isnull=False)
    return [
        session for session in asked.select_related("contract").order_by("starts_at") if is_asked(session)
    ]


def is_asked(session: Session) -> bool:
    """Does the clock wait for an answer whether this session is over?"""
    if session.asked_at is None or session.ended_at is not None:
        return False
    answered = session.goes_on_at is not None and session.goes_on_at >= session.asked_at
    return not answered and not session.lines.filter(written_at__gte=session.asked_at).exists()


def session_before(session: Session) -> Session | None:
    """The last one about the same contract."""
    earlier = Session.objects.filter(contract=session.contract_id, starts_at__lt=session.starts_at)
    return earlier.order_by("-starts_at").first()


def rules_of(session: Session) -> list[GroundRules]:
    """What was written down after the announcement, the last one first."""
    return list(session.later_rules.select_related("written_by").order_by("-number"))


def editions_of(session: Session) -> list[Report]:
    """Of its report, the last one first."""
    return list(session.reports.select_related("published_by").order_by("-number"))


def drafts_of(session: Session) -> list[ReportDraft]:
    """Of its report, the last one first."""
    return list(session.report_drafts.select_related("written_by").order_by("-number"))


def says_report(report: Report) -> dict[str, Any]:
    """What an edition says: exactly what its hash is of."""
    return {
        "session": str(report.session_id),
        "edition": report.number,
        "text": report.text,
        "reason": report.reason,
    }


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


def versions_since(session: Session) -> int:
    """Written down since it began, corrections too: at one more, whoever shows them looks again."""
    versions = Proposal.objects.filter(
        article__contract=session.contract_id, written_at__gte=session.starts_at
    )
    return versions.count()


def corrections_of(proposals: Iterable[Proposal]) -> list[Proposal]:
    """All corrections in the articles of *proposals*, in their order."""
    articles = {proposal.article_id for proposal in proposals}
    corrections = Proposal.objects.filter(article__in=articles, kind=Proposal.Kind.CORRECTED)
    return list(corrections.defer("text", "figures").order_by("number"))


def session_at(session_id: str) -> Session | None:
    """Of an address that anybody may have typed."""
    try:
        return Session.objects.select_related("committee").filter(pk=UUID(session_id)).first()
    except ValueError:
        return None


def last_number(numbered: "Manager[Any] | QuerySet[Any]") -> int:
    """Of versions, lines, editions; 0 where there is none yet."""
    return numbered.aggregate(last=Max("number"))["last"] or 0


def session_head(session: Session) -> dict[str, Any]:
    """What moves while a session lasts, and its last lines: for whoever may read it, in whatever language."""
    last = list(lines_of(session).reverse()[:LAST_LINES])[::-1]
    return {
        "lines": last[-1].number if last else 0,
        "last": [_line_in_all_languages(line, zone(session.committee)) for line in last],
        "versions": versions_since(session),
        "rules": last_number(session.later_rules),
        "report": last_number(session.reports),
        "ended": session.ended_at is not None,
    }


def line_as_json(line: MinuteLine) -> dict[str, Any]:
    """Without the time of day, which is written differently in each language."""
    return {
        "number": line.number,
        "corrects": line.corrects.number if line.corrects else None,
        "text": line.text,
        "by": line.writer.number,
    }


def _line_in_all_languages(line: MinuteLine, zone: ZoneInfo) -> dict[str, Any]:
    at = {}
    for language, _name in LANGUAGES:
        with translation.override(language):
            at[language] = date_format(line.written_at.astimezone(zone), "TIME_FORMAT")
    return {**line_as_json(line), "at": at}
