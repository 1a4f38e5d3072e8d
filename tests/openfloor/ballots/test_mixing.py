"""Ranks and grades after the close: trustees mix the votes in turn, then open them; what is refused."""

import json
from typing import Any

import pytest

from factories.ballots import (
    DELEGATES,
    DEMANDS,
    GRADED,
    OWN_KEYS,
    RANKING_GROUP,
    YES_OR_NO,
    Called,
    ballot_in_state,
)
from factories.workplace import make_committee
from openballot import decryption, verifier
from openballot.archive import read_archive
from openballot.ballots import make_ballot
from openballot.blinding import blinded_scalar
from openballot.election import Election
from openballot.questions.nonhomomorphic import NonHomomorphic
from openfloor.audit.models import LedgerEntry
from openfloor.ballots import actions, errors, queries, tasks
from openfloor.ballots.models import BoardEvent, Trustee
from openfloor.workplace.queries import roles_of
from workrules.mandates import Condition

pytestmark = pytest.mark.django_db

ANA_BEN, BEN_ANA, NOBODY = [[1, 2, 0, 0]], [[2, 1, 0, 0]], [[0, 0, 0, 0]]
VOTES = (ANA_BEN, BEN_ANA, NOBODY)


def kinds(called: Called) -> list[str]:
    return list(BoardEvent.objects.filter(ballot=called.ballot).values_list("kind", flat=True))


def election(state: str, **terms: Any) -> Called:
    """Two of four names are elected by transferable votes; each trustee has a key of their own."""
    asked = {"group": RANKING_GROUP, "questions": [DELEGATES], "votes": VOTES}
    return ballot_in_state(state, **{**asked, **OWN_KEYS, **terms})


def test_trustees_mix_in_turn_and_then_open_together() -> None:
    called = election("closed")

    mixed = [called.shuffle(trustee) for trustee in called.trustees]
    counted = [called.decrypt(trustee) for trustee in called.trustees]

    ballot = called.reload()
    archive = queries.archive_of(ballot, published_only=True)
    report = verifier.verify(archive, require="counted")
    assert (mixed, counted) == ([False, False, True], [False, False, True])
    assert kinds(called)[4:] == [
        *("EndBallots", "EncryptedTally", "Shuffle", "Shuffle", "Shuffle", "EndShuffles"),
        *("PartialDecryption", "PartialDecryption", "PartialDecryption", "Result"),
    ]
    assert (report.verdict, report.shufflers) == ("valid", (1, 2, 3))
    assert (ballot.state, ballot.places, ballot.undecodable) == ("counted", [[[0], [1]]], [[]])
    (opened,) = ballot.result or []
    assert sorted(opened) == [[0, 0, 0, 0], [1, 2, 0, 0], [2, 1, 0, 0]]


def test_ledger_says_who_was_elected_and_how_many_papers_were_what() -> None:
    called = election("counted")

    payload = json.loads(LedgerEntry.objects.get(kind="ballot_counted").payload or "")

    assert payload["counts"] == [{"elected": ["Ana", "Ben"], "valid": 2, "blank": 1, "invalid": 0}]
    assert called.ballot.uuid == payload["ballot"]


def test_ranks_grades_and_sums_are_counted_together() -> None:
    papers = ([[0, 1, 0], [1, 2, 3], [1, 2]], [[0, 0, 1], [0, 1, 0], [1, 3]])

    called = ballot_in_state("counted", group="Ed25519", questions=[YES_OR_NO, DEMANDS, GRADED], votes=papers)

    ballot = called.ballot
    payload = json.loads(LedgerEntry.objects.get(kind="ballot_counted").payload or "")
    sums, _ranks, _grades = ballot.result or []
    assert (sums, ballot.places) == ([0, 1, 1], [None, [[0, 1], [2]], [[0], [1]]])
    assert payload["counts"] == [
        [0, 1, 1],
        {"ranking": [["Pay", "Staffing"], ["Breaks"]], "valid": 2, "blank": 0, "invalid": 0},
        {"ranking": [["Plan A"], ["Plan B"]], "valid": 2, "blank": 0, "invalid": 0},
    ]


@pytest.mark.parametrize("votes", [(), (ANA_BEN,), (NOBODY, NOBODY)])
def test_few_papers_or_none_are_mixed_and_counted_too(votes: Any) -> None:
    called = election("counted", votes=votes)

    (places,) = called.ballot.places or []
    assert called.ballot.state == "counted"
    assert places[:1] == ([[0]] if votes == (ANA_BEN,) else [])  # after her the lot decides


def test_who_is_elected_gets_the_role() -> None:
    people = make_committee(4)
    effect = {"kind": "give_role_to_elected", "candidates": [4, 2, 3, 1], "role": "organiser"}

    called = election("closed", people=people, effect=effect)
    called.count()

    # Ana is entry 4, Ben entry 2; the founder, whom they follow, was not elected.
    assert organisers(called) == {4, 2}


def organisers(called: Called) -> set[int]:
    members = [person.member for person in called.people.members]
    return {member.number for member in members if "organiser" in roles_of(member)}


def test_too_few_papers_elect_nobody() -> None:
    effect = {"kind": "give_role_to_elected", "candidates": [1, 2, 3, 4], "role": "organiser"}

    called = election("counted", people=make_committee(4), votes=(BEN_ANA,), effect=effect)

    (places,) = called.ballot.places or []
    assert places[0] == [1]
    assert queries.outcome(called.ballot).unmet == (Condition.TURNOUT,)
    assert organisers(called) == {1}  # the founder still


def test_paper_that_no_device_of_ours_makes_is_no_vote() -> None:
    called = election("open")
    called.vote(1, ANA_BEN)
    called.cast(marked_paper(called, 2))
    called.vote(3, ANA_BEN)

    called.close()
    called.count()

    ballot = called.ballot
    (no_votes,) = ballot.undecodable or []
    assert len(no_votes) == 1
    (count,) = queries.counts_of(ballot)
    assert (count is not None and count.valid) == 2
    payload = json.loads(LedgerEntry.objects.get(kind="ballot_counted").payload or "")
    assert payload["counts"] == [{"elected": ["Ana", "Ben"], "valid": 2, "blank": 0, "invalid": 1}]


def marked_paper(called: Called, number: int) -> bytes:
    """Somebody's own program hides more numbers in a paper than there are names."""
    person, ballot = called.person(number), called.reload()
    held = Election.parse(ballot.election or "")
    (question,) = held.questions
    longer = NonHomomorphic(question=question.question, answers=tuple("abcdef"))
    object.__setattr__(held, "questions", (longer,))
    s = person.keys.credential_scalar(held.group.name)
    key_text = held.group.text(held.group.secret_power_generator(s))
    n = queries.blind_nonce(ballot, person.member)
    own = blinded_scalar(held.group, held.uuid, key_text, n, s)
    return make_ballot(held, own, [[1, 2, 0, 0, 9, 9]]).encode()


# What is refused


def test_shuffle_made_beside_another_is_made_anew() -> None:
    called = election("closed")
    first, second, _ = called.trustees
    beside = called.shuffle_of(second)
    called.shuffle(first)

    with pytest.raises(errors.MixedMeanwhile):
        called.hand_in_shuffle(second, beside)
    called.shuffle(second)

    assert kinds(called).count("Shuffle") == 2
    assert [one["number"] for one in queries.shuffles_of(called.ballot)["shuffles"]] == [1, 2]


def test_same_shuffle_again_changes_nothing_and_another_is_refused() -> None:
    called = election("closed")
    trustee = called.trustees[0]
    shuffled = called.shuffle_of(trustee)

    answers = [called.hand_in_shuffle(trustee, shuffled) for _ in range(2)]
    with pytest.raises(errors.MixedAlready):
        called.shuffle(Trustee.objects.get(pk=trustee.pk))

    assert answers == [False, False]
    assert kinds(called).count("Shuffle") == 1


def test_shuffle_of_other_papers_or_without_a_proof_is_refused() -> None:
    called = election("closed")
    other = election("closed", people=called.people)
    trustee = called.trustees[0]
    own, foreign = called.shuffle_of(trustee), other.shuffle_of(other.trustees[0])
    fields = json.loads(own.text)
    swapped = json.dumps({**fields, "ciphertexts": [fields["ciphertexts"][0][::-1]]}, separators=(",", ":"))

    for text in (foreign.text, swapped, own.text + " ", "{}", ""):
        with pytest.raises(errors.BadShuffle):
            actions.hand_in_shuffle(trustee, text, own.parent, own.signature, now=called.now)

    assert "Shuffle" not in kinds(called)
    assert Trustee.objects.get(pk=trustee.pk).shuffle_signature is None


def test_shuffle_without_the_trustees_own_signature_is_refused() -> None:
    called = election("closed")
    first, second, _ = called.trustees
    shuffled = called.shuffle_of(first)

    with pytest.raises(errors.BadSignature):
        called.hand_in_shuffle(second, shuffled)

    assert "Shuffle" not in kinds(called)


def test_nobody_opens_votes_that_are_not_mixed_enough() -> None:
    called = election("closed")
    first, second, _ = called.trustees

    for trustee in (first, second):
        with pytest.raises(errors.NotMixedYet):
            actions.hand_in_decryption(first, "{}", "{}", "00" * 64, now=called.now)
        called.shuffle(trustee)

    assert "PartialDecryption" not in kinds(called)


def test_votes_are_mixed_only_after_they_are_added_up_and_before_they_are_opened() -> None:
    called = election("open")
    trustee = called.trustees[0]

    with pytest.raises(errors.StillOpen):
        actions.hand_in_shuffle(trustee, "{}", "", "", now=called.now)
    called.now = called.ballot.closes_at
    actions.close_if_due(called.ballot, now=called.now)
    with pytest.raises(errors.TallyBeingMade):
        actions.hand_in_shuffle(trustee, "{}", "", "", now=called.now)
    tasks.tick(called.now)
    called.mix()
    with pytest.raises(errors.MixedEnough):
        actions.hand_in_shuffle(trustee, "{}", "", "", now=called.now)
    for one in called.trustees:
        called.decrypt(one)
    with pytest.raises(errors.NotClosed):
        actions.hand_in_shuffle(trustee, "{}", "", "", now=called.now)

    assert kinds(called).count("Shuffle") == 3


def test_votes_that_are_added_up_are_never_mixed() -> None:
    called = ballot_in_state("closed")

    with pytest.raises(errors.MixedEnough):
        actions.hand_in_shuffle(called.trustees[0], "{}", "", "", now=called.now)

    assert kinds(called)[-1] == "EncryptedTally"


def test_decryption_of_the_papers_as_they_lay_before_the_shuffles_is_refused() -> None:
    """So nobody's key ever touches a ciphertext whose voter the board names."""
    called = election("closed")
    trustee = called.trustees[0]
    called.mix()
    part = called.part_of(trustee)
    archive = queries.archive_of(called.ballot, published_only=True)
    unmixed = decrypted_as_cast(called, archive)

    with pytest.raises(errors.BadDecryption):
        actions.hand_in_decryption(trustee, *unmixed, part.head_signature, now=called.now)

    assert "PartialDecryption" not in kinds(called)


def decrypted_as_cast(called: Called, archive: bytes) -> tuple[str, str]:
    held = read_archive(archive)
    held_election = verifier.read_setup(held).election
    (tally,) = [event.data[0] for event in held.events if event.type == "EncryptedTally"]
    x = called.trustee_keys[1].x
    return (
        decryption.partial_decryption(held_election, x, tally),
        decryption.bound_proofs(held_election, x, tally),
    )


# Whose turn it is


def test_every_trustee_is_asked_until_enough_have_mixed() -> None:
    called = election("closed")
    first, second, third = called.trustees

    def asked() -> list[list[str]]:
        return [
            [thing.kind for thing in queries.things_to_do(person.member, called.now)]
            for person in called.people.members
        ]

    before = asked()
    called.shuffle(second)
    after_one = asked(), queries.missing_signatures(called.reload())
    called.shuffle(first)
    called.shuffle(third)

    assert before == [["shuffle"]] * 3
    assert after_one == ([["shuffle"], [], ["shuffle"]], {"trustees": [1, 3], "tellers": []})
    assert asked() == [["decrypt"]] * 3


def test_as_many_mix_as_open_and_a_lost_key_keeps_nobody_from_mixing() -> None:
    called = election("closed", threshold=2)
    first, second, third = called.trustees
    actions.say_key_is_lost(third, is_lost=True)

    def asked() -> list[list[str]]:
        return [
            [thing.kind for thing in queries.things_to_do(person.member, called.now)]
            for person in called.people.members
        ]

    before = asked()
    mixed = [called.shuffle(third), called.shuffle(first)]
    after = asked(), queries.missing_signatures(called.reload())
    counted = [called.decrypt(second), called.decrypt(first)]

    assert before == [["shuffle"]] * 3
    assert (mixed, counted) == ([False, True], [False, True])
    assert after == ([["decrypt"], ["decrypt"], []], {"trustees": [1, 2], "tellers": []})
    assert called.reload().places == [[[0], [1]]]
