"""Trustees make a key together: every exit of the actions, and that a refusal changes nothing."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from elections import ceremonies
from factories.ballots import NO, OWN_KEYS, YES, Called, ballot_in_state, draft
from factories.workplace import admit, give_role, make_committee
from openballot import ceremony, verifier
from openballot.election import Election
from openballot.trustees import parse_trustees
from openfloor.audit.models import LedgerEntry
from openfloor.ballots import actions, blindkey, charter, devices, errors, queries, quorum, statements, words
from openfloor.ballots.models import Ballot, BoardEvent, Trustee
from openfloor.workplace.models import Role

pytestmark = pytest.mark.django_db

ROUNDS = ("certificate_message", "coefficients_message", "key_message")


def called_with_certificates() -> Called:
    called = ballot_in_state("announced")
    for trustee in called.trustees:
        called.certify(trustee)
    return called


def there(called: Called, message: str) -> list[bool]:
    return [getattr(trustee, message) is not None for trustee in called.trustees]


def everything(called: Called) -> Any:
    trustees = Trustee.objects.filter(ballot=called.ballot).order_by("position")
    ballots = Ballot.objects.filter(pk=called.ballot.pk)
    return list(trustees.values()), list(ballots.values()), LedgerEntry.objects.count()


def payloads(kind: str) -> list[dict[str, Any]]:
    entries = LedgerEntry.objects.filter(kind=kind).order_by("number")
    return [json.loads(entry.payload or "") for entry in entries]


# How many are enough


@pytest.mark.parametrize(
    ("trustees", "needed", "threshold"),
    [
        (0, None, None),
        (1, 2, None),
        (2, None, None),
        (2, 2, None),
        (3, None, 2),
        (4, None, 3),
        (5, None, 3),
        (7, None, 4),
        (20, None, 11),
        (3, 3, None),
        (7, 2, 2),
    ],
)
def test_more_than_half_are_enough_unless_another_number_is_chosen(
    trustees: int, needed: int | None, threshold: int | None
) -> None:
    assert quorum.chosen(trustees, needed) == threshold


@pytest.mark.parametrize(("trustees", "needed"), [(3, 1), (3, 0), (3, 4), (21, None), (21, 21)])
def test_numbers_that_cannot_be_enough_are_refused(trustees: int, needed: int | None) -> None:
    with pytest.raises(quorum.ImpossibleQuorum):
        quorum.chosen(trustees, needed)


@pytest.mark.parametrize(
    ("threshold", "before", "after", "again"),
    [(2, 3, 3, 2), (None, 3, 3, None), (3, 5, 4, 3), (3, 5, 3, 2), (2, 3, 2, None), (None, 2, 2, None)],
)
def test_copy_asks_for_as_many_as_before_where_there_are_so_many(
    threshold: int | None, before: int, after: int, again: int | None
) -> None:
    assert quorum.again(threshold, of=before, now_of=after) == again


def test_draft_says_how_many_trustees_are_enough() -> None:
    called = draft()

    assert called.ballot.threshold == 2
    assert draft(called.people, **OWN_KEYS).ballot.threshold is None
    assert (
        draft(called.people, trustees=[p.member for p in called.people.members[:2]]).ballot.threshold is None
    )
    assert actions.copy_ballot(called.ballot, called.organiser, now=called.now).threshold == 2
    with pytest.raises(errors.BadThreshold):
        draft(called.people, threshold=4)
    assert Ballot.objects.count() == 4


@pytest.mark.parametrize("threshold", [0, 1])
def test_one_trustee_alone_is_never_enough(threshold: int) -> None:
    called = draft()

    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.filter(pk=called.ballot.pk).update(threshold=threshold)


def test_announcement_says_how_many_are_enough() -> None:
    people = make_committee(3)
    ballot_in_state("announced", people=people)
    ballot_in_state("announced", people=people, **OWN_KEYS)

    assert [said.get("threshold") for said in payloads("ballot_announced")] == [2, None]


# The first round


def test_certificate_is_kept_once_its_member_has_signed_it() -> None:
    called = ballot_in_state("announced")
    first = called.trustees[0]

    called.certify(first)

    kept = called.trustees[0]
    assert kept.certificate_message == called.makers[1].certificate
    assert (kept.copy_works, kept.public_key) == (True, None)
    assert there(called, "certificate_message") == [True, False, False]
    assert called.keymaking(first)["certificates"] is None


def test_certificate_can_be_another_as_long_as_somebodys_is_missing() -> None:
    called = ballot_in_state("announced")
    first, second, third = called.trustees
    called.certify(first)
    actions.say_key_is_lost(first, is_lost=True)

    called.certify(first)
    called.certify(second)
    called.certify(third)

    assert called.trustees[0].certificate_message == called.makers[1].certificate
    assert not called.trustees[0].key_lost
    before = everything(called)
    with pytest.raises(errors.RoundIsOver):
        called.certify(first)
    assert everything(called) == before


def test_same_certificate_again_changes_nothing() -> None:
    called = called_with_certificates()
    first = called.trustees[0]
    before = everything(called)

    actions.hand_in_certificate(first, first.certificate_message or "", "", now=called.now)

    assert everything(called) == before


def test_certificate_that_does_not_hold_is_refused() -> None:
    called = ballot_in_state("announced")
    first = called.trustees[0]
    maker = devices.KeyMaker.draw(called.ballot.uuid, called.keymaking(first))
    held = replace(maker.own.ceremony, id="another.1")
    of_another = ceremony.certificate_message(ceremony.Participant(held, 1, maker.own.seed))
    at_another_place = ceremony.certificate_message(replace(maker.own, index=2))
    signature = maker.signature(called.person(1).keys, called.ballot.uuid, 1)
    before = everything(called)

    for message in ("", "{}", maker.certificate + " ", of_another, at_another_place):
        with pytest.raises(errors.BadKeyMessage):
            actions.hand_in_certificate(first, message, signature, now=called.now)

    assert everything(called) == before


def test_certificate_with_the_seed_of_another_trustee_is_refused() -> None:
    called = ballot_in_state("announced")
    first, second, _ = called.trustees
    called.certify(first)
    copied = devices.KeyMaker(replace(called.makers[1].own, index=2))
    signature = copied.signature(called.person(2).keys, called.ballot.uuid, 2)
    before = everything(called)

    with pytest.raises(errors.KeyOfAnotherTrustee):
        actions.hand_in_certificate(second, copied.certificate, signature, now=called.now)

    assert everything(called) == before


def test_certificate_without_its_members_signature_is_refused() -> None:
    called = ballot_in_state("announced")
    first, uuid = called.trustees[0], called.ballot.uuid
    maker = devices.KeyMaker.draw(uuid, called.keymaking(first))
    before = everything(called)

    for signature in (
        maker.signature(called.person(2).keys, uuid, 1),
        maker.signature(called.person(1).keys, uuid, 2),
        maker.signature(called.person(1).keys, "anotherBa11ot", 1),
        "",
    ):
        with pytest.raises(errors.BadSignature):
            actions.hand_in_certificate(first, maker.certificate, signature, now=called.now)

    assert everything(called) == before


def test_keys_of_their_own_and_one_made_together_do_not_mix() -> None:
    together = ballot_in_state("announced")
    alone = ballot_in_state("announced", people=together.people, **OWN_KEYS)
    trustee, other = together.trustees[0], alone.trustees[0]

    with pytest.raises(errors.KeyMadeTogether):
        actions.hand_in_trustee_key(trustee, "", "", now=together.now)
    with pytest.raises(errors.KeyMadeTogether):
        actions.prove_copy(trustee, "", now=together.now)
    with pytest.raises(errors.KeysOfTheirOwn):
        actions.hand_in_certificate(other, "", "", now=together.now)
    with pytest.raises(errors.KeysOfTheirOwn):
        actions.hand_in_coefficients(other, "", now=together.now)
    with pytest.raises(errors.KeysOfTheirOwn):
        queries.keymaking_of(alone.ballot, other)
    together.freeze()
    alone.freeze()
    with pytest.raises(errors.KeyMadeTogether):
        actions.sign_freeze(trustee, "", now=together.now)
    with pytest.raises(errors.KeysOfTheirOwn):
        actions.finish_key(other, "", "", now=alone.now)
    with pytest.raises(errors.KeysOfTheirOwn):
        actions.refuse_shares(other, [1], now=alone.now)


# The second round


def test_shares_are_sent_only_when_every_certificate_is_there() -> None:
    called = ballot_in_state("announced")
    first, second, third = called.trustees
    called.certify(first)
    called.certify(second)
    before = everything(called)

    with pytest.raises(errors.RoundNotWhole):
        actions.hand_in_coefficients(first, "{}", now=called.now)

    assert everything(called) == before
    called.certify(third)
    assert called.send_shares(first) is False
    assert there(called, "coefficients_message") == [True, False, False]


def test_shares_that_do_not_hold_are_refused() -> None:
    called = called_with_certificates()
    first, second, _ = called.trustees
    told = called.keymaking(first)
    right = called.makers[1].coefficients(told)
    stale = ceremonies.resigned(called.makers[1].own, right, lambda body: body.update(previous="0" * 64))
    before = everything(called)

    for message in ("", "{}", right + " ", stale, told["certificates"][0]):
        with pytest.raises(errors.BadKeyMessage):
            actions.hand_in_coefficients(first, message, now=called.now)
    with pytest.raises(errors.BadKeyMessage):
        actions.hand_in_coefficients(second, right, now=called.now)

    assert everything(called) == before


def test_shares_stay_as_they_are_once_sent() -> None:
    called = called_with_certificates()
    first = called.trustees[0]
    called.send_shares(first)
    before = everything(called)
    again = ceremonies.resigned(called.makers[1].own, sent(called), lambda _: None)

    assert actions.hand_in_coefficients(first, sent(called), now=called.now) is False
    with pytest.raises(errors.RoundIsOver):
        actions.hand_in_coefficients(first, again, now=called.now)

    assert everything(called) == before


def sent(called: Called) -> str:
    return called.trustees[0].coefficients_message or ""


def test_last_shares_freeze_the_election_under_its_charter() -> None:
    called = called_with_certificates()

    frozen = [called.send_shares(trustee) for trustee in called.trustees]

    ballot = called.reload()
    election = Election.parse(ballot.election or "")
    fields = charter.parse(ballot.charter or "")
    settled = ceremony.settle(
        queries.ceremony_of(ballot),
        *(queries.messages_of(ballot, message) for message in (queries.CERTIFICATES, queries.COEFFICIENTS)),
    )
    assert frozen == [False, False, True]
    assert ballot.state == "frozen"
    assert fields["threshold"] == 2
    assert fields["trustees"] == [
        {"number": number, "public_key": key} for number, key in enumerate(settled.share_keys, start=1)
    ]
    assert election.group.text(election.public_key) == settled.public_key
    assert json.loads(ballot.trustees_text or "") == [["Pedersen", json.loads(settled.parameters)]]
    assert payloads("ballot_frozen")[0]["trustees"] == statements.hash_of_trustees(ballot.trustees_text or "")


def test_ballot_is_not_frozen_while_a_key_is_lost() -> None:
    called = called_with_certificates()
    first, *others = called.trustees
    called.send_shares(first)
    actions.say_key_is_lost(first, is_lost=True)

    assert [called.send_shares(trustee) for trustee in others] == [False, False]
    assert called.reload().state == "announced"
    assert queries.has_to_begin_again(called.ballot)

    actions.say_key_is_lost(first, is_lost=False)
    assert actions.freeze_if_ready(called.reload(), now=called.now) is True


@pytest.mark.parametrize("state", ["draft", "frozen", "withdrawn"])
def test_rounds_are_taken_only_while_announced(state: str) -> None:
    called = ballot_in_state(state)
    trustee = called.trustees[0]

    with pytest.raises(errors.NotAnnounced):
        actions.hand_in_certificate(trustee, "", "", now=called.now)
    with pytest.raises(errors.NotAnnounced):
        actions.hand_in_coefficients(trustee, "", now=called.now)


def test_rounds_are_refused_when_the_close_has_passed() -> None:
    called = ballot_in_state("announced")
    called.now = called.ballot.closes_at
    trustee = called.trustees[0]

    with pytest.raises(errors.TimeIsOver):
        actions.hand_in_certificate(trustee, "", "", now=called.now)
    with pytest.raises(errors.TimeIsOver):
        actions.hand_in_coefficients(trustee, "", now=called.now)


def test_rounds_come_one_after_the_other_in_the_database_too() -> None:
    called = ballot_in_state("announced")
    trustees = Trustee.objects.filter(pk=called.trustees[0].pk)

    for later in ({"coefficients_message": "x"}, {"certificate_message": "x", "key_message": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            trustees.update(**later)


# The third round


def test_last_signature_completes_the_list_of_trustees_and_opens_the_ballot() -> None:
    called = ballot_in_state("frozen")
    for teller in called.tellers:
        called.sign_audit(teller)
    fixed = called.ballot.trustees_text
    first, second, last = called.trustees

    opened = [called.finish_key(first), called.finish_key(second)]
    unfinished = called.reload().trustees_text
    opened.append(called.finish_key(last))

    ballot = called.reload()
    election = Election.parse(ballot.election or "")
    listed = parse_trustees(election.group, ballot.trustees_text or "")
    assert opened == [False, False, True]
    assert unfinished == fixed
    assert ballot.state == "open"
    assert listed.public_key(election.group) == election.public_key
    assert [election.group.text(trustee.public_key) for trustee in listed] == [
        called.trustee_keys[number].element for number in (1, 2, 3)
    ]
    assert statements.hash_of_trustees(ballot.trustees_text or "") == statements.hash_of_trustees(fixed or "")
    assert called.setup["trustees"] == ballot.trustees_text
    assert BoardEvent.objects.get(ballot=ballot).data[1] == ballot.trustees_text


def test_ballot_never_opens_without_every_key() -> None:
    called = ballot_in_state("frozen")

    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.filter(pk=called.ballot.pk).update(
            state="open", opened_at=called.now, opening_ledger_head="0" * 64
        )


def test_key_or_signature_that_does_not_hold_is_refused() -> None:
    called = ballot_in_state("frozen")
    first, second, _ = called.trustees
    message = called.makers[1].key_message(called.keymaking(first))
    of_second = called.makers[2].key_message(called.keymaking(second))
    right = devices.sign_freeze(called.person(1).keys, 1, called.setup)
    before = everything(called)

    for wrong in ("", "{}", message + " ", of_second):
        with pytest.raises(errors.BadKeyMessage):
            actions.finish_key(first, wrong, right, now=called.now)
    for signature in (
        devices.sign_freeze(called.person(2).keys, 1, called.setup),
        devices.sign_freeze(called.person(1).keys, 1, {**called.setup, "charter": "{}"}),
        devices.sign_freeze(called.person(1).keys, 1, {**called.setup, "trustees": "[]"}),
        "",
    ):
        with pytest.raises(errors.BadSignature):
            actions.finish_key(first, message, signature, now=called.now)

    assert everything(called) == before
    for _ in range(2):  # an answer that was lost on the way
        assert actions.finish_key(first, message, right, now=called.now) is False
    assert there(called, "key_message") == [True, False, False]


@pytest.mark.parametrize("state", ["announced", "open"])
def test_last_round_is_taken_only_while_frozen(state: str) -> None:
    called = ballot_in_state(state)
    trustee = called.trustees[0]

    with pytest.raises(errors.NotFrozen):
        actions.finish_key(trustee, "", "", now=called.now)
    with pytest.raises(errors.NotFrozen):
        actions.refuse_shares(trustee, [2], now=called.now)


def test_wrong_share_is_told_by_name_and_keeps_the_ballot_shut() -> None:
    called = called_with_certificates()
    first, second, third = called.trustees
    called.send_shares(first)
    called.send_wrong_share(second, to=3)
    called.send_shares(third)
    called.reload()
    assert called.ballot.state == "frozen"

    called.finish_key(first)
    called.finish_key(second)
    with pytest.raises(ceremony.CeremonyRefused) as caught:
        called.finish_key(third)
    assert [(item.check, item.object) for item in caught.value.findings] == [("ceremony_share", "trustee 2")]
    for _ in range(2):
        actions.refuse_shares(third, [2, 2], now=called.now)

    assert queries.refused_shares(called.ballot) == [(3, [2])]
    assert queries.can_never_open(called.ballot)
    assert payloads("ballot_shares_refused") == [
        {"ballot": called.ballot.uuid, "title": called.ballot.title, "by": 3, "of": [2]}
    ]
    assert [thing.kind for thing in queries.things_to_do(called.organiser, called.now)] == ["cannot_open"]
    assert queries.things_to_do(called.person(3).member, called.now) == []
    with pytest.raises(errors.TrusteesStay):
        actions.replace_trustees(
            called.ballot, called.organiser, [t.member for t in called.trustees], None, now=called.now
        )
    actions.withdraw(called.ballot, called.organiser, "A share is wrong.", now=called.now)
    assert not blindkey.is_kept(called.ballot.uuid)


def test_shares_are_refused_by_places_there_are_and_before_signing() -> None:
    called = ballot_in_state("frozen")
    first, second, _ = called.trustees
    called.finish_key(first)
    before = everything(called)

    for positions in ([], [0], [4], [1, -1], [10**400]):
        with pytest.raises(errors.BadKeyMessage):
            actions.refuse_shares(second, positions, now=called.now)
    with pytest.raises(errors.SharesAccepted):
        actions.refuse_shares(first, [2], now=called.now)

    assert everything(called) == before


def test_trustee_who_refused_by_mistake_can_still_sign() -> None:
    called = ballot_in_state("frozen")
    first = called.trustees[0]
    actions.refuse_shares(first, [2], now=called.now)

    called.finish_key(first)

    assert queries.refused_shares(called.ballot) == []
    assert not queries.can_never_open(called.ballot)


# Trustees who are replaced


def test_trustees_begin_again_with_others_and_nothing_of_before_counts() -> None:
    people = make_committee(4)
    called = ballot_in_state("announced", people=people)
    give_role(people, people.members[3], Role.Kind.TRUSTEE)
    first, second, _ = called.trustees
    called.certify(first)
    called.certify(second)
    stale, signed = called.makers[1].certificate, called.trustees[0].key_signature or ""
    chosen = [people.members[index].member for index in (0, 1, 3)]
    fixed = (called.reload().roll_position, called.ballot.announced_on, called.ballot.entitled)

    actions.replace_trustees(called.ballot, called.organiser, chosen, None, now=called.later())

    ballot = called.reload()
    assert [(t.position, t.member.number) for t in called.trustees] == [(1, 1), (2, 2), (3, 4)]
    assert there(called, "certificate_message") == [False, False, False]
    assert (ballot.state, ballot.attempt, ballot.threshold) == ("announced", 2, 2)
    assert (ballot.roll_position, ballot.announced_on, ballot.entitled) == fixed
    said = {"by": 1, "trustees": [1, 2, 4], "threshold": 2}
    (entry,) = LedgerEntry.objects.filter(kind="ballot_trustees_replaced")
    assert payloads("ballot_trustees_replaced") == [{"ballot": ballot.uuid, "title": ballot.title, **said}]
    assert ballot.ledger_head == entry.hash
    with pytest.raises(errors.BadKeyMessage):
        actions.hand_in_certificate(called.trustees[0], stale, signed, now=called.now)
    called.freeze()
    assert charter.parse(called.ballot.charter or "")["ledger_head"] == entry.hash
    called.open()
    assert called.ballot.state == "open"


def test_trustees_can_be_the_same_again_with_keys_of_their_own_or_another_number() -> None:
    called = called_with_certificates()
    members = [trustee.member for trustee in called.trustees]

    actions.replace_trustees(called.ballot, called.organiser, members, 3, now=called.now)

    assert (called.reload().threshold, called.ballot.attempt) == (None, 2)
    assert payloads("ballot_trustees_replaced")[0].get("threshold") is None
    called.freeze()
    assert called.ballot.state == "frozen"


def test_trustees_are_replaced_by_an_organiser_with_those_who_can_sign() -> None:
    people = make_committee(4)
    called = ballot_in_state("announced", people=people)
    members = [person.member for person in people.members]
    newcomer = admit(people)
    give_role(people, newcomer, Role.Kind.TRUSTEE)
    before = everything(called)

    def replace_by(*chosen: Any, by: Any = None, threshold: int | None = None, at: Any = None) -> None:
        actions.replace_trustees(
            called.ballot, by or called.organiser, chosen, threshold, now=at or called.now
        )

    with pytest.raises(errors.NotYours):
        replace_by(*members[:3], by=members[1])
    with pytest.raises(errors.TooFewTrustees):
        replace_by(members[0], members[0])
    with pytest.raises(errors.BadOfficers):
        replace_by(members[0], members[3])  # holds no role
    with pytest.raises(errors.BadOfficers):
        replace_by(members[0], newcomer.member)  # joined after the announcement
    with pytest.raises(errors.BadThreshold):
        replace_by(*members[:3], threshold=4)
    with pytest.raises(errors.TimeIsOver):
        replace_by(*members[:3], at=called.ballot.closes_at)

    assert everything(called) == before


@pytest.mark.parametrize("state", ["draft", "frozen", "open", "withdrawn"])
def test_trustees_are_replaced_only_while_they_make_their_keys(state: str) -> None:
    called = ballot_in_state(state)
    members = [trustee.member for trustee in called.trustees]

    with pytest.raises(errors.TrusteesStay):
        actions.replace_trustees(called.ballot, called.organiser, members, None, now=called.now)


# Keys that are lost


def test_lost_key_is_shown_and_can_be_found_again() -> None:
    called = ballot_in_state("open")
    first, second, _ = called.trustees

    actions.say_key_is_lost(first, is_lost=True)
    assert (queries.keys_left(called.ballot), queries.are_keys_missing(called.ballot)) == (2, False)
    actions.say_key_is_lost(second, is_lost=True)
    assert (queries.keys_left(called.ballot), queries.are_keys_missing(called.ballot)) == (1, True)
    actions.say_key_is_lost(first, is_lost=False)

    assert queries.keys_left(called.ballot) == 2


def test_no_key_is_lost_before_it_is_made_or_after_it_was_used() -> None:
    announced = ballot_in_state("announced")
    closed = ballot_in_state("closed", people=announced.people)
    first = closed.trustees[0]
    closed.decrypt(first)

    with pytest.raises(errors.NoKeyYet):
        actions.say_key_is_lost(announced.trustees[0], is_lost=True)
    with pytest.raises(errors.AlreadyHandedIn):
        actions.say_key_is_lost(first, is_lost=True)
    closed.decrypt(closed.trustees[1])
    with pytest.raises(errors.NothingToLose):
        actions.say_key_is_lost(closed.trustees[2], is_lost=True)

    assert not Trustee.objects.filter(key_lost=True).exists()


def test_frozen_ballot_whose_trustee_lost_the_key_before_signing_is_for_an_organiser_to_withdraw() -> None:
    called = ballot_in_state("frozen")
    first, _, third = called.trustees
    called.finish_key(first)
    actions.say_key_is_lost(first, is_lost=True)
    assert not queries.can_never_open(called.ballot)

    actions.say_key_is_lost(third, is_lost=True)

    assert queries.can_never_open(called.ballot)
    assert queries.things_to_do(called.person(3).member, called.now) == []


# Opening the count


@pytest.mark.parametrize("openers", [(1, 2), (1, 3), (3, 2)])
def test_any_two_of_three_count_the_ballot(openers: tuple[int, int]) -> None:
    called = ballot_in_state("closed", votes=(YES, YES, NO))
    by_number = {trustee.member.number: trustee for trustee in called.trustees}

    counted = [called.decrypt(by_number[number]) for number in openers]

    report = verifier.verify(queries.archive_of(called.reload(), published_only=True), require="counted")
    assert counted == [False, True]
    assert (called.ballot.state, called.ballot.result) == ("counted", [[0, 2, 1]])
    assert (report.verdict, report.result, report.warnings) == ("valid", [[0, 2, 1]], ())
    assert queries.have_opened(called.ballot) == sorted(openers)
    (late,) = by_number.keys() - set(openers)
    with pytest.raises(errors.NotClosed):
        called.decrypt(by_number[late])


def test_part_that_does_not_hold_is_told_by_name_and_never_stands_on_the_board() -> None:
    called = ballot_in_state("closed", votes=(YES, NO))
    first, second, third = called.trustees
    called.decrypt(first)
    foreign = called.part_of(third)
    before = BoardEvent.objects.count()

    with pytest.raises(errors.BadDecryption) as caught:
        actions.hand_in_decryption(
            second, foreign.partial, foreign.bound_proofs, foreign.head_signature, now=called.now
        )

    assert "entry 2" in str(caught.value)
    assert BoardEvent.objects.count() == before
    assert [(trustee.sent_bad_part, trustee.partial_decryption is None) for trustee in called.trustees] == [
        (False, False),
        (True, True),
        (False, True),
    ]
    assert words.keys_in_words(called.ballot)[0] == (
        "Entry 2 sent a part of the count that does not hold. It was left out, and nothing is lost."
    )
    assert called.decrypt(third) is True


def test_trustee_whose_part_did_not_hold_can_send_a_good_one() -> None:
    called = ballot_in_state("closed", votes=(YES, NO))
    first, second, third = called.trustees
    foreign = called.part_of(third)
    with pytest.raises(errors.BadDecryption):
        actions.hand_in_decryption(
            second, foreign.partial, foreign.bound_proofs, foreign.head_signature, now=called.now
        )

    called.decrypt(second)

    assert words.keys_in_words(called.reload()) == []
    assert called.decrypt(first) is True


def test_trustee_who_found_the_key_again_opens_the_count() -> None:
    called = ballot_in_state("closed", votes=(YES, NO))
    first, second, _ = called.trustees
    actions.say_key_is_lost(first, is_lost=True)

    called.decrypt(first)

    assert not called.trustees[0].key_lost
    assert called.decrypt(second) is True


# What open pages hear


def test_head_of_a_key_in_the_making_counts_deeds_and_names_nobody() -> None:
    called = ballot_in_state("announced")
    uuid = called.ballot.uuid
    heads = [queries.keymaking_head(uuid)]

    for trustee in called.trustees:
        called.certify(trustee)
    heads.append(queries.keymaking_head(uuid))
    for trustee in called.trustees:
        called.send_shares(trustee)
    heads.append(queries.keymaking_head(uuid))
    called.sign_freeze(called.trustees[0])
    called.sign_audit(called.tellers[0])
    heads.append(queries.keymaking_head(uuid))

    assert heads == [
        {"state": state, "attempt": 1, "done": done, "is_added_up": False, "is_mixed": False}
        for state, done in [("announced", 0), ("announced", 3), ("frozen", 6), ("frozen", 8)]
    ]
    assert queries.keymaking_head(draft(called.people).ballot.uuid) is None
    assert queries.keymaking_head("aaaaaaaaaaaaaa") is None


def test_head_tells_a_key_that_is_lost_and_a_sum_that_is_there() -> None:
    making = ballot_in_state("announced")
    closed = ballot_in_state("closed", people=making.people, votes=(YES, NO))
    for trustee in making.trustees:
        making.certify(trustee)
    actions.say_key_is_lost(making.trustees[0], is_lost=True)

    heads = [queries.keymaking_head(called.ballot.uuid) for called in (making, closed)]

    assert heads == [
        {"state": "announced", "attempt": 1, "done": 4, "is_added_up": False, "is_mixed": False},
        {"state": "closed", "attempt": 1, "done": 11, "is_added_up": True, "is_mixed": False},
    ]
