"""Every finding, each by an export that is right but for one thing."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfloor.audit import chain
from openfloor.audit.chain import Check, Finding

COMMITTEE = "0b8ff9a2-6ac6-4e9d-9d0f-0d2f6f1f3b11"
SALT = "5a" * 32


def an_export(*deeds: tuple[str, dict[str, Any]], committee: str = COMMITTEE) -> list[dict[str, Any]]:
    """A right export, one minute between entries, as values that a test may change."""
    lines = [
        {
            "entry": {
                "type": "openfloor/ledger/1",
                "committee": committee,
                "number": number,
                "at": f"2031-05-01T07:{number:02}:00Z",
                "kind": kind,
            },
            "salt": SALT,
            "payload": payload,
        }
        for number, (kind, payload) in enumerate(deeds)
    ]
    return rehashed(lines)


def rehashed(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Make payload hashes (of payloads that are there) and parents right again."""
    parent = None
    for line in lines:
        if line["payload"] is not None and line["salt"] is not None:
            line["entry"]["payload_hash"] = chain.payload_hash(line["salt"], chain.canonical(line["payload"]))
        line["entry"]["parent"] = parent
        parent = chain.text_hash(chain.canonical(line["entry"]))
    return lines


def texts(lines: list[dict[str, Any]]) -> list[str]:
    return [chain.canonical(line) for line in lines]


THREE = (
    ("committee_founded", {"name": "Harbor"}),
    ("role_given", {"number": 2}),
    ("ballot_announced", {"title": "Strike?"}),
)


def test_export_that_is_right_has_no_findings() -> None:
    assert chain.verify_export(texts(an_export(*THREE))) == []


def test_export_line_is_the_canonical_text_of_its_parts() -> None:
    (line,) = an_export(("committee_founded", {"name": 'Zoë "Z"'}))

    text = chain.export_line(chain.canonical(line["entry"]), line["salt"], chain.canonical(line["payload"]))

    assert text == chain.canonical(line)


def test_export_head_is_the_hash_of_the_last_entry() -> None:
    lines = an_export(*THREE)

    assert chain.export_head(texts(lines)) == chain.text_hash(chain.canonical(lines[-1]["entry"]))


def test_spaces_are_not_canonical() -> None:
    lines = texts(an_export(*THREE))

    for index in (0, 1, 2):
        spaced = [*lines]
        spaced[index] = lines[index].replace('"kind":', '"kind": ')
        assert chain.verify_export(spaced) == [Finding(Check.CANONICAL, index)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "[]",
        "{}",
        '{"entry":{},"payload":null,"salt":null}',
        '{"a":1,"a":1}',
        "[" * 100_000,
        '"\\ud800"',
    ],
)
def test_line_that_is_no_entry_is_not_canonical(text: str) -> None:
    lines = texts(an_export(*THREE))
    lines[2] = text

    assert chain.verify_export(lines) == [Finding(Check.CANONICAL, 2)]


@pytest.mark.parametrize("number", ["1.0", "1e0", "true", '"1"', "NaN"])
def test_entry_number_that_is_no_whole_number_is_not_canonical(number: str) -> None:
    lines = texts(an_export(*THREE))
    lines[2] = lines[2].replace('"number":2', f'"number":{number}')

    assert chain.verify_export(lines) == [Finding(Check.CANONICAL, 2)]


def test_entry_of_another_type_is_not_canonical() -> None:
    lines = an_export(*THREE)
    lines[2]["entry"]["type"] = "openfloor/ledger/2"

    assert chain.verify_export(texts(rehashed(lines))) == [Finding(Check.CANONICAL, 2)]


def test_changed_entry_breaks_the_chain_after_it() -> None:
    lines = an_export(*THREE)
    lines[1]["entry"]["kind"] = "role_ended"

    assert chain.verify_export(texts(lines)) == [Finding(Check.CHAIN, 2)]


def test_first_entry_with_a_parent_breaks_the_chain() -> None:
    lines = an_export(*THREE)[:1]
    lines[0]["entry"]["parent"] = "00" * 32

    assert chain.verify_export(texts(lines)) == [Finding(Check.CHAIN, 0)]


def test_entry_left_out_is_missed_by_number() -> None:
    lines = an_export(*THREE)
    del lines[1]

    assert chain.verify_export(texts(rehashed(lines))) == [Finding(Check.NUMBER, 1)]


def test_entry_of_another_committee_is_found() -> None:
    lines = an_export(*THREE)
    lines[1]["entry"]["committee"] = "11111111-1111-4111-8111-111111111111"

    assert chain.verify_export(texts(rehashed(lines))) == [Finding(Check.COMMITTEE, 1)]


@pytest.mark.parametrize(
    "at", ["2031-05-01T06:59:59Z", "2031-05-01T07:60:00Z", "2031-13-01T07:01:00Z", "later"]
)
def test_time_that_goes_back_or_cannot_be_is_found(at: str) -> None:
    lines = an_export(*THREE)
    lines[2]["entry"]["at"] = at

    assert chain.verify_export(texts(rehashed(lines))) == [Finding(Check.TIME, 2)]


def test_payload_that_was_changed_is_found() -> None:
    lines = an_export(*THREE)
    lines[1]["payload"] = {"number": 3}

    assert chain.verify_export(texts(lines)) == [Finding(Check.PAYLOAD, 1)]


@pytest.mark.parametrize("part", ["salt", "payload"])
def test_payload_without_its_salt_or_salt_without_its_payload_is_found(part: str) -> None:
    lines = an_export(*THREE)
    lines[1][part] = None

    assert chain.verify_export(texts(lines)) == [Finding(Check.PAYLOAD, 1)]


def removed(lines: list[dict[str, Any]], number: int) -> list[dict[str, Any]]:
    lines[number]["salt"] = lines[number]["payload"] = None
    return lines


def test_payload_removed_by_a_later_entry_is_right() -> None:
    lines = an_export(*THREE, ("payload_removed", {"number": 1, "reason": "a name stood in it"}))

    assert chain.verify_export(texts(removed(lines, 1))) == []


def test_payload_removed_without_record_is_found() -> None:
    lines = removed(an_export(*THREE), 1)

    assert chain.verify_export(texts(lines)) == [Finding(Check.REMOVED_WITHOUT_RECORD, 1)]


def test_removal_of_another_number_does_not_cover_it() -> None:
    lines = an_export(*THREE, ("payload_removed", {"number": 0, "reason": "x"}))

    assert chain.verify_export(texts(removed(removed(lines, 0), 1))) == [
        Finding(Check.REMOVED_WITHOUT_RECORD, 1)
    ]


def test_removal_that_stands_before_it_does_not_cover_it() -> None:
    lines = an_export(("committee_founded", {}), ("payload_removed", {"number": 2, "reason": "x"}), THREE[2])

    assert chain.verify_export(texts(removed(lines, 2))) == [Finding(Check.REMOVED_WITHOUT_RECORD, 2)]


def test_removal_whose_own_payload_is_gone_covers_nothing() -> None:
    lines = an_export(*THREE, ("payload_removed", {"number": 1, "reason": "x"}))

    assert chain.verify_export(texts(removed(removed(lines, 1), 3))) == [
        Finding(Check.REMOVED_WITHOUT_RECORD, 1),
        Finding(Check.REMOVED_WITHOUT_RECORD, 3),
    ]


def test_payload_that_is_still_there_after_its_removal_is_found() -> None:
    lines = an_export(*THREE, ("payload_removed", {"number": 1, "reason": "x"}))

    assert chain.verify_export(texts(lines)) == [Finding(Check.PAYLOAD, 1)]


def test_head_that_was_seen_must_still_be_there() -> None:
    lines = an_export(*THREE)
    seen = chain.text_hash(chain.canonical(lines[1]["entry"]))

    assert chain.verify_export(texts(lines), seen) == []
    assert chain.verify_export(texts(lines[:1]), seen) == [Finding(Check.SEEN_HEAD_MISSING, None)]


@pytest.mark.parametrize("lines", [[], [""], ["hello"], ['{"type":"openfloor/roll/rules/1"}']])
def test_file_that_is_no_ledger_is_refused(lines: list[str]) -> None:
    with pytest.raises(chain.NotALedger):
        chain.verify_export(lines)


@given(st.data())
def test_any_one_character_changed_is_found(data: st.DataObject) -> None:
    text = "\n".join(texts(an_export(*THREE)))
    head = chain.export_head(text.split("\n"))
    at = data.draw(st.integers(0, len(text) - 1))
    character = data.draw(st.sampled_from([c for c in '0a9f{}":,x \n' if c != text[at]]))
    changed = (text[:at] + character + text[at + 1 :]).split("\n")

    try:
        findings = chain.verify_export(changed, head)
    except chain.NotALedger:
        return
    assert findings != []


def test_salt_hides_a_payload_that_could_be_guessed() -> None:
    text = json.dumps({"number": 2})

    assert chain.payload_hash("00" * 32, text) != chain.payload_hash("01" + "00" * 31, text)
