"""The charter's one text, and how the election holds it."""

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from factories.mandates import ASKED
from openfloor.ballots import charter, statements
from workrules.mandates import Base

YES_OR_NO = {"question": "Shall we?", "answers": ["Yes", "No"], "min": 1, "max": 1, "blank": False}
PARTS: dict[str, Any] = {
    "committee": {"id": "7c0e…", "name": "Night shift", "zone": "America/Los_Angeles"},
    "ballot": "3kBfZ8Wq1xPmNv",
    "title": "Strike",
    "text": "We stop work.",
    "questions": [YES_OR_NO],
    "group": "BELENIOS-2048",
    "turnout_at_least": Fraction(1, 2),
    "approval_more_than": Fraction(2, 3),
    "roll_head": "ab" * 32,
    "roll_position": 60,
    "roll_tree": "12" * 32,
    "entitled": 59,
    "day": date(2026, 3, 1),
    "opens_not_before": datetime(2026, 3, 2, 8, 0, tzinfo=ZoneInfo("America/Los_Angeles")),
    "closes_at": datetime(2026, 3, 5, 4, 0, tzinfo=UTC),
    "trustees": [(3, "17"), (1, "42")],
    "tellers": [2, 5],
    "chosen_by": 1,
    "effect": {"kind": "give_role", "number": 4, "role": "organiser"},
    "ledger_head": "cd" * 32,
}


def test_charter_is_exactly_this_text() -> None:
    assert charter.compose(**PARTS) == (
        '{"ballot":"3kBfZ8Wq1xPmNv","chosen_by":1,"closes_at":"2026-03-05T04:00:00Z",'
        '"committee":{"id":"7c0e…","name":"Night shift","zone":"America/Los_Angeles"},'
        '"effect":{"kind":"give_role","number":4,"role":"organiser"},'
        '"group":"BELENIOS-2048","ledger_head":"' + "cd" * 32 + '",'
        '"opens_not_before":"2026-03-02T16:00:00Z",'
        '"questions":[{"answers":["Yes","No"],"blank":false,"max":1,"min":1,"question":"Shall we?"}],'
        '"roll":{"day":"2026-03-01","entitled":59,"head":"'
        + "ab" * 32
        + '","position":60,"tree":"'
        + "12" * 32
        + '"},'
        '"rule":{"approval_more_than":{"denominator":3,"numerator":2,"of":"yes and no"},"tie":"not carried",'
        '"turnout_at_least":{"counts":"every accepted paper, blank ones too","denominator":2,"numerator":1,'
        '"of":"entitled"}},"tellers":[2,5],"text":"We stop work.","title":"Strike",'
        '"trustees":[{"number":3,"public_key":"17"},{"number":1,"public_key":"42"}],'
        '"type":"openfloor/charter/1"}'
    )


def test_a_share_of_all_who_may_vote_stands_in_the_rule() -> None:
    text = charter.compose(**{**PARTS, "approval_of": Base.ENTITLED})

    assert '"approval_more_than":{"denominator":3,"numerator":2,"of":"entitled"}' in text


@pytest.mark.parametrize("part", sorted(set(PARTS) - {"turnout_at_least", "approval_more_than"}))
def test_description_changes_with_every_part_of_the_charter(part: str) -> None:
    other = {
        "committee": {**PARTS["committee"], "zone": "UTC"},
        "questions": [{**YES_OR_NO, "blank": True}],
        "trustees": [(3, "17")],
        "tellers": [2],
        "effect": None,
        "day": date(2026, 3, 2),
        "opens_not_before": datetime(2026, 3, 2, 8, 1, tzinfo=UTC),
        "closes_at": datetime(2026, 3, 5, 4, 1, tzinfo=UTC),
    }
    value = PARTS[part]
    changed = other[part] if part in other else value + (1 if isinstance(value, int) else "x")

    texts = [charter.compose(**PARTS), charter.compose(**{**PARTS, part: changed})]

    assert len({charter.description("Strike", text) for text in texts}) == 2


def test_description_is_the_title_and_the_hash() -> None:
    assert charter.description("Strike", "{}") == (
        "Strike\nopenfloor charter sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    )


def test_parse_gives_back_what_was_composed() -> None:
    text = charter.compose(**PARTS)

    fields = charter.parse(text)

    assert fields["roll"] == {
        "head": "ab" * 32,
        "position": 60,
        "entitled": 59,
        "day": "2026-03-01",
        "tree": "12" * 32,
    }
    assert set(fields) == charter.FIELDS


def test_slips_stand_in_the_charter_only_when_there_are_any() -> None:
    slips = [{"number": 2, "count": 12, "list": "ef" * 32}]
    plain, text = charter.compose(**PARTS), charter.compose(**PARTS, slips=slips)

    field = '"slips":[{"count":12,"list":"' + "ef" * 32 + '","number":2}],'
    assert text == plain.replace('"tellers"', f'{field}"tellers"')
    assert charter.parse(text) == {**charter.parse(plain), "slips": slips}
    assert charter.compose(**PARTS, slips=[]) == plain


def test_threshold_stands_in_the_charter_only_when_some_of_the_trustees_are_enough() -> None:
    plain, text = charter.compose(**PARTS), charter.compose(**PARTS, threshold=2)

    assert text == plain.replace('"title"', '"threshold":2,"title"')
    assert charter.parse(text) == {**charter.parse(plain), "threshold": 2}


@pytest.mark.parametrize("threshold", ["0", "1", "3", '"2"', "true", "null"])
def test_threshold_of_no_number_from_two_to_that_of_the_trustees_is_refused(threshold: str) -> None:
    text = charter.compose(**PARTS, threshold=2)

    with pytest.raises(charter.NotACharter):
        charter.parse(text.replace('"threshold":2', f'"threshold":{threshold}'))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text + "\n",
        lambda text: text.replace('"chosen_by":1,', ""),
        lambda text: text.replace('"chosen_by":1,', '"chosen_by":1,"chosen_for":2,'),
        lambda text: text.replace("charter/1", "charter/2"),
        lambda text: text.replace('"number":3', '"number":3.0'),
        lambda text: text[:-1],
        lambda _: "[]",
    ],
)
def test_parse_refuses_any_other_text(spoil: Any) -> None:
    with pytest.raises(charter.NotACharter):
        charter.parse(spoil(charter.compose(**PARTS)))


@pytest.mark.parametrize(
    ("changes", "applies"),
    [
        ({}, True),
        ({"blank": True}, True),
        ({"min": 0}, True),
        ({"max": 2}, False),
        ({"answers": ["Ana", "Ben", "Cleo"]}, False),
        ({"type": "NonHomomorphic", "max": None}, False),
    ],
)
def test_approval_applies_to_a_choice_of_one_of_two(changes: dict[str, Any], applies: bool) -> None:
    assert charter.is_yes_or_no([{**YES_OR_NO, **changes}, YES_OR_NO]) is applies


def test_moments_are_in_utc_to_the_second() -> None:
    at = datetime(2026, 7, 1, 23, 59, 59, 999_999, tzinfo=ZoneInfo("America/Los_Angeles"))

    assert charter.moment(at) == "2026-07-02T06:59:59Z"


def test_statements_have_the_fields_of_the_specification() -> None:
    phi = "fingerprint"
    made = [
        statements.trustee_key(ballot="b", number=1, public_key="17"),
        statements.freeze(ballot="b", election_hash=phi, charter="c", trustees="t", number=1),
        statements.audit(ballot="b", election_hash=phi, credentials="c", roll="r", entitled=3, number=1),
        statements.slips(ballot="b", number=1, count=2, credentials="c"),
        statements.slips_cancelled(ballot="b", number=1, credentials="c"),
        statements.extension(ballot="b", election_hash=phi, closes_at="2026-03-05T04:00:00Z"),
        statements.shuffle(ballot="b", election_hash=phi, parent="e", shuffle="s", number=1),
        statements.final_head(ballot="b", election_hash=phi, head="h", ballots=2, number=1),
        statements.uncountable(ballot="b", election_hash=phi, reason="lost", day="2026-03-06"),
        statements.receipt(
            ballot="b", election_hash=phi, ballot_hash="x", event="e", height=4, ledger_head="l"
        ),
    ]

    assert {statement["type"]: sorted(set(statement) - {"type"}) for statement in made} == {
        "openfloor/trustee-key/1": ["ballot", "number", "public_key"],
        "openfloor/freeze/1": ["ballot", "charter", "election_hash", "number", "trustees"],
        "openfloor/audit/1": ["ballot", "credentials", "election_hash", "entitled", "number", "roll"],
        "openfloor/slips/1": ["ballot", "count", "list", "number"],
        "openfloor/slips-cancelled/1": ["ballot", "list", "number"],
        "openfloor/extension/1": ["ballot", "closes_at", "election_hash"],
        "openfloor/shuffle/1": ["ballot", "election_hash", "number", "parent", "shuffle"],
        "openfloor/final-head/1": ["ballot", "ballots", "election_hash", "head", "number"],
        "openfloor/uncountable/1": ["ballot", "day", "election_hash", "reason"],
        "openfloor/receipt/1": [
            *("ballot", "ballot_hash", "election_hash", "event", "height", "ledger_head"),
        ],
    }


def test_mandate_stands_in_the_charter_only_where_there_is_one() -> None:
    plain, text = charter.compose(**PARTS), charter.compose(**PARTS, mandate=ASKED)

    assert charter.parse(text) == {**charter.parse(plain), "mandate": ASKED}
    assert "mandate" not in plain


@pytest.mark.parametrize(
    "parts",
    [
        {"mandate": {**ASKED, "changed_by": "nobody"}},
        {"mandate": {**ASKED, "expires_at": "2026-03-05T04:00:00Z"}},
        {"mandate": ASKED, "practice": True, "effect": None},
        {"mandate": ASKED, "questions": [{**PARTS["questions"][0], "max": 2}]},
    ],
)
def test_charter_with_a_mandate_that_cannot_be_is_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(charter.NotACharter):
        charter.parse(charter.compose(**{**PARTS, **parts}))
