"""Who may vote: the public list, and codes on paper."""

import json
from pathlib import Path

import pytest

from openballot import credentials, election, groups
from openballot.canonical import compact
from openballot.checks import Refused

GROUP = groups.named("BELENIOS-2048")
KEYS = [GROUP.text(GROUP.power_generator(s)) for s in (5, 6, 7)]


def test_list_is_sorted_by_number_whatever_order_people_come_in() -> None:
    text = credentials.compose_public_credentials(GROUP, [KEYS[2], KEYS[0], f"{KEYS[1]},4"])

    assert json.loads(text) == sorted([KEYS[2], KEYS[0], f"{KEYS[1]},4"], key=lambda x: int(x.split(",")[0]))
    assert credentials.parse_public_credentials(GROUP, text) == {KEYS[0]: 1, KEYS[1]: 4, KEYS[2]: 1}


def test_list_too_heavy_for_anybody_to_count_is_read_but_never_written() -> None:
    heavy = [f"{KEYS[0]},{credentials.LARGEST_TOTAL}", KEYS[1]]

    with pytest.raises(credentials.TooHeavy):
        credentials.compose_public_credentials(GROUP, heavy)

    assert sum(credentials.parse_public_credentials(GROUP, compact(heavy)).values()) == 2**40 + 1
    credentials.compose_public_credentials(GROUP, heavy[:1])


def test_voters_name_as_older_programs_add_it_is_read_and_ignored() -> None:
    entries = sorted([f"{KEYS[0]},,ana", f"{KEYS[1]},2,ben, jr"], key=lambda x: int(x.split(",")[0]))

    assert credentials.parse_public_credentials(GROUP, compact(entries)) == {KEYS[0]: 1, KEYS[1]: 2}


@pytest.mark.parametrize(
    ("entry", "check"),
    [
        (f"{KEYS[0]},", "credentials_text"),
        (f"{KEYS[0]},-1", "credentials_text"),
        (f"{KEYS[0]},01", "credentials_text"),
        (f"{KEYS[0]},1.5", "credentials_text"),
        (f" {KEYS[0]}", "credential_element"),
        ("1", "credential_element"),
        ("7", "credential_element"),
        ("", "credential_element"),
    ],
)
def test_wrong_entry_is_refused(entry: str, check: str) -> None:
    with pytest.raises(Refused) as caught:
        credentials.compose_public_credentials(GROUP, [entry])

    assert caught.value.check == check


def test_code_is_22_characters_in_four_parts_and_derives_the_stored_scalar() -> None:
    vectors = json.loads((Path(__file__).parents[2] / "vectors/credential_codes.json").read_text())

    assert [len(part) for part in credentials.new_code().split("-")] == [5, 6, 5, 6]
    for vector in vectors:
        group = groups.named(vector["group"])
        s = credentials.secret_of_code(group, vector["uuid"], vector["code"])
        assert str(s) == vector["s"]


@pytest.mark.parametrize(
    "code", ["", "AbCdE-fGhJkM-nPqRs", "AbCdE-fGhJkM-nPqRs-tUvWx0", "AbCdEfGhJkMnPqRstUvWxY"]
)
def test_code_in_another_form_is_refused(code: str) -> None:
    with pytest.raises(credentials.BadCode):
        credentials.secret_of_code(GROUP, "AbCdEfGhJkMnPq", code)


def test_uuid_is_14_base58_characters() -> None:
    drawn = {election.new_uuid() for _ in range(50)}

    assert len(drawn) == 50
    assert all(len(uuid) == 14 and set(uuid) <= set(election.BASE58) for uuid in drawn)
