"""Times as the clock on the wall shows them: an hour that is skipped or comes twice names no moment."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from openfloor.ui.moments import MomentField

CALIFORNIA, HAWAII = "America/Los_Angeles", "Pacific/Honolulu"


def read(zone: str, wall: str) -> datetime | None:
    return MomentField(ZoneInfo(zone)).clean(wall)  # type: ignore[no-any-return]


def test_hour_that_is_skipped_is_refused_in_california_and_exists_in_hawaii() -> None:
    wall = "2027-03-14T02:30"

    with pytest.raises(ValidationError, match="There is no such hour"):
        read(CALIFORNIA, wall)
    assert read(HAWAII, wall) == datetime(2027, 3, 14, 12, 30, tzinfo=UTC)


def test_hour_that_comes_twice_is_refused_in_california_and_comes_once_in_hawaii() -> None:
    wall = "2027-11-07T01:30"

    with pytest.raises(ValidationError, match="comes twice"):
        read(CALIFORNIA, wall)
    assert read(HAWAII, wall) == datetime(2027, 11, 7, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wall", "moment"),
    [
        ("2027-03-14T01:59", datetime(2027, 3, 14, 9, 59, tzinfo=UTC)),
        ("2027-03-14T03:00", datetime(2027, 3, 14, 10, 0, tzinfo=UTC)),
        ("2027-11-07T00:59", datetime(2027, 11, 7, 7, 59, tzinfo=UTC)),
        ("2027-11-07T02:00", datetime(2027, 11, 7, 10, 0, tzinfo=UTC)),
    ],
)
def test_minutes_beside_the_change_of_clocks_name_one_moment(wall: str, moment: datetime) -> None:
    assert read(CALIFORNIA, wall) == moment


@given(
    wall=st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2036, 1, 1)),  # noqa: DTZ001
    zone=st.sampled_from([CALIFORNIA, HAWAII, "Australia/Lord_Howe", "Africa/Casablanca", "Europe/Dublin"]),
)
def test_every_accepted_time_is_shown_again_as_it_was_typed(wall: datetime, zone: str) -> None:
    typed = wall.strftime("%Y-%m-%dT%H:%M")
    field = MomentField(ZoneInfo(zone))

    try:
        moment = field.clean(typed)
    except ValidationError:
        return

    assert field.prepare_value(moment) == typed
    assert moment == datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)
