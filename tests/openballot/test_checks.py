"""The specification pages list exactly the checks there are."""

import re
from pathlib import Path

from openballot.checks import CHECKS

SPECS = Path(__file__).parents[2] / "docs" / "specs"
PAGES = {"O": SPECS / "openballot.md", "T": SPECS / "threshold-ceremony.md"}


def test_specifications_list_every_check_with_its_section_and_sentence() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES.values())

    rows = re.findall(r"^\| `(\w+)` \| ([BLOT] [\d.]+) \| (.+) \|$", text, re.MULTILINE)

    assert {name: (section, sentence) for name, section, sentence in rows} == {
        name: tuple(check) for name, check in CHECKS.items()
    }


def test_every_section_of_ours_that_a_check_names_is_on_its_page() -> None:
    for letter, page in PAGES.items():
        headings = set(re.findall(r"^## (\d+)\.", page.read_text(encoding="utf-8"), re.MULTILINE))

        assert {
            check.section[2:] for check in CHECKS.values() if check.section.startswith(f"{letter} ")
        } <= headings
