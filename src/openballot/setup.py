"""The set-up of an election: its text, its trustees, its voters. Everything later is checked against it."""

from collections.abc import Mapping
from dataclasses import dataclass

from openballot.canonical import NotCanonical, read, record, sha256_hex
from openballot.checks import Refused
from openballot.credentials import parse_public_credentials, weights_of_checked
from openballot.election import Election
from openballot.groups import Group
from openballot.trustees import Trustees, parse_trustees

WHERE = "event 0 (Setup)"


@dataclass(frozen=True, slots=True)
class Setup:
    """What every later event is checked against; *credentials* are the voters' keys with their weights."""

    election: Election
    trustees: Trustees
    trustees_text: str
    credentials: dict[str, int]


def setup_of(data: tuple[str, ...], *, checked: bool = False) -> Setup:
    """Read and check a set-up; raises Refused for the first thing that fails.

    The list of voters, the long part, is not proven again when it was *checked* before.
    """
    if len(data) != 4:
        raise Refused("setup_text", WHERE)
    election_text, trustees_text, credentials_text, payload = data
    _check_payload(payload)
    election = Election.parse(election_text)
    trustees = parse_trustees(election.group, trustees_text)
    if trustees.public_key(election.group) != election.public_key:
        raise Refused("election_key", "election")
    credentials = _credentials(election.group, credentials_text, checked)
    _refuse_weights(election, credentials)
    return Setup(election, trustees, trustees_text, credentials)


def _credentials(group: Group, text: str, checked: bool) -> dict[str, int]:
    if not checked:
        return parse_public_credentials(group, text)
    try:
        return weights_of_checked(text)
    except NotCanonical as error:
        raise Refused("credentials_text", "credentials") from error


def _refuse_weights(election: Election, credentials: Mapping[str, int]) -> None:
    """An answer that is decrypted by itself cannot count twice, nor half."""
    if not election.is_shuffled:
        return
    for number, weight in enumerate(credentials.values(), start=1):
        if weight != 1:
            raise Refused("credential_weight", f"credential {number}")


def _check_payload(payload: str) -> None:
    try:
        fields = record(read(payload), "election", "trustees", "credentials")
        for name in fields:
            sha256_hex(fields[name])
    except NotCanonical as error:
        raise Refused("setup_text", WHERE) from error
