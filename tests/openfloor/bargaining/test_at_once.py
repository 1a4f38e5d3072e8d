"""Several at a session at the same moment, each with a connection of their own."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from factories.at_once import at_once
from factories.bargaining import contract, ended_session, session
from openfloor.audit import chain
from openfloor.audit import queries as ledger
from openfloor.bargaining import actions, queries, tasks
from openfloor.bargaining.models import Session
from openfloor.bargaining.quiet import ASK_AFTER, END_AFTER
from openfloor.workplace.models import Member

pytestmark = pytest.mark.django_db(transaction=True)


def kinds_of(results: list[Any]) -> list[str]:
    return sorted(type(result).__name__ for result in results)


def entries_of(sitting: Session, kind: str) -> int:
    lines = list(ledger.export_lines(sitting.committee_id))
    assert chain.verify_export(lines, None) == []
    return ledger.entries(sitting.committee_id).filter(kind=kind).count()


def test_of_those_who_keep_a_draft_at_once_one_does_and_the_others_see_it(organiser: Member) -> None:
    over = ended_session(organiser, contract(organiser))
    now = timezone.now()

    results = at_once(
        [partial(actions.save_draft, organiser, over, f"Draft {n}.", seen=0, now=now) for n in range(4)]
    )

    assert kinds_of(results) == ["DraftMoved"] * 3 + ["ReportDraft"]
    assert over.report_drafts.count() == 1


def test_a_report_that_is_sent_by_many_is_published_once(organiser: Member) -> None:
    over = ended_session(organiser, contract(organiser))
    publish = partial(actions.publish_report, organiser, over, "They left.", seen=0, reason="")

    results = at_once([partial(publish, now=timezone.now())] * 4)

    assert kinds_of(results) == ["BadReport"] * 3 + ["Report"]
    assert entries_of(over, "session_reported") == 1


def test_of_those_who_write_ground_rules_at_once_one_does(organiser: Member) -> None:
    sitting = session(organiser, contract(organiser))
    rules = actions.Rules(text="Members may follow.", agreed_by="both")
    change = partial(actions.change_ground_rules, organiser, sitting, rules, seen=0)

    results = at_once([partial(change, now=timezone.now())] * 4)

    assert kinds_of(results) == ["GroundRules"] + ["RulesMoved"] * 3
    assert entries_of(sitting, "session_rules_changed") == 1


def test_two_note_takers_an_organiser_and_the_clock_end_one_session_once(
    organiser: Member, member: Member
) -> None:
    sitting = session(organiser, contract(organiser), member)
    assert sitting.goes_on_at is not None
    asked_at = sitting.goes_on_at + ASK_AFTER
    tasks.tick(asked_at)
    ends_at = asked_at + END_AFTER + timedelta(seconds=1)

    def note(by: Member, turn: int) -> Any:
        return actions.write_line(by, sitting, f"Line {turn}.", token=str(turn), now=ends_at)

    at_once(
        [
            *(partial(note, by, turn) for turn, by in enumerate((organiser, member, member))),
            partial(actions.end_session, organiser, sitting, now=ends_at),
            partial(tasks.tick, ends_at),
        ]
    )

    sitting.refresh_from_db()
    assert sitting.ended_at is not None
    assert entries_of(sitting, "session_ended") == 1
    numbers = [line.number for line in queries.lines_of(sitting)]
    assert numbers == list(range(1, len(numbers) + 1))
