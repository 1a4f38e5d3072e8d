"""What trustees', tellers' and voters' devices do: the Python twin of what the browser does.

For demonstrations and tests. The server never runs this for real members: their secrets stay with them.
What a device signs it computes from the published texts alone, as browser/core/setup.js does.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openballot import blinding, ceremony, decryption, pki, trustees
from openballot import shuffle as shuffles
from openballot.archive import Archive, Event, read_archive
from openballot.ballots import make_ballot
from openballot.canonical import hash_base64
from openballot.credentials import compose_public_credentials, secret_of_code
from openballot.election import Election
from openballot.groups import named
from openballot.tally import encrypted_tally
from openballot.verifier import ballot_texts, read_setup, tally_to_open
from openfloor.ballots import charter, slips, statements
from openfloor.workplace.memberkeys import MemberKeys

RandomBytes = Callable[[int], bytes]
Setup = Mapping[str, Any]  # the board's setup.json
Keymaking = Mapping[str, Any]  # a trustee's trustee.json


class BoardDiffers(Exception):
    """The board's tally is not the one this device makes of the board's ballots: no factor for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrusteeKey:
    """A trustee's key for one ballot; *text* is its public part with the proof that x is known."""

    group: str
    x: int = field(repr=False)
    text: str

    @classmethod
    def draw(cls, group: str, randbytes: RandomBytes = secrets.token_bytes) -> "TrusteeKey":
        x = trustees.generate_key(named(group), randbytes)
        return cls(group=group, x=x, text=trustees.public_key_json(named(group), x, randbytes))

    @property
    def element(self) -> str:
        return trustees.check_public_key(named(self.group), self.text)

    def signature(self, keys: MemberKeys, ballot: str, number: int) -> str:
        """The member's word that this is their key."""
        return keys.sign(statements.trustee_key(ballot=ballot, number=number, public_key=self.element))

    def open_test(self, alpha: str, beta: str) -> str:
        """M = beta / alpha^x, which only a copy that works can tell."""
        group = named(self.group)
        mask = group.secret_power(group.element(alpha), self.x)
        return group.text(group.multiply(group.element(beta), group.inverse(mask)))


@dataclass(frozen=True, slots=True)
class KeyMaker:
    """A trustee who takes part in making a key together; all that they send follows from their seed."""

    own: ceremony.Participant

    @classmethod
    def draw(cls, ballot: str, keymaking: Keymaking) -> "KeyMaker":
        """From what the server tells this trustee of the ballot's ceremony."""
        place = keymaking["place"]
        held = ceremony.Ceremony(
            id=f"{ballot}.{keymaking['attempt']}",
            group=named(place["group"]),
            size=place["size"],
            threshold=place["threshold"],
        )
        return cls(ceremony.Participant(held, place["index"], pki.new_seed()))

    @property
    def certificate(self) -> str:
        return ceremony.certificate_message(self.own)

    def signature(self, keys: MemberKeys, ballot: str, number: int) -> str:
        """The member's word that this certificate is theirs."""
        group = self.own.ceremony.group
        verification = group.text(group.secret_power_generator(self.own.sk))
        return keys.sign(statements.trustee_key(ballot=ballot, number=number, public_key=verification))

    def coefficients(self, keymaking: Keymaking) -> str:
        return ceremony.coefficients_message(self.own, keymaking["certificates"])

    def key_message(self, keymaking: Keymaking) -> str:
        return ceremony.key_message(self.own, keymaking["certificates"], keymaking["coefficients"])

    def key(self, key_message: str) -> TrusteeKey:
        """The share that the trustee sealed for themselves."""
        group = self.own.ceremony.group
        x = ceremony.open_share(group, self.own.seed, ceremony.sealed_share(key_message))
        return TrusteeKey(group=group.name, x=x, text=trustees.public_key_json(group, x))


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A trustee's part of opening the count."""

    partial: str
    bound_proofs: str
    head_signature: str


def sign_freeze(keys: MemberKeys, number: int, setup: Setup) -> str:
    """A trustee signs exactly these texts."""
    election = Election.parse(setup["election"])
    return keys.sign(
        statements.freeze(
            ballot=election.uuid,
            election_hash=election.fingerprint,
            charter=charter.text_hash(setup["charter"]),
            trustees=statements.hash_of_trustees(setup["trustees"]),
            number=number,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSlips:
    """What a teller's browser makes: *codes* are printed and forgotten, *credentials* handed in."""

    codes: tuple[str, ...] = field(repr=False)
    credentials: str

    @classmethod
    def draw(
        cls, group: str, ballot: str, count: int, randbytes: RandomBytes = secrets.token_bytes
    ) -> "PaperSlips":
        codes = tuple(slips.new_code(randbytes) for _ in range(count))
        keys = [slips.credential_of(named(group), ballot, code) for code in codes]
        return cls(codes=codes, credentials=slips.list_of(named(group), keys))

    @property
    def hash(self) -> str:
        return charter.text_hash(self.credentials)

    def signature(self, keys: MemberKeys, ballot: str, number: int) -> str:
        """The teller's word that these are theirs."""
        count = len(self.codes)
        return keys.sign(statements.slips(ballot=ballot, number=number, count=count, credentials=self.hash))

    def cancellation(self, keys: MemberKeys, ballot: str, number: int) -> str:
        return keys.sign(statements.slips_cancelled(ballot=ballot, number=number, credentials=self.hash))


def recompute_credentials(
    group: str, ballot: str, k: bytes, key_texts: Iterable[str], slip_keys: Iterable[str] = ()
) -> str:
    """The list of credentials as a teller makes it from the keys on the roll and the slips."""
    return compose_public_credentials(
        named(group),
        [
            *(
                blinding.blinded_key(named(group), ballot, key_text, blinding.nonce(k, key_text))
                for key_text in key_texts
            ),
            *slip_keys,
        ],
    )


def sign_audit(keys: MemberKeys, number: int, setup: Setup) -> str:
    """A teller signs the list, after recomputing it."""
    fields = charter.parse(setup["charter"])
    return keys.sign(
        statements.audit(
            ballot=fields["ballot"],
            election_hash=hash_base64(setup["election"]),
            credentials=charter.text_hash(setup["credentials"]),
            roll=fields["roll"]["head"],
            entitled=fields["roll"]["entitled"],
            number=number,
        )
    )


def vote(
    keys: MemberKeys,
    election_text: str,
    n_hex: str,
    answers: Sequence[Sequence[int]],
    randbytes: RandomBytes = secrets.token_bytes,
) -> str:
    """A paper under the member's blinded credential; *answers* as Belenios has them, a blank vote leading."""
    election = Election.parse(election_text)
    group = election.group
    s = keys.credential_scalar(group.name)
    key_text = group.text(group.secret_power_generator(s))
    blinded = blinding.blinded_scalar(group, election.uuid, key_text, n_hex, s)
    return make_ballot(election, blinded, answers, randbytes)


def vote_by_slip(
    code: str,
    election_text: str,
    answers: Sequence[Sequence[int]],
    randbytes: RandomBytes = secrets.token_bytes,
) -> str:
    """A paper under the credential of a slip, typed in whatever way."""
    election = Election.parse(election_text)
    x = secret_of_code(election.group, election.uuid, slips.parse_code(code))
    return make_ballot(election, x, answers, randbytes)


def sign_extension(keys: MemberKeys, setup: Setup, closes_at: str) -> str:
    election = Election.parse(setup["election"])
    return keys.sign(
        statements.extension(ballot=election.uuid, election_hash=election.fingerprint, closes_at=closes_at)
    )


def sign_uncountable(keys: MemberKeys, setup: Setup, reason: str, day: str) -> str:
    election = Election.parse(setup["election"])
    return keys.sign(
        statements.uncountable(
            ballot=election.uuid, election_hash=election.fingerprint, reason=reason, day=day
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shuffled:
    """A trustee's shuffle of the votes, with the event that it comes after."""

    text: str
    parent: str
    signature: str


def shuffle(
    keys: MemberKeys, number: int, archive_bytes: bytes, randbytes: RandomBytes = secrets.token_bytes
) -> Shuffled:
    """Mix the votes of a closed board, after adding them up again; raises BoardDiffers."""
    archive = read_archive(archive_bytes)
    election = _added_up(archive)
    text = shuffles.shuffle(election, tally_to_open(archive), randbytes)
    parent = archive.events[-1].hash
    said = statements.shuffle(
        ballot=election.uuid,
        election_hash=election.fingerprint,
        parent=parent,
        shuffle=charter.text_hash(text),
        number=number,
    )
    return Shuffled(text=text, parent=parent, signature=keys.sign(said))


def decrypt(
    key: TrusteeKey,
    keys: MemberKeys,
    number: int,
    archive_bytes: bytes,
    randbytes: RandomBytes = secrets.token_bytes,
) -> HandedIn:
    """Open a closed board, after adding its ballots up again; raises BoardDiffers."""
    archive = read_archive(archive_bytes)
    election = _added_up(archive)
    tally_text = tally_to_open(archive)
    partial = decryption.partial_decryption(election, key.x, tally_text, randbytes)
    return HandedIn(
        partial=partial,
        bound_proofs=decryption.bound_proofs(election, key.x, tally_text, randbytes),
        head_signature=keys.sign(
            statements.final_head(
                ballot=election.uuid,
                election_hash=election.fingerprint,
                head=_head_to_open(archive, election),
                ballots=len(ballot_texts(archive)),
                number=number,
            )
        ),
    )


def _added_up(archive: Archive) -> Election:
    """The election of a board whose tally is the sum of its papers; raises BoardDiffers."""
    setup = read_setup(archive)
    own, _ = encrypted_tally(setup.election, setup.credentials, ballot_texts(archive))
    if _last(archive, "EncryptedTally").data[0] != own:
        raise BoardDiffers
    return setup.election


def _head_to_open(archive: Archive, election: Election) -> str:
    """The hash of the last event before the opening."""
    return _last(archive, "EndShuffles" if election.is_shuffled else "EncryptedTally").hash


def _last(archive: Archive, kind: str) -> Event:
    event = next((event for event in reversed(archive.events) if event.type == kind), None)
    if event is None:
        raise BoardDiffers
    return event
