"""An exported ledger, judged without a server: what its lines say of mandates follows from those before."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from factories.ballots import NO, YES, Called, ballot_in_state
from factories.mandates import BELOW, asked_after
from factories.workplace import make_committee
from openfloor import cli
from openfloor.audit import actions as audit
from openfloor.audit.chain import Check, Finding, verify_export
from openfloor.audit.models import LedgerEntry
from openfloor.audit.queries import export_lines
from openfloor.ballots import actions, tasks
from openfloor.ballots.mandate_ledger import examine
from openfloor.ballots.models import Mandate, MandateEvent
from workrules.mandates import Deed

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def called() -> Called:
    """An offer below a mandate, corrected; another one; a deadline that passed; a late beginning."""
    people = make_committee(3)
    asked = asked_after(people.now + 3 * DAY)
    called = ballot_in_state("counted", people=people, votes=(YES, YES, NO), mandate=asked)
    wrong = tell(called, 1, deed=Deed.OFFERED, numbers=BELOW)
    tell(called, 2, deed=Deed.OFFERED, numbers={"wages.total": [[31, 100]]}, corrects=wrong)
    tell(called, 3, deed=Deed.OFFERED, numbers=BELOW)
    mandate = Mandate.objects.get()
    tasks.tick(mandate.decided_at + 31 * DAY)
    tell(called, 32, deed=Deed.BEGAN)
    return called


def tell(called: Called, days: int, **told: Any) -> MandateEvent:
    mandate = Mandate.objects.select_related("ballot").get()
    at = mandate.decided_at + days * DAY
    happened = actions.Happened(**{"at": at, "act": "It was done.", "source": "Minutes", **told})
    second, third = (person.member for person in called.people.members[1:3])
    return actions.confirm_event(actions.enter_event(mandate, second, happened, at), third, at)


def export(called: Called) -> list[str]:
    return list(export_lines(called.people.committee.pk))


def test_ledger_of_an_honest_server_holds(called: Called) -> None:
    lines = export(called)

    kinds = [json.loads(line)["entry"]["kind"] for line in lines]
    assert {kind for kind in kinds if kind.startswith("mandate")} == {
        "mandate_decided",
        "mandate_event",
        "mandate_breached",
        "mandate_breach_lifted",
    }
    assert (verify_export(lines), examine(lines).findings) == ([], [])


def test_program_checks_it_outside_the_server(
    called: Called, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "ledger.jsonl"
    file.write_text("".join(f"{line}\n" for line in export(called)), encoding="utf-8")

    good = cli.main(["ledger", "verify", str(file)])
    audit.record(
        called.people.committee.pk,
        "mandate_breached",
        {**breach_payload(), "breach": "signed_without_vote"},
        now=called.now + 100 * DAY,
    )
    file.write_text("".join(f"{line}\n" for line in export(called)), encoding="utf-8")
    bad = cli.main(["ledger", "verify", str(file)])

    said = capsys.readouterr().out
    assert (good, bad) == (0, 1)
    assert "Mandates: 1. Breaches of them that stand: 2." in said
    assert "says something about a mandate that does not follow from the lines before it" in said


def breach_payload() -> dict[str, Any]:
    entry = LedgerEntry.objects.filter(kind="mandate_breached").latest("number")
    return dict(json.loads(entry.payload or ""))


Lines = list[dict[str, Any]]


def without(kind: str, lines: Lines) -> Lines:
    """The last line of a kind turned into one of another matter, so that all numbers stay."""
    last = max(place for place, line in enumerate(lines) if line["entry"]["kind"] == kind)
    return [
        {**line, "entry": {**line["entry"], "kind": "other"}} if place == last else line
        for place, line in enumerate(lines)
    ]


def changed(kind: str, lines: Lines, **change: Any) -> Lines:
    last = max(place for place, line in enumerate(lines) if line["entry"]["kind"] == kind)
    return [
        {**line, "payload": {**line["payload"], **change}} if place == last else line
        for place, line in enumerate(lines)
    ]


@pytest.mark.parametrize(
    "lie",
    [
        lambda lines: changed("mandate_breached", lines, breach="offer_below"),
        lambda lines: changed("mandate_breached", lines, at="2020-01-01T00:00:00Z"),
        lambda lines: changed("mandate_breach_lifted", lines, breach=0),
        lambda lines: changed("mandate_event", lines, by=[2]),
        lambda lines: changed("mandate_event", lines, by=[2, 2]),
        lambda lines: changed("mandate_event", lines, authority="same_rule"),
        lambda lines: changed("mandate_event", lines, deed="promised"),
        lambda lines: changed("mandate_event", lines, at="2099-01-01T00:00:00Z"),
        lambda lines: changed("mandate_event", lines, corrects=0),
        lambda lines: changed("mandate_event", lines, numbers={"wages.total": [[1, 0]]}),
        lambda lines: changed("mandate_decided", lines, ballot="8pbdKANZCGj6dS"),
        lambda lines: changed("mandate_decided", lines, mandate={}),
        lambda lines: without("mandate_decided", lines),
    ],
)
def test_line_that_does_not_follow_is_found(called: Called, lie: Callable[[Lines], Lines]) -> None:
    lines = [json.loads(line) for line in export(called)]

    found = examine(map(json.dumps, lie(lines))).findings

    assert {finding.check for finding in found} & {Check.MANDATE}


def test_breach_that_no_line_tells_is_found(called: Called) -> None:
    lines = [json.loads(line) for line in export(called)]

    assert examine(map(json.dumps, without("mandate_breached", lines))).findings == [
        Finding(Check.BREACH_UNTOLD, None)
    ]


def test_deadline_that_has_only_just_passed_may_be_untold(called: Called) -> None:
    lines = [json.loads(line) for line in export(called)]
    told = max(place for place, line in enumerate(lines) if line["entry"]["kind"] == "mandate_breached")

    assert examine(map(json.dumps, lines[:told])).findings == []


@pytest.mark.parametrize("kind", ["ballot_announced", "mandate_decided", "mandate_event"])
def test_where_a_text_was_removed_nothing_is_said_that_rests_on_it(called: Called, kind: str) -> None:
    entry = LedgerEntry.objects.filter(kind=kind).earliest("number")
    audit.remove_payload(entry.committee_id, entry.number, reason="It named somebody.", now=called.now)

    examined = examine(export(called))
    assert not examined.findings
    assert (examined.mandates is None) is kind.startswith("mandate")
