"""Each kind of entry, read as a member reads it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from openfloor.audit import words
from openfloor.audit.actions import record, remove_payload
from openfloor.audit.chain import Check, Finding

NOW = datetime(2031, 5, 1, 7, 0, tzinfo=UTC)
STRIKE = {"ballot": "aBcDeFgHiJkLmN", "title": "Strike?"}
ROLE = {"number": 4, "role": "teller", "day": "2031-05-01"}
RULES = {"founding_members": 3, "vouches": 2, "vouch_from_day": 7, "vouches_a_month": 5, "objection_days": 3}

ENTRIES: list[tuple[str, dict[str, Any], str]] = [
    (
        "committee_founded",
        {"name": "Harbor", "zone": "America/Los_Angeles"},
        "The committee “Harbor” was prepared. Its time zone is America/Los_Angeles.",
    ),
    (
        "board_key",
        {"public_key": "a1b2c3d4" + "00" * 28},
        "The key that signs receipts was made. It begins with a1b2c3d4.",
    ),
    (
        "roll_rules",
        {"rules": RULES},
        "The roll's rules: the first 3 members need one vouch, everyone after them 2. "
        "A member may vouch from day 7, for 5 people a month. Days for objections: 3.",
    ),
    (
        "role_given",
        {**ROLE, "role": "organiser", "confirmations": [], "as_founder": True},
        "Member 4 founded the committee and is its organiser until the first election.",
    ),
    (
        "role_given",
        {**ROLE, "confirmations": [{"by": 2, "signature": "…"}, {"by": 3, "signature": "…"}]},
        "Member 4 became teller. Signed by members 2 and 3.",
    ),
    (
        "role_given",
        {**ROLE, "confirmations": [], "by_ballot": "aBcDeFgHiJkLmN"},
        "Member 4 became teller by ballot aBcDeFgHiJkLmN.",
    ),
    ("role_ended", {**ROLE, "signature": "…"}, "Member 4 gave back the role of teller."),
    ("role_ended", {**ROLE, "left_the_roll": True}, "Member 4 left the committee and is no longer teller."),
    (
        "role_ended",
        {**ROLE, "by_ballot": "aBcDeFgHiJkLmN"},
        "Member 4 is no longer teller, by ballot aBcDeFgHiJkLmN.",
    ),
    (
        "workplace_changed",
        {"what": "site", "id": 1, "name": "Main", "by": 1},
        "Member 1 wrote down the site “Main”.",
    ),
    (
        "workplace_changed",
        {"what": "unit", "id": 1, "site": 1, "name": "4 West", "headcount": 31, "by": 1},
        "Member 1 wrote down the unit “4 West”: people who work there: 31.",
    ),
    (
        "workplace_changed",
        {"what": "occupation", "id": 1, "name": "nurse", "headcount": 310, "by": 1},
        "Member 1 wrote down the occupation “nurse”: people who do it: 310.",
    ),
    (
        "ballot_announced",
        {**STRIKE, "by": 1, "entitled": 60},
        "Member 1 called the ballot “Strike?”. 60 members may vote.",
    ),
    (
        "ballot_announced",
        {**STRIKE, "by": 1, "entitled": 1},
        "Member 1 called the ballot “Strike?”. 1 member may vote.",
    ),
    ("ballot_frozen", STRIKE, "The text, the trustees' keys and the list of voters of “Strike?” were fixed."),
    (
        "ballot_trustees_replaced",
        {**STRIKE, "by": 1, "trustees": [1, 2, 4], "threshold": 2},
        "Member 1 let the trustees of “Strike?” begin again: members 1, 2 and 4.",
    ),
    (
        "ballot_shares_refused",
        {**STRIKE, "by": 3, "of": [2]},
        "Member 3, a trustee of “Strike?”, found the shares of member 2 wrong.",
    ),
    ("ballot_opened", STRIKE, "Voting on “Strike?” opened."),
    (
        "ballot_extended",
        {**STRIKE, "from": "2031-05-01T07:00:00Z", "closes_at": "2031-05-02T03:30:00Z", "by": [2, 3, 5]},
        "Voting on “Strike?” goes on until 2 May 2031, 3:30 a.m. UTC. Signed by members 2, 3 and 5.",
    ),
    ("ballot_closed", {**STRIKE, "ballots": 49}, "Voting on “Strike?” closed with 49 ballots on the board."),
    (
        "ballot_counted",
        {**STRIKE, "papers": 49, "entitled": 60, "unmet": []},
        "“Strike?” was counted: 49 of 60 voted. Every condition of its rule was met.",
    ),
    (
        "ballot_counted",
        {
            **STRIKE,
            "papers": 49,
            "entitled": 60,
            "unmet": [],
            "counts": [{"elected": ["Ana, nights", "Ben"], "valid": 48, "blank": 1, "invalid": 0}, [30, 19]],
        },
        "“Strike?” was counted: 49 of 60 voted. Every condition of its rule was met. "
        "Elected: Ana, nights · Ben.",
    ),
    (
        "ballot_counted",
        {**STRIKE, "papers": 9, "entitled": 60, "unmet": ["turnout", "approval"]},
        "“Strike?” was counted: 9 of 60 voted. Its rule was not met: too few voted, too few said yes.",
    ),
    (
        "ballot_uncountable",
        {**STRIKE, "reason": "a trustee's key is lost", "by": [2]},
        "“Strike?” cannot be counted: a trustee's key is lost. Signed by member 2.",
    ),
    (
        "ballot_withdrawn",
        {**STRIKE, "by": 1, "reason": "Wrong date!"},
        "Member 1 withdrew the ballot “Strike?”: Wrong date!",
    ),
    (
        "payload_removed",
        {"number": 3, "reason": "it named a person"},
        "The text of line 3 was removed: it named a person.",
    ),
    (
        "key_renewal",
        {"number": 3, "roles": ["teller", "trustee"], "counts_from": "2026-10-03"},
        "Member 3 (teller, trustee) lost their key. The new one counts from 3 October 2026.",
    ),
    (
        "key_renewal_stopped",
        {"number": 3, "roles": ["teller"], "by": 5},
        "Member 5 stopped the new key of member 3 (teller).",
    ),
    ("something_later", {}, "Recorded: something_later."),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "payload", "expected"), ENTRIES)
def test_entry_is_a_sentence(kind: str, payload: dict[str, Any], expected: str) -> None:
    entry = record(uuid4(), kind, payload, now=NOW)

    assert words.describe(entry) == expected


@pytest.mark.django_db
def test_entry_whose_text_was_removed_says_so() -> None:
    committee = uuid4()
    entry = record(committee, "ballot_withdrawn", {"reason": "…"}, now=NOW)
    remove_payload(committee, 0, reason="it named a person", now=NOW)
    entry.refresh_from_db()

    assert words.describe(entry) == "The text of this line was removed. A later line says why."


def test_every_kind_that_the_specification_names_has_a_sentence() -> None:
    specification = (Path(__file__).parents[3] / "docs/specs/ledger.md").read_text(encoding="utf-8")
    kinds = specification.split("Kinds so far:")[1].split(". Nothing")[0].replace("\n", " ")

    assert {kind.strip(" `") for kind in kinds.split(",")} == set(words.SENTENCES)


@pytest.mark.parametrize("check", Check)
def test_every_finding_is_a_sentence_that_names_the_line_as_an_editor_does(check: Check) -> None:
    said = words.sentence(Finding(check, 4))

    assert said.endswith(".")
    assert ("5" in said) == (check not in (Check.SEEN_HEAD_MISSING, Check.BREACH_UNTOLD))
