"""Times and hashes as people read them."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from openfloor.ui.templatetags.openfloor import committee_day, committee_time, words

LATE = datetime(2031, 10, 14, 3, 0, tzinfo=UTC)


def test_committee_time_is_in_the_committees_zone_and_names_it() -> None:
    committee = SimpleNamespace(zone="America/Los_Angeles")

    assert committee_time(LATE, committee) == (
        '<time datetime="2031-10-13T20:00:00-07:00">13 October 2031, 8 p.m., Los Angeles time</time>'
    )


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("America/Argentina/Buenos_Aires", "14 October 2031, midnight, Buenos Aires time"),
        ("Asia/Kolkata", "14 October 2031, 8:30 a.m., Kolkata time"),
        ("UTC", "14 October 2031, 3 a.m., UTC"),
    ],
)
def test_committee_time_takes_a_zones_name_too(zone: str, text: str) -> None:
    assert f">{text}<" in committee_time(LATE, zone)


def test_committee_day_of_a_moment_is_the_day_there() -> None:
    assert committee_day(LATE, "America/Los_Angeles") == '<time datetime="2031-10-13">13 October 2031</time>'


def test_committee_day_of_a_date_needs_no_zone() -> None:
    assert committee_day(date(2031, 10, 14)) == '<time datetime="2031-10-14">14 October 2031</time>'


def test_words_come_two_by_two() -> None:
    assert words("00" * 32, 6) == "abandon\xa0abandon\xa0· abandon\xa0abandon\xa0· abandon\xa0abandon"


def test_words_of_an_odd_count_end_with_one() -> None:
    assert words("ff" * 32, 3) == "zoo\xa0zoo\xa0· zoo"
