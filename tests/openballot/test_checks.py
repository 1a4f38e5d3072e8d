"""The specification page lists exactly the checks there are."""

import re
from pathlib import Path

from openballot.checks import CHECKS

PAGE = Path(__file__).parents[2] / "docs" / "specs" / "openballot.md"


def test_specification_lists_every_check_with_its_section_and_sentence() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| ([BLO] [\d.]+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )

    assert {name: (section, sentence) for name, section, sentence in rows} == {
        name: tuple(check) for name, check in CHECKS.items()
    }


def test_every_section_of_ours_that_a_check_names_is_on_the_page() -> None:
    headings = set(re.findall(r"^## (\d+)\.", PAGE.read_text(encoding="utf-8"), re.MULTILINE))

    assert {check.section[2:] for check in CHECKS.values() if check.section.startswith("O ")} <= headings
