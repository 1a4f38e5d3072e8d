"""Whatever stands in an archive, the verifier answers with a report: it neither crashes nor accepts."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elections import made
from openballot import archive
from openballot.canonical import compact
from openballot.questions.lists import Lists
from openballot.verifier import verify

junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 2**70),
    st.sampled_from(
        ["", "0", "1", "-1", "01", "9" * 700, "é", "f" * 64, "A" * 43, [], {}, [[]], [{}], {"a": []}]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)


@pytest.fixture(scope="module")
def election() -> made.Made:
    return made.counted("Ed25519", questions=(made.YES_NO,), votes=((0, [[1, 0]]),), voters=1)


@pytest.fixture(scope="module")
def of_every_kind() -> made.Made:
    lists = Lists(question="?", answers=(("A", "a"),))
    vote = [[[1, 1]], [1, 2, 3]]
    return made.counted("Ed25519", questions=(lists, made.RANKING), votes=((0, vote),), voters=1)


def places_in(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a JSON value, as the container and the key or index there."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield value, key
        yield from places_in(item)


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_any_value_replaced_by_junk_and_chained_again_is_refused(
    election: made.Made, data: st.DataObject
) -> None:
    refuse_junk_in(election, data)


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_any_value_of_lists_rankings_and_shuffles_replaced_by_junk_is_refused(
    of_every_kind: made.Made, data: st.DataObject
) -> None:
    refuse_junk_in(of_every_kind, data)


def refuse_junk_in(election: made.Made, data: st.DataObject) -> None:
    steps = [(event.type, list(event.data)) for event in election.events]
    texts = data.draw(st.sampled_from([texts for _, texts in steps if texts]))
    index = data.draw(st.integers(0, len(texts) - 1))
    value = json.loads(texts[index])
    container, key = data.draw(st.sampled_from(list(places_in(value))))
    before = compact(value)
    if data.draw(st.booleans()):
        del container[key]
    else:
        container[key] = data.draw(junk)
    texts[index] = compact(value)
    if len(texts) == 4 and index < 3:
        texts[:] = archive.setup_data(*texts[:3])
    events: list[archive.Event] = []
    for event_type, held in steps:
        events.append(archive.next_event(events[-1] if events else None, event_type, tuple(held)))

    report = verify(made.archive_of(events))

    assert report.verdict == ("valid" if compact(value) == before else "invalid")


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_bytes_cut_out_or_put_in_are_refused(election: made.Made, data: st.DataObject) -> None:
    whole = election.archive()
    start = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(0, 2000))
    put_in = data.draw(st.binary(max_size=20))
    altered = whole[:start] + put_in + whole[start + length :]

    report = verify(altered)

    ends_at_an_event = any(
        altered == made.archive_of(election.events[:count]) for count in range(1, len(election.events) + 1)
    )
    assert (report.verdict == "valid") == ends_at_an_event
