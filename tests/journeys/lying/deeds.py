"""What members' devices really saw and signed, though the host then did something else."""

from playwright.sync_api import expect

from journeys.lies import Host, Setup
from journeys.people import Person
from journeys.prepared import Prepared
from openfloor.ballots import devices
from openfloor.workplace.memberkeys import MemberKeys, root_from_words

TRUSTEES, TELLERS, DECIDERS = (1, 2, 3), (1, 2), (1, 2)
LATER = "2039-01-01T20:00:00Z"


def signed_by_members(setup: Setup, prepared: Prepared) -> Setup:
    """Every signature anew, by those who should have given it."""
    return {
        **setup,
        "freezes": [
            {"number": number, "signature": devices.sign_freeze(keys_of(prepared, number), number, setup)}
            for number in TRUSTEES
        ],
        "audits": [
            {"number": number, "signature": devices.sign_audit(keys_of(prepared, number), number, setup)}
            for number in TELLERS
        ],
    }


def extended(host: Host, prepared: Prepared) -> Setup:
    """Two of the trustees and tellers have signed for a later close."""
    signatures = [
        {"number": number, "signature": devices.sign_extension(keys_of(prepared, number), host.setup, LATER)}
        for number in DECIDERS
    ]
    return {**host.setup, "extensions": [{"closes_at": LATER, "signatures": signatures}]}


def see_roll(person: Person) -> None:
    person.page.goto("/roll/")
    expect(person.page.get_by_text("Holds", exact=True)).to_be_visible(timeout=30_000)


def as_file(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def keys_of(prepared: Prepared, number: int) -> MemberKeys:
    return MemberKeys.from_root(root_from_words(" ".join(prepared.words[number])))
