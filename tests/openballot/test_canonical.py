"""Reading accepts exactly what writing produces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openballot import canonical
from openballot.canonical import NotCanonical

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts.filter(lambda name: not name.isdigit()), inner),
)


@pytest.mark.parametrize("text", ["[" * 64 + "]" * 64, '{"a":' * 64 + "0" + "}" * 64, str(2**53 - 1)])
def test_text_that_every_program_reads_alike_is_read(text: str) -> None:
    assert canonical.compact(canonical.read(text)) == text


@given(values)
def test_compact_text_is_read_as_the_same_value(value: object) -> None:
    assert canonical.read(canonical.compact(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1.0",
        "1e3",
        "-0",
        "01",
        "NaN",
        "[1, 2]",
        '{"a":1,"a":1}',
        '"\\u0061"',
        '"\\/"',
        '"\x7f"',
        '"\\ud800"',
        '{"a":1}x',
        "[" * 100_000,
        "1" * 5000,
        str(2**53),
        str(-(2**53)),
        '{"b":0,"1":0}',
        "[" * 65 + "]" * 65,
        '{"a":' * 65 + "0" + "}" * 65,
    ],
)
def test_text_nobody_would_write_is_refused(text: str) -> None:
    with pytest.raises(NotCanonical):
        canonical.read(text)


def test_delete_character_is_escaped_as_belenios_does() -> None:
    assert canonical.compact("\x7fé\n") == '"\\u007fé\\n"'


def test_record_wants_its_fields_in_order() -> None:
    value = {"a": 1, "c": 3}

    assert canonical.record(value, "a", "b", "c", optional=("b",)) == value
    for names in (("c", "a"), ("a",), ("a", "b", "c")):
        with pytest.raises(NotCanonical):
            canonical.record(value, *names)


@pytest.mark.parametrize("value", [0, 2**30 - 1, str(2**30), str(10**20)])
def test_weight_is_a_number_up_to_2_30_and_a_text_above(value: object) -> None:
    number = canonical.weight(value)

    assert canonical.weight_value(number) == value


@pytest.mark.parametrize("value", [-1, 2**30, str(2**30 - 1), "07", "", True, None, 1.0])
def test_weight_written_the_other_way_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical.weight(value)


@pytest.mark.parametrize("value", ["F" * 64, "0" * 63, 7, None])
def test_hash_that_is_no_sha256_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical.sha256_hex(value)


def test_fingerprint_is_base64_without_padding() -> None:
    assert canonical.hash_base64("") == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
