"""The style sheet: contrast in both schemes, and nothing that a five-year-old phone cannot draw."""

import re
from pathlib import Path

import pytest

import openfloor.ui

STATIC = Path(openfloor.ui.__file__).parent / "static/ui"
LOOK = (STATIC / "look.css").read_text(encoding="utf-8")


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))


LIGHT = tokens(LOOK.split(":root {")[1])
DARK = tokens(LOOK.split(":root {")[2])


def luminance(color: str) -> float:
    def linear(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(color[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


TEXT = [
    ("ink", "paper"),
    ("ink", "card"),
    ("ink", "now"),
    ("ink", "broken-wash"),
    ("ink", "wash"),
    ("soft", "paper"),
    ("soft", "card"),
    ("accent", "paper"),
    ("accent", "card"),
    ("accent-deep", "wash"),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
    ("kept", "card"),
    ("broken", "paper"),
    ("broken", "card"),
    ("broken", "broken-wash"),
    ("on-broken", "broken"),
]


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(scheme: dict[str, str], text: str, ground: str) -> None:
    assert contrast(scheme[text], scheme[ground]) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "card"])
def test_edge_of_a_field_can_be_seen(scheme: dict[str, str], ground: str) -> None:
    assert contrast(scheme["edge"], scheme[ground]) >= 3


def test_dark_scheme_changes_every_color_but_those_of_paper_and_screen_alike() -> None:
    assert set(DARK) == set(LIGHT)


@pytest.mark.parametrize("young", ["light-dark(", "oklch(", "@layer", "@container", "color-mix("])
def test_look_uses_nothing_that_older_phones_lack(young: str) -> None:
    rules = re.sub(r"/\*.*?\*/", "", LOOK, flags=re.S)

    assert young not in rules


def test_fonts_lie_beside_the_style_sheet() -> None:
    fonts = re.findall(r'url\("([^"]+)"\)', LOOK)

    assert fonts
    assert [font for font in fonts if not (STATIC / font).is_file()] == []
    assert "http" not in LOOK


def test_nothing_stands_left_or_right_where_a_language_may_run_the_other_way() -> None:
    physical = re.findall(
        r"(?:margin|padding|border)-(?:left|right)|[{;\s](?:left|right):|: (?:left|right)\b", LOOK
    )

    assert physical == []
