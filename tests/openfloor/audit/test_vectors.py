"""Ledgers that the browser's code made and broke: both verifiers find the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from openfloor.audit import chain

LEDGERS: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "vectors" / "ledgers.json").read_text(encoding="utf-8")
)


def test_ledger_of_the_vectors_holds() -> None:
    assert chain.verify_export(LEDGERS["good"]) == []


@pytest.mark.parametrize("case", LEDGERS["refused"], ids=lambda case: case["why"])
def test_ledger_of_the_vectors_has_the_same_findings_as_in_the_browser(case: dict[str, Any]) -> None:
    found = {(str(found.check), found.line) for found in chain.verify_export(case["lines"])}

    assert found == {(expected["check"], expected["line"]) for expected in case["findings"]}
