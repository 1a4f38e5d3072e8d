"""A verifier names every lie. Altered rolls are signed and chained anew: one check alone can see the lie."""

import base64
import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.workplace import keys_of, public_keys_of
from openfloor.workplace import roll
from openfloor.workplace.memberkeys import GROUPS, Keys, canonical, hash_of
from openfloor.workplace.roll import Finding, Record, Rules
from openfloor.workplace.words import SENTENCES, RuleInWords, describe, differences_of, rules_in_words

COMMITTEE = "0f8fad5b-d9cb-469f-a165-70867728950e"
ANOTHER_COMMITTEE = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
DAY = date(2026, 3, 2)
IDENTITY = {"BELENIOS-2048": "1", "Ed25519": "0" * 63 + "1", "RFC-3526-2048": "1"}
OUTSIDE = {"BELENIOS-2048": "2", "Ed25519": "0" * 64, "RFC-3526-2048": "11"}


def after(days: int) -> date:
    return DAY + timedelta(days=days)


@cache
def proofs_of(index: int, number: int, committee: str = COMMITTEE) -> dict[str, dict[str, str]]:
    return keys_of(index).proofs(committee, number, lambda length: b"\x07" * length)


def rules(day: date = DAY, **changes: int) -> Record:
    return {"type": roll.RULES, "day": day.isoformat(), "rules": Rules(**changes).as_json()}


def vouch(by: int, number: int, day: date, keys: Keys, signed_by: int | None = None) -> dict[str, Any]:
    statement = roll.vouch_statement(COMMITTEE, number, day, keys)
    signature = keys_of(signed_by or by).sign(statement)
    return {"by": by, "day": day.isoformat(), "signature": signature}


def entry(
    number: int,
    day: date,
    *vouchers: int | tuple[int, date],
    founding: bool = False,
    keys: Keys | None = None,
    index: int | None = None,
) -> Record:
    """The entry of the person with this number; a voucher stands alone or with their day."""
    index = index or number
    keys = keys or public_keys_of(index)
    given = [voucher if isinstance(voucher, tuple) else (voucher, day) for voucher in vouchers]
    return {
        "type": roll.ENTRY,
        "day": day.isoformat(),
        "number": number,
        "founding": founding,
        "keys": keys,
        "proofs": proofs_of(index, number),
        "vouches": [vouch(by, number, vouch_day, keys) for by, vouch_day in given],
    }


def objection(
    number: int, by: int, day: date, signed_by: int | None = None, committee: str = COMMITTEE
) -> Record:
    signature = keys_of(signed_by or by).sign(roll.objection_statement(committee, number, day))
    return {
        "type": roll.OBJECTION,
        "day": day.isoformat(),
        "number": number,
        "by": by,
        "signature": signature,
    }


def withdrawal(number: int, by: int, day: date, signed_by: int | None = None) -> Record:
    signature = keys_of(signed_by or by).sign(roll.withdrawal_statement(COMMITTEE, number, day))
    return {
        "type": roll.WITHDRAWAL,
        "day": day.isoformat(),
        "number": number,
        "by": by,
        "signature": signature,
    }


def end(number: int, day: date, signed_by: int | None = None) -> Record:
    signature = keys_of(signed_by or number).sign(roll.resignation_statement(COMMITTEE, number, day))
    return {"type": roll.END, "day": day.isoformat(), "number": number, "signature": signature}


def chained(records: list[Record]) -> list[str]:
    """The lines of a roll; what a record says of its own place and committee is kept."""
    lines: list[str] = []
    for position, record in enumerate(records):
        parent = hash_of(lines[-1]) if lines else None
        place = {"committee": COMMITTEE, "position": position, "parent": parent}
        lines.append(canonical({**place, **record}))
    return lines


def founded() -> list[Record]:
    """Rules, and the three founding members."""
    return [
        rules(),
        entry(1, DAY, founding=True),
        entry(2, DAY, 1, founding=True),
        entry(3, after(1), 1, founding=True),
    ]


def grown() -> list[Record]:
    """Two more members, a settled objection and a member who left: everything a roll can hold."""
    return [
        *founded(),
        entry(4, after(2), 1, 2),
        objection(4, 3, after(3)),
        withdrawal(4, 3, after(4)),
        entry(5, after(9), (1, after(8)), (4, after(9))),
        end(2, after(10)),
    ]


def findings_of(records: list[Record], **options: Any) -> list[Finding]:
    return list(roll.verify(chained(records), **options).findings)


def altered(records: list[Record], at: int, /, **changes: Any) -> list[Record]:
    return [*records[:at], {**records[at], **changes}, *records[at + 1 :]]


def mixed_keys(own: int, **borrowed: int) -> tuple[Keys, dict[str, dict[str, str]]]:
    """Keys of person *own* with some of another person's, and proofs that hold for number 9."""
    keys, proofs = public_keys_of(own), dict(proofs_of(own, 9))
    member = public_keys_of(borrowed.pop("member"))["member"] if "member" in borrowed else keys["member"]
    credentials = dict(keys["credentials"])
    for name, owner in borrowed.items():
        credentials[name] = public_keys_of(owner)["credentials"][name]
        proofs[name] = proofs_of(owner, 9)[name]
    return {"member": member, "credentials": credentials}, proofs


# A roll that holds


def test_roll_that_grew_by_the_rules_has_no_finding() -> None:
    report = roll.verify(chained(grown()))

    assert report.findings == ()
    assert report.state.size == 9
    assert report.state.head == hash_of(chained(grown())[-1])
    assert report.state.committee == COMMITTEE
    assert {number: each.ended for number, each in report.state.entries.items()} == {
        1: False,
        2: True,
        3: False,
        4: False,
        5: False,
    }
    assert [each.founding for each in report.state.entries.values()] == [True, True, True, False, False]
    assert report.state.entries[5].vouchers == (1, 4)


def test_roll_leaves_gaps_for_those_who_were_never_vouched_for() -> None:
    assert findings_of([*founded(), entry(9, DAY + timedelta(days=1), 1, 2)]) == []


def test_rules_of_the_first_record_hold() -> None:
    records = [rules(vouches=3), *founded()[1:], entry(4, after(2), 1, 2, 3)]

    assert findings_of(records) == []
    assert findings_of([*records, entry(5, after(2), 1, 2)]) == [Finding("vouch_count", 5, 5)]


def test_verifying_on_from_a_checked_state_gives_the_same_as_at_once() -> None:
    lines = chained(grown())
    first = roll.verify(lines[:5])

    rest = roll.verify(lines[5:], since=first.state)

    assert rest == roll.verify(lines)
    assert first.state == roll.verify(lines[:5]).state


def test_replay_gives_the_state_that_a_verifier_reaches() -> None:
    lines = chained(grown())

    assert roll.replay(lines) == roll.verify(lines).state
    assert roll.replay(lines[5:], since=roll.replay(lines[:5])) == roll.verify(lines).state


def test_verifying_one_group_leaves_the_proofs_of_the_others() -> None:
    proofs = {**proofs_of(4, 4), "BELENIOS-2048": proofs_of(4, 5)["BELENIOS-2048"]}
    records = altered(grown(), 4, proofs=proofs)

    assert findings_of(records, groups=["Ed25519"]) == []
    assert findings_of(records, groups=["BELENIOS-2048"]) == [Finding("possession", 4, 4)]


# Lines and chain


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line + " ",
        lambda line: line.replace('":', '": ', 1),
        lambda line: line[:-1],
        lambda line: "[" + line + "]",
        lambda line: "",
        lambda line: "7",
        lambda line: line.replace('"by":3', '"by":3.0'),
        lambda line: line.replace('"by":3', '"by":3,"by":3'),
    ],
)
def test_line_that_is_not_a_canonical_object_is_found(spoil: Callable[[str], str]) -> None:
    lines = chained([*founded(), entry(4, after(2), 1, 2), objection(4, 3, after(3))])
    lines[5] = spoil(lines[5])

    assert roll.verify(lines).findings == (Finding("canonical", 5),)


def test_file_that_is_no_text_is_found() -> None:
    data = "".join(line + "\n" for line in chained(founded())).encode() + b"\xff\xfe\n"

    assert roll.verify_file(data).findings == (Finding("canonical", 4),)


def test_file_without_its_last_line_feed_is_found() -> None:
    data = "\n".join(chained(founded())).encode()

    assert roll.verify_file(data + b"\n").findings == ()
    assert roll.verify_file(data).findings == (Finding("canonical", 3),)


def test_empty_line_is_found() -> None:
    data = "".join(line + "\n" for line in chained(founded())).encode() + b"\n"

    assert roll.verify_file(data).findings == (Finding("canonical", 4),)


@pytest.mark.parametrize(
    "changes", [{"position": 3}, {"position": "4"}, {"position": -1}, {"parent": "0" * 64}, {"parent": None}]
)
def test_record_out_of_its_place_in_the_chain_is_found(changes: dict[str, Any]) -> None:
    assert findings_of(altered(grown(), 4, **changes)) == [Finding("chain", 4, 4)]


def test_position_true_is_not_the_position_1() -> None:
    assert findings_of(altered(founded(), 1, position=True)) == [Finding("chain", 1, 1)]


def test_record_that_was_taken_out_is_found() -> None:
    lines = chained([*grown(), end(3, after(11))])

    findings = roll.verify(lines[:8] + lines[9:]).findings

    assert findings == (Finding("chain", 8, 3),)


@pytest.mark.parametrize("day", ["2026-02-30", "2026-3-2", "20260302", "2026-W10-1", "", None, 5])
def test_day_that_is_none_is_found(day: object) -> None:
    assert findings_of(altered([*founded(), end(3, after(1))], 4, day=day)) == [Finding("day", 4, 3)]


def test_day_that_goes_back_is_found() -> None:
    assert findings_of([*grown(), objection(5, 3, after(9))]) == [Finding("day", 9, 5)]


def test_record_of_another_committee_is_found() -> None:
    foreign = {**objection(3, 1, after(1), committee=ANOTHER_COMMITTEE), "committee": ANOTHER_COMMITTEE}

    assert findings_of([*founded(), foreign]) == [Finding("committee", 4, 3)]


@pytest.mark.parametrize("committee", [COMMITTEE.upper(), "", None, 7, "the-committee"])
def test_committee_whose_id_is_none_is_found(committee: object) -> None:
    assert findings_of([{**rules(), "committee": committee}]) == [Finding("committee", 0)]


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "openfloor/roll/entry/2"},
        {"type": None},
        {"note": "hello"},
        {"number": True},
        {"by": "3"},
        {"by": None},
    ],
)
def test_record_of_no_known_kind_is_found(changes: dict[str, Any]) -> None:
    records = altered([*founded(), entry(4, after(2), 1, 2), objection(4, 3, after(3))], 5, **changes)

    assert [finding.check for finding in findings_of(records)] == ["type"]


def test_record_without_one_of_its_fields_is_found() -> None:
    records = grown()[:6]
    del records[5]["signature"]

    assert findings_of(records) == [Finding("type", 5, 4)]


@pytest.mark.parametrize(
    "changes",
    [
        {"keys": None},
        {"keys": {"member": "", "credentials": {}}},
        {"keys": {**public_keys_of(4), "name": "Robin"}},
        {"keys": {"member": 7, "credentials": public_keys_of(4)["credentials"]}},
        {"vouches": None},
        {"vouches": [None, None]},
        {"vouches": [{"by": 1, "day": "2026-03-02"}]},
        {"vouches": [{"by": "1", "day": "2026-03-02", "signature": ""}]},
    ],
)
def test_entry_of_another_shape_is_found(changes: dict[str, Any]) -> None:
    records = altered([*founded(), entry(4, after(2), 1, 2)], 4, **changes)

    assert findings_of(records) == [Finding("type", 4, 4)]


# Rules


def test_roll_without_a_record_is_found() -> None:
    assert findings_of([]) == [Finding("rules")]
    assert roll.verify_file(b"").findings == (Finding("rules"),)


def test_roll_that_does_not_begin_with_its_rules_is_found() -> None:
    assert findings_of(founded()[1:]) == [Finding("rules", 0, 1)]


@pytest.mark.parametrize(
    "changed",
    [
        {"vouches": 0},
        {"founding_members": 0},
        {"founding_members": 11},
        {"vouches_a_month": 0},
        {"objection_days": -1},
        {"vouch_from_day": -1},
        {"vouches": 1_001},
        {"vouches_a_month": 1_001},
        {"vouch_from_day": 1_001},
        {"objection_days": 1_001},
        {"vouch_from_day": "7"},
        {"vouches": True},
        {"vouches": None},
        {"more": 1},
    ],
)
def test_rules_that_cannot_work_are_found(changed: dict[str, Any]) -> None:
    record = {**rules(), "rules": {**Rules().as_json(), **changed}}

    assert findings_of([record, *founded()[1:]]) == [Finding("rules", 0)]


def test_rules_with_one_missing_are_found() -> None:
    record = {**rules(), "rules": {"vouches": 2}}

    assert findings_of([record, *founded()[1:]]) == [Finding("rules", 0)]


@pytest.mark.parametrize(
    "edge",
    [
        {"founding_members": 1, "vouches": 1},
        {"founding_members": 10},
        {"vouches_a_month": 1, "vouch_from_day": 0, "objection_days": 0},
        {"vouches": 1_000, "vouches_a_month": 1_000, "vouch_from_day": 1_000, "objection_days": 1_000},
    ],
)
def test_rules_at_the_edge_of_what_is_allowed_hold(edge: dict[str, int]) -> None:
    assert findings_of([rules(DAY, **edge)]) == []


@pytest.mark.parametrize("changes", [{}, {"vouches": 1}], ids=["the same", "others"])
def test_second_rules_record_is_found_and_changes_no_rule(changes: dict[str, int]) -> None:
    records = [*founded(), rules(after(1), **changes), entry(4, after(2), 1, 2)]

    report = roll.verify(chained(records))

    assert report.findings == (Finding("rules", 4),)
    assert report.state.rules == Rules()
    assert findings_of([*records, entry(5, after(2), 1)]) == [
        Finding("rules", 4),
        Finding("vouch_count", 6, 5),
    ]


def test_rules_that_come_after_an_entry_are_found_and_do_not_hold() -> None:
    report = roll.verify(chained([entry(1, DAY, founding=True), rules(objection_days=0)]))

    assert report.findings == (Finding("rules", 0, 1), Finding("rules", 1))
    assert report.state.rules == Rules()


def test_voucher_is_too_new_for_as_many_days_as_the_rules_say() -> None:
    records = [rules(vouch_from_day=1_000), *founded()[1:], entry(4, after(2), 1, 2)]

    assert findings_of([*records, entry(5, after(1_001), 1, 4)]) == [Finding("voucher_too_new", 5, 5)]
    assert findings_of([*records, entry(5, after(1_002), 1, 4)]) == []


# Numbers and keys


def test_number_that_stands_already_is_found() -> None:
    assert findings_of([*grown(), entry(5, after(11), 1, 3, index=6)]) == [Finding("number", 9, 5)]


@pytest.mark.parametrize("number", [0, -1])
def test_number_that_is_not_positive_is_found(number: int) -> None:
    assert findings_of([*grown(), entry(number, after(11), 1, 3, index=6)]) == [Finding("number", 9, number)]


@pytest.mark.parametrize("borrowed", ["member", *GROUPS])
@pytest.mark.parametrize("owner", [4, 2], ids=["of a member", "of one who left"])
def test_key_that_stands_already_is_found(borrowed: str, owner: int) -> None:
    keys, proofs = mixed_keys(6, **{borrowed: owner})
    record = {**entry(9, after(11), 1, 3, keys=keys), "proofs": proofs}

    assert findings_of([*grown(), record]) == [Finding("key_reused", 9, 9)]


@pytest.mark.parametrize("member", ["01" + "00" * 31, "00" * 32, "nonsense", "AB" * 32, ""])
def test_member_key_that_is_no_key_is_found(member: str) -> None:
    keys: Keys = {"member": member, "credentials": public_keys_of(6)["credentials"]}

    assert findings_of([*grown(), entry(6, after(11), 1, 3, keys=keys)]) == [
        Finding("key_outside_group", 9, 6)
    ]


@pytest.mark.parametrize("name", GROUPS)
@pytest.mark.parametrize("texts", [IDENTITY, OUTSIDE, dict.fromkeys(GROUPS, "01"), dict.fromkeys(GROUPS, "")])
def test_credential_key_that_is_no_key_is_found(name: str, texts: dict[str, str]) -> None:
    own = public_keys_of(6)
    keys: Keys = {"member": own["member"], "credentials": {**own["credentials"], name: texts[name]}}

    assert findings_of([*grown(), entry(6, after(11), 1, 3, keys=keys)]) == [
        Finding("key_outside_group", 9, 6)
    ]


@pytest.mark.parametrize("name", GROUPS)
@pytest.mark.parametrize(
    "proof",
    [
        lambda name: proofs_of(6, 7)[name],
        lambda name: proofs_of(6, 6, ANOTHER_COMMITTEE)[name],
        lambda name: proofs_of(7, 6)[name],
        lambda name: {**proofs_of(6, 6)[name], "response": "0"},
        lambda name: {**proofs_of(6, 6)[name], "response": "9" * 700},
        lambda name: {**proofs_of(6, 6)[name], "response": "007"},
        lambda name: {**proofs_of(6, 6)[name], "more": "1"},
        lambda name: {},
        lambda name: None,
    ],
)
def test_proof_of_possession_that_does_not_hold_is_found(name: str, proof: Callable[[str], object]) -> None:
    proofs = {**proofs_of(6, 6), name: proof(name)}
    record = {**entry(6, after(11), 1, 3), "proofs": proofs}

    assert findings_of([*grown(), record]) == [Finding("possession", 9, 6)]


def test_proof_of_another_group_is_found() -> None:
    proofs = {**proofs_of(6, 6), "Ed25519": proofs_of(6, 6)["BELENIOS-2048"]}

    assert findings_of([*grown(), {**entry(6, after(11), 1, 3), "proofs": proofs}]) == [
        Finding("possession", 9, 6)
    ]


@pytest.mark.parametrize("proofs", [None, [], {}, {"Ed25519": proofs_of(6, 6)["Ed25519"]}])
def test_missing_proofs_are_found(proofs: object) -> None:
    assert findings_of([*grown(), {**entry(6, after(11), 1, 3), "proofs": proofs}]) == [
        Finding("possession", 9, 6)
    ]


# Vouches


@pytest.mark.parametrize("founding", [False, 1, None])
def test_founding_entry_that_does_not_say_so_is_found(founding: object) -> None:
    assert findings_of(altered(founded(), 3, founding=founding)) == [Finding("founding", 3, 3)]


def test_later_entry_that_calls_itself_founding_is_found() -> None:
    assert findings_of([*founded(), entry(4, after(2), 1, 2, founding=True)]) == [Finding("founding", 4, 4)]


@pytest.mark.parametrize(
    ("record", "position"),
    [
        (entry(2, DAY, founding=True), 2),
        (entry(3, after(1), 1, 2, founding=True), 3),
        (entry(4, after(2), 1), 4),
        (entry(4, after(2)), 4),
        (entry(4, after(2), 1, 2, 3), 4),
    ],
)
def test_entry_with_another_count_of_vouches_is_found(record: Record, position: int) -> None:
    assert findings_of([*founded()[:position], record]) == [
        Finding("vouch_count", position, record["number"])
    ]


def test_voucher_who_is_not_on_the_roll_is_found() -> None:
    assert findings_of([*founded(), entry(4, after(2), 1, 8)]) == [Finding("voucher_unknown", 4, 4)]


def test_voucher_who_comes_later_is_found() -> None:
    records = [*founded(), entry(4, after(2), 1, 5), entry(5, after(2), 1, 2)]

    assert findings_of(records) == [Finding("voucher_unknown", 4, 4)]


def test_voucher_who_left_is_found() -> None:
    assert findings_of([*founded(), end(2, after(2)), entry(4, after(2), 1, 2)]) == [
        Finding("voucher_unknown", 5, 4)
    ]


def test_voucher_under_objection_is_found() -> None:
    assert findings_of([*founded(), objection(2, 3, after(2)), entry(4, after(2), 1, 2)]) == [
        Finding("voucher_unknown", 5, 4)
    ]


def test_voucher_whose_objection_was_taken_back_may_vouch() -> None:
    settled = [objection(2, 3, after(2)), withdrawal(2, 3, after(2))]

    assert findings_of([*founded(), *settled, entry(4, after(2), 1, 2)]) == []


def test_member_who_vouched_twice_is_found() -> None:
    assert findings_of([*founded(), entry(4, after(2), 1, 1)]) == [Finding("voucher_twice", 4, 4)]


def test_voucher_is_too_new_until_the_seventh_day() -> None:
    newcomer = entry(4, after(2), 1, 2)
    on_the_sixth = entry(5, after(9), 1, (4, after(8)))
    on_the_seventh = entry(5, after(9), 1, (4, after(9)))

    assert findings_of(
        [*founded(), newcomer, {**on_the_sixth, "vouches": on_the_sixth["vouches"][::-1]}]
    ) == [Finding("voucher_too_new", 5, 5)]
    assert findings_of([*founded(), newcomer, on_the_seventh]) == []


def test_sixth_vouch_of_a_month_is_found_and_that_of_the_next_month_is_not() -> None:
    newcomers = [entry(number, after(2), 1, number % 2 + 2) for number in range(4, 9)]
    sixth_in_march = entry(9, after(2), 1, 2)
    in_april = entry(9, date(2026, 4, 1), 1, 2)

    assert findings_of([*founded(), *newcomers]) == []
    assert findings_of([*founded(), *newcomers, sixth_in_march]) == [Finding("voucher_over_quota", 9, 9)]
    assert findings_of([*founded(), *newcomers, in_april]) == []


def test_months_of_vouches_count_and_not_those_of_entries() -> None:
    newcomers = [entry(number, after(2), 1, number % 2 + 2) for number in range(4, 9)]
    vouched_in_march = entry(9, date(2026, 4, 1), (1, after(3)), (2, after(3)))

    assert findings_of([*founded(), *newcomers, vouched_in_march]) == [Finding("voucher_over_quota", 9, 9)]


@pytest.mark.parametrize(
    "record",
    [
        entry(4, after(2), 1, (2, after(3))),
        entry(4, after(2), (1, after(2)), (2, after(1))),
        entry(4, after(2), (3, DAY), (1, after(1))),
    ],
    ids=["after the entry", "not in order", "before the voucher's own entry"],
)
def test_vouch_on_an_impossible_day_is_found(record: Record) -> None:
    assert findings_of([*founded(), record]) == [Finding("vouch_day", 4, 4)]


def test_vouch_on_no_day_is_found() -> None:
    record = entry(4, after(2), 1, 2)
    record["vouches"][1]["day"] = "2026-02-30"

    assert findings_of([*founded(), record]) == [Finding("vouch_day", 4, 4)]


@pytest.mark.parametrize(
    "signed",
    [
        vouch(2, 4, after(2), public_keys_of(4), signed_by=3),
        vouch(2, 5, after(2), public_keys_of(4)),
        vouch(2, 4, after(2), public_keys_of(5)),
        {**vouch(2, 4, after(1), public_keys_of(4)), "day": after(2).isoformat()},
        {**vouch(2, 4, after(2), public_keys_of(4)), "signature": ""},
    ],
    ids=["by another key", "for another number", "for other keys", "on another day", "not at all"],
)
def test_vouch_that_was_not_signed_is_found(signed: dict[str, Any]) -> None:
    record = entry(4, after(2), 1, 2)
    record["vouches"][1] = signed

    assert findings_of([*founded(), record]) == [Finding("vouch_signature", 4, 4)]


def test_keys_swapped_after_the_vouches_are_found() -> None:
    record = {**entry(4, after(2), 1, 2), "keys": public_keys_of(9), "proofs": proofs_of(9, 4)}

    assert findings_of([*founded(), record]) == [Finding("vouch_signature", 4, 4)]


def test_member_who_vouched_for_themselves_is_found() -> None:
    assert findings_of([*founded(), entry(4, after(2), 1, 4)]) == [Finding("vouch_self", 4, 4)]


# Objections and ends


@pytest.mark.parametrize(
    "record",
    [
        objection(5, 9, after(11)),
        objection(9, 3, after(11)),
        objection(5, 2, after(11)),
        objection(5, 3, after(11), signed_by=1),
        {**objection(5, 3, after(10)), "day": after(11).isoformat()},
        objection(5, 3, after(12)),
        withdrawal(5, 3, after(11)),
    ],
    ids=[
        "by a stranger",
        "to no entry",
        "by one who left",
        "signed by another",
        "signed on another day",
        "too late",
        "taken back without one",
    ],
)
def test_objection_that_does_not_hold_is_found(record: Record) -> None:
    assert findings_of([*grown(), record]) == [Finding("objection", 9, record["number"])]


@pytest.mark.parametrize(
    "record",
    [
        objection(5, 3, after(11)),
        withdrawal(5, 1, after(11)),
        withdrawal(5, 3, after(11), signed_by=1),
    ],
    ids=["a second time", "taken back by another", "taken back without a signature"],
)
def test_record_about_an_open_objection_that_does_not_hold_is_found(record: Record) -> None:
    assert findings_of([*grown(), objection(5, 3, after(11)), record]) == [Finding("objection", 10, 5)]


def test_objection_to_one_who_left_is_found() -> None:
    records = [*founded(), end(2, after(1)), objection(2, 3, after(1))]

    assert findings_of(records) == [Finding("objection", 5, 2)]


@pytest.mark.parametrize("number", [3, 4], ids=["founding", "later"])
def test_objection_is_found_from_the_day_after_the_objection_days(number: int) -> None:
    records = [*founded(), entry(4, after(1), 1, 2)]

    assert findings_of([*records, objection(number, 1, after(3))]) == []
    assert findings_of([*records, objection(number, 1, after(4))]) == [Finding("objection", 5, number)]


def test_objection_is_found_on_the_very_day_where_the_rules_leave_no_days() -> None:
    records = [rules(objection_days=0), *founded()[1:]]

    assert findings_of([*records, objection(3, 1, after(1))]) == [Finding("objection", 4, 3)]


def test_objection_is_taken_back_whenever_its_member_likes() -> None:
    records = [*founded(), objection(3, 1, after(2)), withdrawal(3, 1, after(90))]

    assert findings_of(records) == []
    assert roll.replay(chained(records)).entries[3].in_good_standing


def test_objections_end_when_the_member_who_made_them_leaves() -> None:
    objections = [objection(2, 3, after(2)), objection(4, 3, after(2)), objection(4, 1, after(2))]
    records = [*founded(), entry(4, after(2), 1, 2), *objections, end(3, after(3))]

    report = roll.verify(chained(records))

    assert report.findings == ()
    assert [report.state.entries[number].objections for number in (1, 2, 3, 4)] == [
        frozenset(),
        frozenset(),
        frozenset(),
        {1},
    ]
    assert findings_of([*records, withdrawal(4, 3, after(3))]) == [Finding("objection", 9, 4)]


def test_voucher_whose_objector_left_may_vouch_again() -> None:
    records = [*founded(), objection(2, 3, after(2)), end(3, after(2)), entry(4, after(2), 1, 2)]

    assert findings_of(records) == []


@pytest.mark.parametrize(
    "record",
    [end(4, after(11), signed_by=1), end(2, after(11)), end(9, after(11))],
    ids=["signed by another", "a second time", "of nobody"],
)
def test_end_that_does_not_hold_is_found(record: Record) -> None:
    assert findings_of([*grown(), record]) == [Finding("end", 9, record["number"])]


# What a device remembers


def test_roll_that_a_device_saw_before_may_grow() -> None:
    lines = chained(grown())

    for position, line in enumerate(lines):
        assert roll.verify(lines, seen=(position, hash_of(line))).findings == ()


def test_roll_that_became_shorter_is_found() -> None:
    lines = chained(grown())

    assert roll.verify(lines[:-1], seen=(8, hash_of(lines[8]))).findings == (Finding("shrunk", 8),)
    assert roll.verify([], seen=(0, hash_of(lines[0]))).findings == (Finding("rules"), Finding("shrunk", 0))


def test_roll_with_another_record_where_one_was_seen_is_found() -> None:
    lines, other = chained(grown()), chained([*grown()[:4], entry(5, after(2), 1, 2), *grown()[7:]])

    assert roll.verify(other, seen=(4, hash_of(lines[4]))).findings[-1] == Finding("forked", 4)
    assert Finding("forked", 3) not in roll.verify(other, seen=(3, hash_of(lines[3]))).findings


def test_roll_read_on_from_a_state_is_held_against_what_was_seen() -> None:
    lines = chained(grown())
    since = roll.verify(lines[:5]).state

    assert roll.verify(lines[5:], since=since, seen=(4, hash_of(lines[4]))).findings == ()
    assert roll.verify(lines[5:], since=since, seen=(4, "0" * 64)).findings == (Finding("forked", 4),)


# Who may vote


def test_founding_members_are_entitled_at_once_and_others_after_the_objection_days() -> None:
    state = roll.replay(chained([*founded(), entry(4, after(2), 1, 2)]))

    def numbers(day: date) -> list[int]:
        return [each.number for each in roll.entitled(state, day)]

    assert numbers(after(2)) == [1, 2, 3]
    assert numbers(after(4)) == [1, 2, 3]
    assert numbers(after(5)) == [1, 2, 3, 4]


def test_who_left_or_is_objected_to_is_not_entitled() -> None:
    state = roll.replay(chained([*grown(), objection(5, 4, after(11))]))

    assert [each.number for each in roll.entitled(state, after(30))] == [1, 3, 4]


def test_objection_ends_entitlement_until_every_one_is_taken_back() -> None:
    objections = [objection(4, 1, after(3)), objection(4, 3, after(3))]
    records = [*founded(), entry(4, after(2), 1, 2), *objections, withdrawal(4, 1, after(4))]

    assert [each.number for each in roll.entitled(roll.replay(chained(records)), after(9))] == [1, 2, 3]
    records.append(withdrawal(4, 3, after(5)))
    assert [each.number for each in roll.entitled(roll.replay(chained(records)), after(9))] == [1, 2, 3, 4]


def test_entry_may_be_objected_to_for_the_objection_days() -> None:
    newcomer = roll.replay(chained([*founded(), entry(4, after(2), 1, 2)])).entries[4]

    assert roll.may_still_object(newcomer, Rules(), after(4))
    assert not roll.may_still_object(newcomer, Rules(), after(5))


def test_fingerprint_is_the_hash_of_the_canonical_keys() -> None:
    digest = hashlib.sha256(canonical(public_keys_of(1)).encode()).digest()

    text = roll.fingerprint(public_keys_of(1))

    assert base64.urlsafe_b64decode(text + "=") == digest


# Laws


@st.composite
def rolls(draw: st.DrawFn) -> list[Record]:
    """A roll that grew by the rules, in whatever order people came, objected and left."""
    records, day = founded(), 2
    standing, next_number = {1, 2, 3}, 4
    joined = {1: 0, 2: 0, 3: 1}
    for _ in range(draw(st.integers(0, 4))):
        day += draw(st.integers(0, 3))
        deed = draw(st.sampled_from(["enter", "object", "leave"]))
        if deed == "leave" and len(standing) > 2:
            number = draw(st.sampled_from(sorted(standing)))
            records.append(end(number, after(day)))
            standing.discard(number)
        elif deed == "object":
            number, by = draw(st.permutations(sorted(standing)))[:2]
            if day - joined[number] >= Rules().objection_days:
                continue
            records += [objection(number, by, after(day)), withdrawal(number, by, after(day))]
        else:
            vouchers = draw(st.permutations(sorted(standing)))[:2]
            records.append(entry(next_number, after(day), *vouchers))
            joined[next_number] = day
            next_number += 1  # newcomers may not vouch yet, so the founding members do all of it
    return records


@settings(max_examples=25, deadline=None)
@given(rolls())
def test_any_roll_that_grew_by_the_rules_holds(records: list[Record]) -> None:
    assert findings_of(records) == []


@settings(max_examples=60, deadline=None)
@given(rolls(), st.data())
def test_any_changed_byte_is_found_by_who_knows_the_head(records: list[Record], data: st.DataObject) -> None:
    lines = chained(records)
    content = bytearray("".join(line + "\n" for line in lines).encode())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))

    report = roll.verify_file(bytes(content), groups=[], seen=(len(lines) - 1, hash_of(lines[-1])))

    assert report.findings != ()


@settings(max_examples=60, deadline=None)
@given(rolls(), st.data())
def test_any_changed_byte_before_the_last_record_is_found_by_anybody(
    records: list[Record], data: st.DataObject
) -> None:
    lines = chained(records)
    content = bytearray("".join(line + "\n" for line in lines).encode())
    place = data.draw(st.integers(0, len(content) - len(lines[-1]) - 2))
    content[place] ^= data.draw(st.integers(1, 255))

    assert roll.verify_file(bytes(content), groups=[]).findings != ()


# Words


def test_every_finding_has_a_sentence_with_its_place() -> None:
    assert (
        describe(Finding("rules")) == "The roll: The rules are missing, cannot work, or were changed later."
    )
    assert describe(Finding("chain", 3)).startswith("Record 3: ")
    assert describe(Finding("vouch_self", 4, 9)) == "Record 4, entry 9: A member vouched for themselves."


def test_every_check_of_the_specification_has_a_sentence() -> None:
    checks = """canonical chain day committee type rules number key_reused key_outside_group possession
        founding vouch_count voucher_unknown voucher_twice voucher_too_new voucher_over_quota vouch_day
        vouch_signature vouch_self objection end renewal renewal_stopped shrunk forked"""

    assert set(SENTENCES) == set(checks.split())


def test_usual_rules_are_said_in_words() -> None:
    assert rules_in_words(Rules()) == [
        RuleInWords(sentence, None)
        for sentence in (
            "The first 3 are founding members: the founder needs no vouch, the others need one.",
            "Everybody else needs vouches by 2 members.",
            "A new member may vouch from 7 days after joining.",
            "A member may vouch for 5 people in a calendar month.",
            "For 3 days, members may object to a new entry. It votes in ballots called after that.",
        )
    ]
    assert differences_of(Rules()) == "All of them are the usual ones."


def test_rules_that_differ_say_what_is_usual() -> None:
    least = Rules(founding_members=1, vouches=1, vouch_from_day=0, vouches_a_month=1, objection_days=0)

    assert rules_in_words(least) == [
        RuleInWords("The founder needs no vouch.", 3),
        RuleInWords("Everybody else needs a vouch by 1 member.", 2),
        RuleInWords("A new member may vouch at once.", 7),
        RuleInWords("A member may vouch for 1 person in a calendar month.", 5),
        RuleInWords("Nobody may object to a new entry, and it votes in the next ballot.", 3),
    ]
    assert differences_of(least) == "5 of them differ from the usual ones."


def test_single_rule_that_differs_is_the_one_that_says_what_is_usual() -> None:
    rules = Rules(objection_days=1)

    assert [rule.usual for rule in rules_in_words(rules)] == [None, None, None, None, 3]
    assert differences_of(rules) == "1 of them differs from the usual ones."


def test_state_that_is_shared_is_not_changed_by_reading_on() -> None:
    lines = chained(grown())
    state = roll.replay(lines[:5])
    before = state.copy()

    roll.verify(lines[5:], since=state)

    assert state == before
