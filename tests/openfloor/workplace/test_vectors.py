"""Rolls that were signed and broken by the browser's code: both verifiers find the same."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from openfloor.workplace import roll

ROLLS: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "vectors" / "rolls.json").read_text(encoding="utf-8")
)


def test_roll_of_the_vectors_holds() -> None:
    assert roll.verify(ROLLS["good"]).findings == ()


def test_roll_of_the_vectors_entitles_the_same_members_as_in_the_browser() -> None:
    state = roll.verify(ROLLS["good"]).state

    assert [
        {
            "day": each["day"],
            "numbers": [entry.number for entry in roll.entitled(state, date.fromisoformat(each["day"]))],
        }
        for each in ROLLS["entitled"]
    ] == ROLLS["entitled"]


def test_renewed_roll_of_the_vectors_holds_and_the_same_keys_count_as_in_the_browser() -> None:
    renewed = ROLLS["renewed"]
    report = roll.verify([*ROLLS["good"][: renewed["keep"]], *renewed["lines"]])

    assert report.findings == ()
    assert [
        {
            "day": each["day"],
            "member_keys": [
                entry.member_key_on(date.fromisoformat(each["day"]))
                for entry in roll.entitled(report.state, date.fromisoformat(each["day"]))
            ],
        }
        for each in renewed["keys"]
    ] == renewed["keys"]


@pytest.mark.parametrize("case", ROLLS["refused"], ids=lambda case: case["why"])
def test_roll_of_the_vectors_has_the_same_findings_as_in_the_browser(case: dict[str, Any]) -> None:
    report = roll.verify([*ROLLS["good"][: case["keep"]], *case["lines"]])

    found = [
        {"check": found.check, "position": found.position, "number": found.number}
        for found in report.findings
    ]
    assert found == case["findings"]
