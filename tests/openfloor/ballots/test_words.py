"""What pages say of ballots: rounded for people, never past the truth."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from openfloor.ballots import percents, trackers, words
from openfloor.ui.clock import zone_in_words
from openfloor.ui.moments import MomentField
from workrules.mandates import Base, Rule

ZONE = ZoneInfo("America/Los_Angeles")
TIE = " A tie does not carry."
NOW = datetime(2026, 10, 7, 19, 0, tzinfo=UTC)  # Wednesday, noon in Los Angeles


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Fraction(0), "0 %"),
        (Fraction(1), "100 %"),
        (Fraction(97, 100), "97 %"),
        (Fraction(2, 3), "66.7 %"),
        (Fraction(56, 58), "96.6 %"),
        (Fraction(9999, 10_000), "99.9 %"),
        (Fraction(1, 10_000), "0.1 %"),
    ],
)
def test_percent_never_shows_all_or_none_for_less_or_more(share: Fraction, shown: str) -> None:
    assert percents.percent(share) == shown


@pytest.mark.parametrize(
    ("turnout", "approval", "sentences"),
    [
        (
            Fraction(1, 2),
            Fraction(2, 3),
            [
                "It counts when at least half of those entitled vote. Blank votes count here.",
                "It carries when more than two thirds of those who say yes or no say yes." + TIE,
            ],
        ),
        (
            Fraction(0),
            Fraction(0),
            ["No turnout is asked for: it counts however few vote.", "It carries when anyone says yes."],
        ),
        (
            Fraction(1),
            None,
            [
                "It counts only when everyone who is entitled votes. Blank votes count here.",
                "Nothing is approved or refused: the answers are counted.",
            ],
        ),
        (
            Fraction(3, 7),
            Fraction(5, 9),
            [
                "It counts when at least 3 of every 7 of those entitled vote. Blank votes count here.",
                "It carries when more than 5 of every 9 of those who say yes or no say yes." + TIE,
            ],
        ),
    ],
)
def test_rule_is_said_in_plain_words(
    turnout: Fraction, approval: Fraction | None, sentences: list[str]
) -> None:
    rule = Rule(turnout_at_least=turnout, approval_more_than=approval)

    assert words.rule_in_words(rule) == sentences


def test_a_rule_of_all_who_may_vote_says_so() -> None:
    rule = Rule(turnout_at_least=Fraction(0), approval_more_than=Fraction(1, 2), approval_of=Base.ENTITLED)

    assert words.rule_in_words(rule)[1] == (
        "It carries when more than half of all who may vote say yes, voting or not."
    )


@pytest.mark.parametrize(
    ("away", "shown"),
    [
        (timedelta(0), "today, noon"),
        (timedelta(hours=13), "tomorrow, 1 a.m."),
        (timedelta(hours=-13), "yesterday, 11 p.m."),
        (timedelta(days=3), "Saturday, noon"),
        (timedelta(days=-8, hours=1), "29 September, 1 p.m."),
        (timedelta(days=365), "7 October 2027, noon"),
    ],
)
def test_short_time_names_near_days_in_the_committees_zone(away: timedelta, shown: str) -> None:
    assert words.short_time(NOW + away, ZONE, NOW) == shown


@pytest.mark.parametrize(("zone", "shown"), [("UTC", "UTC"), ("America/Los_Angeles", "Los Angeles time")])
def test_zone_is_named_by_its_city(zone: str, shown: str) -> None:
    assert zone_in_words(zone) == shown


def test_moment_field_reads_the_clock_on_the_committees_wall() -> None:
    field = MomentField(ZONE)

    assert field.clean("2026-10-07T12:00") == NOW
    assert field.prepare_value(NOW) == "2026-10-07T12:00"


def test_trackers_are_found_by_the_words_as_the_receipt_prints_them() -> None:
    hashes = ["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", "3WcaZKs//XijZb6tdvXO3/17auZ9VAqezXwAnMt/Sdc"]
    printed = trackers.tracker_of(hashes[1]).in_words

    assert printed == "talent\xa0decide\xa0· odor\xa0filter\xa0· zone\xa0rough"
    assert trackers.find(hashes, printed) == [hashes[1]]
    assert trackers.find(hashes, printed.replace("\xa0", " ")) == [hashes[1]]
    assert trackers.find(hashes, "") == hashes
    assert trackers.find(hashes, "zone rough") == []
