"""The law tables: every fact that was collected stands in a row, dated, with how far it was checked."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from workrules.staffing import (
    PROVISIONS,
    RATIOS,
    Confidence,
    Counted,
    ImpossibleLaw,
    Measure,
    Note,
    Per,
    Ratio,
    ShiftOfDay,
    Unit,
    ratios_for,
)

COLLECTED = json.loads((Path(__file__).parent / "data" / "ratios.json").read_text(encoding="utf-8"))
CONFIDENCE = {
    "verbatim_seen": Confidence.READ,
    "secondary": Confidence.SUMMARY,
    "unverified_memory": Confidence.MEMORY,
}
BY_KEY = {each.key: each for each in RATIOS}


def rows_of(fact: dict[str, Any]) -> list[Ratio]:
    return [
        each for each in RATIOS if (each.jurisdiction, each.named) == (fact["jurisdiction"], fact["unit"])
    ]


@pytest.mark.parametrize(
    "fact", COLLECTED["ratios"], ids=lambda fact: f"{fact['jurisdiction']} {fact['unit']}"
)
def test_every_collected_row_stands_in_the_table(fact: dict[str, Any]) -> None:
    row = rows_of(fact)[-1]

    assert (row.at_most, row.citation, row.source, row.confidence) == (
        fact["max_patients"],
        fact["citation"],
        fact["source"],
        CONFIDENCE[fact["confidence"]],
    )
    began = None if row.effective_on is None else row.effective_on.isoformat()
    assert began == fact["effective_from"] or Note.ONLY_THE_YEAR_IS_KNOWN in row.notes
    assert row.superseded_on is None
    assert (row.measure is Measure.WARD_MINIMUM) == fact["measure"].startswith("ward minimum")


@pytest.mark.parametrize(
    "fact", [each for each in COLLECTED["ratios"] if "history" in each], ids=lambda fact: str(fact["unit"])
)
def test_superseded_rows_stay_and_leave_no_gap(fact: dict[str, Any]) -> None:
    rows = rows_of(fact)

    assert [(str(each.effective_on), each.at_most) for each in rows] == [
        tuple(step) for step in fact["history"]
    ]
    assert [each.superseded_on for each in rows[:-1]] == [each.effective_on for each in rows[1:]]


@pytest.mark.parametrize(
    ("jurisdiction", "fact"),
    [(jurisdiction, fact) for jurisdiction, facts in COLLECTED["rules"].items() for fact in facts],
    ids=lambda value: value if isinstance(value, str) else str(value["id"]),
)
def test_every_collected_rule_is_a_provision(jurisdiction: str, fact: dict[str, Any]) -> None:
    provision = {each.key: each for each in PROVISIONS}[fact["id"]]

    assert (provision.jurisdiction, provision.confidence) == (jurisdiction, CONFIDENCE[fact["confidence"]])
    assert provision.source == fact["source"] or provision.source in fact["source"]


def test_keys_are_unique() -> None:
    assert len({each.key for each in (*RATIOS, *PROVISIONS)}) == len(RATIOS) + len(PROVISIONS)


def test_rows_without_a_read_text_or_a_read_date_must_be_checked() -> None:
    assert [
        BY_KEY[key].must_be_checked
        for key in (
            "us-ca-telemetry-2008",
            "us-ca-pediatric",
            "us-or-medical-surgical-2026",
            "us-or-aide-night",
        )
    ] == [False, True, True, True]


def test_row_that_is_known_by_its_year_says_so() -> None:
    row = BY_KEY["us-ny-critical-care"]

    assert (row.effective_on, row.dates, row.must_be_checked) == (date(2023, 1, 1), Confidence.MEMORY, True)


def test_oregon_speaks_of_registered_nurses_and_california_of_licensed_ones() -> None:
    assert {each.per for each in RATIOS if each.jurisdiction == "US-OR"} == {Per.REGISTERED_NURSE, Per.AIDE}
    assert {each.per for each in RATIOS if each.jurisdiction == "US-CA"} == {
        Per.LICENSED_NURSE,
        Per.REGISTERED_NURSE,
    }


def test_what_a_limit_counts_is_in_its_row() -> None:
    assert {each.counts: each.key for each in RATIOS if each.jurisdiction == "US-CA"}.keys() == set(Counted)
    assert BY_KEY["us-or-mother-baby"].counts is Counted.MOTHERS_AND_BABIES


def test_rules_of_a_day_are_those_of_that_day_and_no_other() -> None:
    def limits(on: date) -> list[int]:
        return [
            each.at_most
            for each in ratios_for(
                RATIOS, jurisdiction="US-CA", unit=Unit.STEP_DOWN, on=on, shift=ShiftOfDay.DAY
            )
        ]

    assert [limits(date(2003, 12, 31)), limits(date(2007, 12, 31)), limits(date(2008, 1, 1))] == [
        [],
        [4],
        [3],
    ]


def test_no_two_rows_of_one_measure_are_in_force_together() -> None:
    turns = sorted({each.effective_on for each in RATIOS if each.effective_on} | {date(2026, 7, 1)})
    for on in [day + shift for day in turns for shift in (timedelta(), timedelta(days=-1))]:
        for shift in ShiftOfDay:
            inforce = [
                (each.jurisdiction, each.unit, each.per, each.measure, each.counts)
                for each in RATIOS
                if each.in_force(on) and shift in each.shifts
            ]
            assert len(inforce) == len(set(inforce)), (on, shift)


@pytest.mark.parametrize(
    "build",
    [
        lambda row: replace(row, at_most=0),
        lambda row: replace(row, shifts=()),
        lambda row: replace(row, superseded_on=row.effective_on),
        lambda row: replace(row, effective_on=None, superseded_on=date(2030, 1, 1)),
    ],
)
def test_impossible_rows_cannot_be_built(build: Callable[[Ratio], Ratio]) -> None:
    with pytest.raises(ImpossibleLaw):
        build(BY_KEY["us-ca-telemetry-2008"])
