"""What trustees, tellers and the board sign around a ballot. The signature stands beside it, never in it."""

from hashlib import sha256
from typing import Any

from openballot.trustees import without_verification_keys

Statement = dict[str, Any]


def trustee_key(*, ballot: str, number: int, public_key: str) -> Statement:
    """A trustee hands in a key; *public_key* is the element alone, of a certificate its verification key."""
    return {"type": "openfloor/trustee-key/1", "ballot": ballot, "number": number, "public_key": public_key}


def freeze(*, ballot: str, election_hash: str, charter: str, trustees: str, number: int) -> Statement:
    """A trustee has checked the election; *charter* is its hash, *trustees* `hash_of_trustees`."""
    return {
        "type": "openfloor/freeze/1",
        "ballot": ballot,
        "election_hash": election_hash,
        "charter": charter,
        "trustees": trustees,
        "number": number,
    }


def hash_of_trustees(text: str) -> str:
    """
    What trustees sign of the list of trustees: all but a threshold's verification keys, which come last.

    Source: docs/specs/ballot.md, "A key made together".
    """
    return sha256(without_verification_keys(text).encode()).hexdigest()


def audit(
    *, ballot: str, election_hash: str, credentials: str, roll: str, entitled: int, number: int
) -> Statement:
    """A teller has recomputed every credential; *credentials* is the hash of the list, *roll* a head."""
    return {
        "type": "openfloor/audit/1",
        "ballot": ballot,
        "election_hash": election_hash,
        "credentials": credentials,
        "roll": roll,
        "entitled": entitled,
        "number": number,
    }


def slips(*, ballot: str, number: int, count: int, credentials: str) -> Statement:
    """A teller has made paper slips; *credentials* is the hash of the list of their public credentials."""
    return {
        "type": "openfloor/slips/1",
        "ballot": ballot,
        "number": number,
        "count": count,
        "list": credentials,
    }


def slips_cancelled(*, ballot: str, number: int, credentials: str) -> Statement:
    """The same teller takes a list of slips back, before the freeze."""
    return {
        "type": "openfloor/slips-cancelled/1",
        "ballot": ballot,
        "number": number,
        "list": credentials,
    }


def extension(*, ballot: str, election_hash: str, closes_at: str) -> Statement:
    """Voting goes on until *closes_at*, a moment."""
    return {
        "type": "openfloor/extension/1",
        "ballot": ballot,
        "election_hash": election_hash,
        "closes_at": closes_at,
    }


def shuffle(*, ballot: str, election_hash: str, parent: str, shuffle: str, number: int) -> Statement:
    """A trustee has mixed the votes: *shuffle* is the hash of its text, *parent* the event it comes after."""
    return {
        "type": "openfloor/shuffle/1",
        "ballot": ballot,
        "election_hash": election_hash,
        "parent": parent,
        "shuffle": shuffle,
        "number": number,
    }


def final_head(*, ballot: str, election_hash: str, head: str, ballots: int, number: int) -> Statement:
    """A trustee opens exactly this board: the last event before it, after so many ballot events."""
    return {
        "type": "openfloor/final-head/1",
        "ballot": ballot,
        "election_hash": election_hash,
        "head": head,
        "ballots": ballots,
        "number": number,
    }


def uncountable(*, ballot: str, election_hash: str, reason: str, day: str) -> Statement:
    """A trustee's key is lost, and with it the count."""
    return {
        "type": "openfloor/uncountable/1",
        "ballot": ballot,
        "election_hash": election_hash,
        "reason": reason,
        "day": day,
    }


def receipt(
    *, ballot: str, election_hash: str, ballot_hash: str, event: str, height: int, ledger_head: str
) -> Statement:
    """The board has this paper. Nothing in it tells the time."""
    return {
        "type": "openfloor/receipt/1",
        "ballot": ballot,
        "election_hash": election_hash,
        "ballot_hash": ballot_hash,
        "event": event,
        "height": height,
        "ledger_head": ledger_head,
    }
