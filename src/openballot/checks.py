"""Everything a verifier here can find wrong, by name, with the section that asks for it and a sentence.

The sentences are English; a shell that translates looks them up by the check's name.
"""

from dataclasses import dataclass
from typing import NamedTuple


class Check(NamedTuple):
    """The section that asks for it, and what a failure means."""

    section: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: which check, in which object, where the rule stands, and a sentence."""

    check: str
    object: str
    section: str
    sentence: str

    def as_json(self) -> dict[str, str]:
        return {
            "check": self.check,
            "object": self.object,
            "section": self.section,
            "sentence": self.sentence,
        }


class Refused(ValueError):
    """An object fails a check named in CHECKS."""

    def __init__(self, check: str, object: str) -> None:
        self.finding = finding(check, object)
        super().__init__(self.finding.sentence)

    @property
    def check(self) -> str:
        return self.finding.check

    @property
    def object(self) -> str:
        return self.finding.object

    @property
    def section(self) -> str:
        return self.finding.section

    @property
    def sentence(self) -> str:
        return self.finding.sentence


def finding(check: str, where: str) -> Finding:
    section, sentence = CHECKS[check]
    return Finding(check, where, section, sentence)


def _(sentence: str) -> str:
    """Mark a sentence for translators; whoever shows it translates it."""
    return sentence


# "B" is the Belenios 2.0 specification, "L" that of 3.3, which has lists; in docs/specs "O" is openballot.md
# and "T" threshold-ceremony.md.
CHECKS = {
    "not_an_archive": Check("B 4.4", _("This file is not an election archive.")),
    "archive_header": Check("B 4.4", _("The archive does not start with a header of version 1 and a time.")),
    "archive_truncated": Check("O 4", _("The file ends in the middle of a record.")),
    "archive_record": Check(
        "O 4", _("A record's header, name or padding is not written in the one allowed form.")
    ),
    "archive_large": Check("O 4", _("An event's data take more room than is allowed.")),
    "archive_hash": Check("B 4.4", _("A record's name is not the hash of what it holds.")),
    "archive_orphan": Check("O 4", _("The archive holds data that no event refers to.")),
    "archive_missing": Check("O 4", _("An event's data do not stand before it, each once and in order.")),
    "event_text": Check("B 4.4", _("An event is not written in its exact form.")),
    "event_parent": Check("B 4.4", _("An event does not name the hash of the event before it.")),
    "event_height": Check("B 4.4", _("An event's height is not one more than that of the event before it.")),
    "event_order": Check("O 5", _("An event comes where it is not allowed.")),
    "setup_text": Check("B 4.10", _("The set-up is not written in its exact form.")),
    "election_text": Check("B 4.10", _("The election is not written in its exact form.")),
    "election_version": Check(
        "B 4.10", _("The election asks for a version of the protocol that is not known here.")
    ),
    "election_group": Check("B 5", _("The election names a group that is not known here.")),
    "election_question": Check("B 4.9", _("A question's limits do not fit its answers.")),
    "election_question_group": Check(
        "B 5", _("The election's group cannot hold the answers to a question of this kind.")
    ),
    "election_question_unsupported": Check(
        "O 1", _("This version cannot check a question of this kind; nothing is known about its result.")
    ),
    "election_key": Check("B 3.1.1", _("The election's key is not the product of its trustees' keys.")),
    "trustees_text": Check("B 4.7", _("The list of trustees is not written in its exact form.")),
    "trustees_unsupported": Check("B 4.7", _("The list has a kind of trustee that is not known here.")),
    "trustees_threshold": Check(
        "B 4.6.7", _("A threshold does not fit the number of its trustees or of their coefficients.")
    ),
    "trustee_key": Check("O 3", _("A trustee's key lies outside the group, or is the identity.")),
    "trustee_proof": Check("B 4.5", _("A trustee's proof of knowing the private key is wrong.")),
    "trustee_repeated": Check("O 3", _("Two trustees have the same key.")),
    "certificate_context": Check(
        "O 9", _("A trustee's certificate is for another group, size, threshold or place.")
    ),
    "certificate_key": Check(
        "O 3", _("A key in a trustee's certificate lies outside the group, or is the identity.")
    ),
    "certificate_signature": Check("B 4.6.2", _("A trustee's certificate is not signed by its own key.")),
    "certificates_signature": Check(
        "O 9", _("A trustee has not signed all certificates together with their own coefficients.")
    ),
    "coefficient_element": Check(
        "O 3", _("A trustee's coefficient lies outside the group, or is the identity.")
    ),
    "coefficients_signature": Check("B 4.6.4", _("A trustee's coefficients are not signed by them.")),
    "share_key": Check("B 4.6.6", _("The key of a trustee's share does not follow from the coefficients.")),
    "share_key_signature": Check("O 9", _("The key of a trustee's share is not signed by them.")),
    "credentials_text": Check("B 4.8", _("The list of credentials is not written in its exact form.")),
    "credential_element": Check("O 3", _("A credential lies outside the group, or is the identity.")),
    "credential_repeated": Check("B 3.1", _("A credential is listed twice.")),
    "credential_weight": Check(
        "B 4.16", _("A credential has another weight than 1, though answers are shuffled, not added up.")
    ),
    "credential_order": Check("O 3", _("The credentials are not sorted: their order may tell who is who.")),
    "ballot_text": Check("B 4.15", _("The ballot is not written in its exact form.")),
    "ballot_election": Check("B 4.15", _("The ballot was made for another election.")),
    "ballot_credential": Check("B 3.2", _("The ballot's credential is not on the election's list.")),
    "ballot_repeated": Check("O 3", _("The same ballot stands in the archive twice.")),
    "ballot_element": Check("O 3", _("A number in the ballot is not an element of the group.")),
    "ballot_scalar": Check(
        "O 3", _("A number in one of the ballot's proofs is not smaller than the group's order.")
    ),
    "ballot_signature_hash": Check("B 4.14", _("The ballot's signature is for another content.")),
    "ballot_signature": Check("B 4.14", _("The ballot is not signed by its credential.")),
    "ballot_individual_proof": Check("B 4.12", _("A choice is not proven to be 0 or 1.")),
    "ballot_overall_proof": Check("B 4.12", _("The number of choices is not proven to be allowed.")),
    "ballot_blank_proof": Check("B 4.13", _("The ballot is not proven to be either blank or a choice.")),
    "ballot_list_proof": Check(
        "L 4.14", _("A list is not proven to be either chosen or without a chosen candidate.")
    ),
    "ballot_nonzero_proof": Check("L 4.15", _("The ballot is not proven to choose any candidate.")),
    "ballot_raw_proof": Check("B 4.11", _("The ballot's maker is not proven to know what it holds.")),
    "tally_text": Check("B 4.16", _("The encrypted tally is not written in its exact form.")),
    "tally_element": Check("O 3", _("A number in the encrypted tally is not an element of the group.")),
    "tally_number": Check(
        "B 4.16", _("The number of ballots in the tally is not the number of voters' last ballots.")
    ),
    "tally_weight": Check("B 4.16", _("The total weight is not the sum of the counted ballots' weights.")),
    "tally_ciphertexts": Check(
        "B 4.16", _("The encrypted tally is not the product of the voters' last ballots.")
    ),
    "shuffle_text": Check("B 4.17", _("A shuffle is not written in its exact form.")),
    "shuffle_owner": Check("B 4.17", _("A shuffle names a trustee who does not exist.")),
    "shuffle_element": Check("O 3", _("A number in a shuffle is not an element of the group.")),
    "shuffle_proof": Check("B 4.17", _("A shuffle is not proven to hold the same answers as before it.")),
    "decryption_text": Check("B 4.18", _("A partial decryption is not written in its exact form.")),
    "decryption_owner": Check("B 4.18", _("A partial decryption names a trustee who does not exist.")),
    "decryption_element": Check("O 3", _("A decryption factor is not an element of the group.")),
    "decryption_proof": Check("B 4.18", _("A trustee's proof of correct decryption is wrong.")),
    "bound_proof_missing": Check(
        "O 6", _("A trustee's proof that binds total and factor, beside the archive, is missing.")
    ),
    "bound_proof": Check(
        "O 6", _("A trustee's proof beside the archive is not of this total and this factor.")
    ),
    "result_text": Check("B 4.19", _("The result is not written in its exact form.")),
    "result_missing": Check(
        "B 4.19", _("There is a result, but too few good partial decryptions to compute it again.")
    ),
    "result_value": Check("B 4.19", _("A count or an answer is not what the trustees decrypted.")),
    "result_range": Check("O 5", _("The counts are impossible for the weight that was cast.")),
    "ceremony_text": Check("T 2", _("A trustee's message is not written in its exact form.")),
    "ceremony_other": Check("T 2", _("A message is of another ceremony, round or trustee.")),
    "ceremony_missing": Check("T 2", _("A trustee's message is missing.")),
    "ceremony_repeated": Check("T 2", _("There are two messages by one trustee.")),
    "ceremony_signature": Check("T 2", _("A message is not signed under its trustee's certificate.")),
    "ceremony_previous": Check(
        "T 2", _("A trustee has seen other messages of the round before than there are here.")
    ),
    "ceremony_seed": Check("T 3", _("This is not the secret behind the trustee's certificate.")),
    "ceremony_commitment": Check("T 4", _("A trustee's coefficients are not those that were committed to.")),
    "ceremony_share_sealed": Check("T 5", _("A share cannot be opened by the trustee it is for.")),
    "ceremony_share_signature": Check(
        "T 5", _("A share is for another trustee, or not signed by the one it is from.")
    ),
    "ceremony_share": Check("T 5", _("A share does not match the coefficients of the trustee it is from.")),
    "since_changed": Check(
        "O 6", _("The archive does not continue the earlier one: this is the first event that differs.")
    ),
    "more_findings": Check("O 6", _("More is wrong than is listed here.")),
    "required_state": Check("O 6", _("The election has not come as far as was asked for.")),
    "wrong_head": Check("O 6", _("The last event is not the one that was asked for.")),
}
