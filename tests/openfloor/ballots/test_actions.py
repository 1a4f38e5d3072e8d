"""Calling a ballot, its trustees' keys, its signatures: every exit, and that a refusal changes nothing."""

import json
from datetime import timedelta
from fractions import Fraction
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
    draft,
    terms_of,
)
from factories.workplace import admit, give_role, make_committee
from openballot.canonical import hash_base64
from openballot.election import Election
from openballot.groups import named
from openballot.trustees import combined_public_key
from openfloor import env
from openfloor.audit.models import LedgerEntry
from openfloor.ballots import actions, blindkey, charter, devices, errors, queries
from openfloor.ballots.models import Ballot, BoardEvent, Trustee
from openfloor.workplace import queries as workplace
from openfloor.workplace.rolltree import Tree

THIRTY_ONE = {**DEMANDS, "answers": [f"Demand {number}" for number in range(31)]}
pytestmark = pytest.mark.django_db


def kinds_in_ledger(called: Called) -> list[str]:
    entries = LedgerEntry.objects.filter(committee_id=called.people.committee.pk).order_by("number")
    return [kind for kind in entries.values_list("kind", flat=True) if kind.startswith("ballot")]


def payload_of(called: Called, kind: str) -> dict[str, Any]:
    entry = LedgerEntry.objects.get(committee_id=called.people.committee.pk, kind=kind)
    payload: dict[str, Any] = json.loads(entry.payload or "")
    return payload


def positions(called: Called) -> list[tuple[int, int]]:
    return [(trustee.position, trustee.member.number) for trustee in called.trustees]


# Drafts


def test_draft_keeps_its_terms_and_officers() -> None:
    called = draft(approval=Fraction(4, 6))

    ballot = called.ballot
    assert (ballot.state, ballot.title, ballot.questions) == ("draft", "Strike on Friday", [YES_OR_NO])
    assert (ballot.approval_numerator, ballot.approval_denominator) == (2, 3)
    assert [(trustee.position, trustee.member.number) for trustee in called.trustees] == [
        (1, 1),
        (2, 2),
        (3, 3),
    ]
    assert [teller.member.number for teller in called.tellers] == [1, 2]
    assert kinds_in_ledger(called) == []


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        ({"title": ""}, errors.BadTitle),
        ({"title": "two\nlines"}, errors.BadTitle),
        ({"title": " padded"}, errors.BadTitle),
        ({"title": "x" * 121}, errors.BadTitle),
        ({"title": "half a pair \ud83d"}, errors.BadTitle),
        ({"text": "  \n"}, errors.BadText),
        ({"text": "x" * 20_001}, errors.BadText),
        ({"text": "half a pair \ud83d"}, errors.BadText),
        ({"group": "P-256"}, errors.BadGroup),
        ({"turnout": Fraction(3, 2)}, errors.BadRule),
        ({"approval": Fraction(1)}, errors.BadRule),
        ({"approval": Fraction(500, 1001)}, errors.BadRule),
        ({"questions": []}, errors.TooManyQuestions),
        ({"questions": [YES_OR_NO] * 11}, errors.TooManyQuestions),
        ({"questions": [{**YES_OR_NO, "answers": [f"{i}" for i in range(101)]}]}, errors.TooManyQuestions),
        ({"questions": [{**YES_OR_NO, "answers": ["Yes"]}]}, errors.BadQuestion),
        ({"questions": [{**YES_OR_NO, "answers": ["Yes", "Yes"]}]}, errors.BadQuestion),
        ({"questions": [{**YES_OR_NO, "answers": ["Yes", ""]}]}, errors.BadQuestion),
        ({"questions": [{**YES_OR_NO, "question": "two\nlines"}]}, errors.BadQuestion),
        ({"questions": [{**YES_OR_NO, "min": 2}]}, errors.BadQuestion),
        ({"questions": [{**YES_OR_NO, "max": 3}]}, errors.BadQuestion),
        ({"questions": [{**YES_OR_NO, "min": 0, "max": 0}]}, errors.BadQuestion),
        ({"questions": [{**YES_OR_NO, "min": True}]}, errors.BadQuestion),
        ({"questions": [{**YES_OR_NO, "blank": 1}]}, errors.BadQuestion),
        ({"questions": [{"question": "No answers?"}]}, errors.BadQuestion),
        ({"effect": {"kind": "give_role", "number": 9, "role": "teller"}}, errors.BadEffect),
        ({"effect": {"kind": "give_role", "number": 2, "role": "chair"}}, errors.BadEffect),
        ({"effect": {"kind": "raise", "number": 2, "role": "teller"}}, errors.BadEffect),
        ({"effect": {"kind": "give_role", "number": 2}}, errors.BadEffect),
        (
            {
                "effect": {"kind": "give_role", "number": 2, "role": "teller"},
                "questions": [{**YES_OR_NO, "answers": ["Ada", "Ben", "Cyd"]}],
            },
            errors.BadEffect,
        ),
        ({"questions": [DELEGATES]}, errors.GroupCannotRank),
        ({"questions": [YES_OR_NO, GRADED]}, errors.GroupCannotRank),
        ({"group": "Ed25519", "questions": [THIRTY_ONE]}, errors.TooManyToRank),
        ({"group": RANKING_GROUP, "questions": [{**DELEGATES, "extra": {}}]}, errors.BadQuestion),
        ({"group": RANKING_GROUP, "questions": [THIRTY_ONE] * 4}, errors.TooManyQuestions),
    ],
)
def test_draft_refuses_what_no_election_can_ask(
    terms: dict[str, Any], refusal: type[errors.BallotError]
) -> None:
    with pytest.raises(refusal):
        draft(members=1, **{"trustees": [], "tellers": [], **terms})

    assert Ballot.objects.count() == 0


ELECTS = {"kind": "give_role_to_elected", "candidates": [4, 2, 3, 1], "role": "trustee"}


@pytest.mark.parametrize(
    ("effect", "question"),
    [
        ({**ELECTS, "role": "chair"}, DELEGATES),
        ({**ELECTS, "candidates": [4, 2, 3]}, DELEGATES),
        ({**ELECTS, "candidates": [4, 2, 3, 5]}, DELEGATES),
        ({**ELECTS, "candidates": [4, 2, 3, 3]}, DELEGATES),
        ({**ELECTS, "number": 1}, DELEGATES),
        ({**ELECTS, "candidates": [1, 2, 3]}, DEMANDS),
        ({**ELECTS, "candidates": [1, 2]}, GRADED),
        ({**ELECTS, "candidates": [1, 2]}, YES_OR_NO),
        ({"kind": "give_role", "number": 2, "role": "teller"}, DELEGATES),
    ],
)
def test_draft_elects_only_members_and_only_by_transferable_votes(
    effect: dict[str, Any], question: dict[str, Any]
) -> None:
    people = make_committee(4)

    with pytest.raises(errors.BadEffect):
        draft(people, group=RANKING_GROUP, questions=[question], effect=effect)

    assert Ballot.objects.count() == 0


def test_draft_of_an_election_keeps_whom_each_name_stands_for() -> None:
    called = draft(make_committee(4), group=RANKING_GROUP, questions=[DELEGATES], effect=ELECTS)

    copy = actions.copy_ballot(called.ballot, called.organiser, now=called.now)

    assert (called.ballot.questions, called.ballot.effect) == ([DELEGATES], ELECTS)
    assert (copy.questions, copy.effect) == ([DELEGATES], ELECTS)


@pytest.mark.parametrize(("opens_in", "closes_in"), [(2, 1), (1, 1), (-2, -1), (-1, 0)])
def test_draft_refuses_times_that_are_over_or_out_of_order(opens_in: int, closes_in: int) -> None:
    people = make_committee(1)
    times: dict[str, Any] = {
        "opens_not_before": people.now + timedelta(hours=opens_in),
        "closes_at": people.now + timedelta(hours=closes_in),
    }

    with pytest.raises(errors.BadTimes):
        draft(people, trustees=[], tellers=[], **times)

    assert Ballot.objects.count() == 0


def test_draft_refuses_officers_without_the_role() -> None:
    people = make_committee(4)

    with pytest.raises(errors.BadOfficers):
        draft(people, trustees=[people.members[3].member])

    assert Ballot.objects.count() == 0


def test_draft_refuses_whoever_is_no_organiser() -> None:
    called = draft()
    teller = called.people.members[1].member

    with pytest.raises(errors.NotYours):
        actions.draft_ballot(teller, **terms_of(called.people), now=called.now)
    with pytest.raises(errors.NotYours):
        actions.edit_draft(called.ballot, teller, **terms_of(called.people), now=called.now)
    with pytest.raises(errors.NotYours):
        actions.announce(called.ballot, teller, now=called.now)
    with pytest.raises(errors.NotYours):
        actions.withdraw(called.ballot, teller, "I do not like it.", now=called.now)
    with pytest.raises(errors.NotYours):
        actions.copy_ballot(called.ballot, teller, now=called.now)

    assert [ballot.state for ballot in Ballot.objects.all()] == ["draft"]


def test_edit_replaces_everything() -> None:
    called = draft()
    members = [person.member for person in called.people.members]

    terms = terms_of(called.people) | {"title": "Strike on Monday", "trustees": members[1:3]}
    actions.edit_draft(called.ballot, called.organiser, **terms, now=called.now)

    assert called.reload().title == "Strike on Monday"
    assert positions(called) == [(1, 2), (2, 3)]


def test_edit_refuses_what_was_announced() -> None:
    called = ballot_in_state("announced")

    with pytest.raises(errors.NotADraft):
        actions.edit_draft(
            called.ballot, called.organiser, **terms_of(called.people) | {"title": "Other"}, now=called.now
        )

    assert called.reload().title == "Strike on Friday"


def test_announcing_fixes_the_roll_and_who_may_vote() -> None:
    called = draft(members=4)

    called.announce()

    ballot = called.reload()
    assert (ballot.state, ballot.announced_on, ballot.entitled) == ("announced", called.people.day, 4)
    payload = payload_of(called, "ballot_announced")
    assert (payload["ballot"], payload["roll"], payload["entitled"]) == (ballot.uuid, ballot.roll_head, 4)
    assert (payload["trustees"], payload["tellers"]) == ([1, 2, 3], [1, 2])
    last = LedgerEntry.objects.order_by("number").last()
    assert last is not None
    assert ballot.ledger_head == last.hash


@pytest.mark.parametrize("missing", ["trustees", "tellers"])
def test_announcing_refuses_fewer_than_two_trustees_or_tellers(missing: str) -> None:
    people = make_committee(3)
    give_role(people, people.members[0], missing[:-1])
    too_few: dict[str, Any] = {missing: [people.members[0].member]}
    called = draft(people, **too_few)

    with pytest.raises(errors.TooFewOfficers):
        called.announce()

    assert called.reload().state == "draft"
    assert kinds_in_ledger(called) == []


def test_announcing_refuses_officers_who_gave_their_role_back() -> None:
    called = draft()
    called.people.members[2].member.roles.filter(kind="trustee").update(state="ended")

    with pytest.raises(errors.BadOfficers):
        called.announce()

    assert called.reload().state == "draft"


def test_announcing_refuses_a_close_that_has_passed() -> None:
    called = draft()
    called.now += timedelta(days=3)

    with pytest.raises(errors.ClosesTooSoon):
        called.announce()

    assert called.reload().state == "draft"


def test_announcing_twice_is_refused() -> None:
    called = ballot_in_state("announced")

    with pytest.raises(errors.NotADraft):
        called.announce()

    assert kinds_in_ledger(called) == ["ballot_announced"]


@pytest.mark.parametrize("state", ["draft", "announced", "frozen"])
def test_withdrawing_keeps_the_reason_and_erases_k(state: str) -> None:
    called = ballot_in_state(state)

    actions.withdraw(called.ballot, called.organiser, " The offer is better. ", now=called.later())

    assert (called.reload().state, called.ballot.reason) == ("withdrawn", "The offer is better.")
    assert payload_of(called, "ballot_withdrawn")["reason"] == "The offer is better."
    assert called.ballot.uuid not in blindkey.kept()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1_001])
def test_withdrawing_asks_for_a_reason(reason: str) -> None:
    called = draft()

    with pytest.raises(errors.ReasonMissing):
        actions.withdraw(called.ballot, called.organiser, reason, now=called.now)

    assert called.reload().state == "draft"


def test_withdrawing_refuses_a_ballot_that_has_opened() -> None:
    called = ballot_in_state("open")

    with pytest.raises(errors.CannotBeWithdrawn):
        actions.withdraw(called.ballot, called.organiser, "Too late.", now=called.now)

    assert called.reload().state == "open"
    assert called.ballot.uuid in blindkey.kept()


def test_copy_is_a_draft_with_the_same_terms_and_those_who_still_hold_roles() -> None:
    called = ballot_in_state("uncountable")
    called.people.members[2].member.roles.filter(kind="trustee").update(state="ended")

    copy = actions.copy_ballot(called.ballot, called.organiser, now=called.now)

    assert (copy.state, copy.title, copy.questions) == ("draft", called.ballot.title, called.ballot.questions)
    assert copy.uuid != called.ballot.uuid
    assert copy.copied_from == called.ballot
    assert copy.closes_at - copy.opens_not_before == timedelta(days=3)
    assert list(copy.trustees.values_list("member__number", flat=True)) == [1, 2]
    assert copy.charter is None
    assert copy.roll_head is None


# Trustees' keys


def test_key_is_answered_with_a_test_that_only_its_secret_opens() -> None:
    called = ballot_in_state("announced", **OWN_KEYS)
    first, second, _ = called.trustees

    test = called.make_key(first)
    other_test = called.make_key(second)

    assert called.prove_copy(first, test) is False
    with pytest.raises(errors.CopyDoesNotWork):
        actions.prove_copy(second, called.trustee_keys[1].open_test(*other_test), now=called.now)
    assert list(called.ballot.trustees.values_list("copy_works", flat=True)) == [True, False, False]


def test_key_whose_proof_does_not_hold_is_refused() -> None:
    called = ballot_in_state("announced", **OWN_KEYS)
    trustee = called.trustees[0]
    mine, other = (devices.TrusteeKey.draw("BELENIOS-2048") for _ in range(2))
    # Another's element under my proof: a key chosen to cancel the others' would look like this.
    forged = json.dumps(
        {"pok": json.loads(mine.text)["pok"], "public_key": other.element}, separators=(",", ":")
    )
    signature = other.signature(called.person(1).keys, called.ballot.uuid, 1)

    for text in (forged, "", "{}", mine.text + " "):
        with pytest.raises(errors.BadTrusteeKey):
            actions.hand_in_trustee_key(trustee, text, signature, now=called.now)

    assert Trustee.objects.get(pk=trustee.pk).public_key is None


def test_key_of_another_trustee_is_refused() -> None:
    called = ballot_in_state("announced", **OWN_KEYS)
    first, second, _ = called.trustees
    called.make_key(first)
    stolen = called.trustee_keys[1]

    with pytest.raises(errors.KeyOfAnotherTrustee):
        actions.hand_in_trustee_key(
            second,
            stolen.text,
            stolen.signature(called.person(2).keys, called.ballot.uuid, 2),
            now=called.now,
        )

    assert Trustee.objects.get(pk=second.pk).public_key is None


def test_key_without_the_trustees_own_signature_is_refused() -> None:
    called = ballot_in_state("announced", **OWN_KEYS)
    trustee = called.trustees[0]
    key = devices.TrusteeKey.draw("BELENIOS-2048")
    uuid = called.ballot.uuid

    for signature in (
        key.signature(called.person(2).keys, uuid, 1),
        key.signature(called.person(1).keys, uuid, 2),
        key.signature(called.person(1).keys, "anotherBa11ot", 1),
        "00" * 64,
        "not hexadecimal",
    ):
        with pytest.raises(errors.BadSignature):
            actions.hand_in_trustee_key(trustee, key.text, signature, now=called.now)

    assert Trustee.objects.get(pk=trustee.pk).public_key is None


def test_new_key_has_to_be_proven_again() -> None:
    called = ballot_in_state("announced", **OWN_KEYS)
    trustee = called.trustees[0]
    called.prove_copy(trustee, called.make_key(trustee))

    called.make_key(trustee)

    assert Trustee.objects.get(pk=trustee.pk).copy_works is False


def test_copy_cannot_be_proven_before_there_is_a_key() -> None:
    called = ballot_in_state("announced", **OWN_KEYS)

    with pytest.raises(errors.NoKeyYet):
        actions.prove_copy(called.trustees[0], "1", now=called.now)


@pytest.mark.parametrize("state", ["draft", "frozen", "withdrawn"])
def test_keys_are_taken_only_while_announced(state: str) -> None:
    called = ballot_in_state(state, **OWN_KEYS)

    with pytest.raises(errors.NotAnnounced):
        called.make_key(called.trustees[0])
    with pytest.raises(errors.NotAnnounced):
        actions.prove_copy(called.trustees[0], "1", now=called.now)


def test_keys_are_refused_when_the_close_has_passed() -> None:
    called = ballot_in_state("announced", **OWN_KEYS)
    called.now = called.ballot.closes_at

    with pytest.raises(errors.TimeIsOver):
        called.make_key(called.trustees[0])


# The freeze


def test_last_proof_freezes_the_election_under_its_charter() -> None:
    called = ballot_in_state("announced", **OWN_KEYS)
    *first_two, last = called.trustees
    for trustee in first_two:
        assert called.prove_copy(trustee, called.make_key(trustee)) is False

    assert called.prove_copy(last, called.make_key(last)) is True

    ballot = called.reload()
    election = Election.parse(ballot.election or "")
    texts = [trustee.public_key or "" for trustee in called.trustees]
    fields = charter.parse(ballot.charter or "")
    assert ballot.state == "frozen"
    assert election.description == charter.description(ballot.title, ballot.charter or "")
    assert (election.uuid, election.name) == (ballot.uuid, ballot.title)
    assert election.group.text(election.public_key) == combined_public_key(named(ballot.group), texts)
    assert fields["trustees"] == [
        {"number": number, "public_key": called.trustee_keys[number].element} for number in (1, 2, 3)
    ]
    assert fields["roll"] == {
        "head": ballot.roll_head,
        "position": ballot.roll_position,
        "tree": Tree(workplace.roll_lines(ballot.committee)).root((ballot.roll_position or 0) + 1),
        "entitled": 3,
        "day": called.people.day.isoformat(),
    }
    assert (fields["tellers"], fields["chosen_by"]) == ([1, 2], 1)
    assert fields["ledger_head"] == ballot.ledger_head
    assert payload_of(called, "ballot_frozen")["election_hash"] == hash_base64(ballot.election or "")


def test_freeze_makes_a_credential_of_every_entitled_member_with_k() -> None:
    called = ballot_in_state("frozen")
    ballot = called.ballot
    k = blindkey.read(ballot.uuid)

    recomputed = devices.recompute_credentials(
        ballot.group,
        ballot.uuid,
        k,
        [person.keys.public()["credentials"][ballot.group] for person in called.people.members],
    )

    assert ballot.credentials == recomputed
    assert len(json.loads(recomputed)) == 3


def test_k_is_readable_by_its_owner_only_and_not_in_the_database() -> None:
    ballot = ballot_in_state("frozen").ballot

    path = env.secrets_folder() / f"{ballot.uuid}.k"

    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_bytes()) == 32
    row = Ballot.objects.filter(pk=ballot.pk).values().get()
    assert path.read_bytes().hex() not in str(row)


def test_who_joined_after_the_announcement_votes_in_the_next() -> None:
    people = make_committee(3)
    called = draft(people)
    called.announce()
    newcomer = admit(people).member
    called.freeze()

    assert len(json.loads(called.ballot.credentials or "")) == 3
    with pytest.raises(errors.NotEntitled):
        queries.blind_nonce(called.ballot, newcomer)


# Signatures, and the opening


def test_ballot_opens_with_every_trustee_and_two_tellers() -> None:
    called = ballot_in_state("frozen")
    opened = [called.sign_freeze(trustee) for trustee in called.trustees]
    opened += [called.sign_audit(teller) for teller in called.tellers]

    ballot = called.reload()
    assert opened == [False, False, False, False, True]
    assert (ballot.state, ballot.opened_at, ballot.published_height) == ("open", called.now, 0)
    setup = BoardEvent.objects.get(ballot=ballot)
    assert (setup.height, setup.kind) == (0, "Setup")
    assert setup.data[:3] == [ballot.election, ballot.trustees_text, ballot.credentials]
    assert kinds_in_ledger(called) == ["ballot_announced", "ballot_frozen", "ballot_opened"]


def test_two_tellers_of_three_are_enough() -> None:
    people = make_committee(3)
    members = [person.member for person in people.members]
    called = ballot_in_state("frozen", people=people, tellers=members)
    for trustee in called.trustees:
        called.sign_freeze(trustee)

    opened = [called.sign_audit(teller) for teller in called.tellers[1:]]

    assert opened == [False, True]


def test_ballot_does_not_open_before_its_time() -> None:
    people = make_committee(3)
    opens = people.now + timedelta(days=1)
    called = ballot_in_state("frozen", people=people, opens_not_before=opens)
    called.open()
    assert called.ballot.state == "frozen"

    assert actions.open_if_due(called.ballot, now=opens - timedelta(seconds=1)) is False
    assert actions.open_if_due(called.ballot, now=opens) is True
    assert actions.open_if_due(called.ballot, now=opens) is False

    assert (called.reload().state, called.ballot.opened_at) == ("open", opens)


@pytest.mark.parametrize("changed", ["election", "charter", "trustees"])
def test_freeze_signature_under_other_texts_is_refused(changed: str) -> None:
    called = ballot_in_state("frozen", **OWN_KEYS)
    trustee = called.trustees[0]
    other = ballot_in_state("frozen", people=called.people, **OWN_KEYS).setup
    signature = devices.sign_freeze(called.person(1).keys, 1, {**called.setup, changed: other[changed]})

    with pytest.raises(errors.BadSignature):
        actions.sign_freeze(trustee, signature, now=called.now)

    assert Trustee.objects.get(pk=trustee.pk).freeze_signature is None


def test_signature_of_another_member_is_refused() -> None:
    called = ballot_in_state("frozen", **OWN_KEYS)
    others = devices.sign_freeze(called.person(2).keys, 1, called.setup)

    with pytest.raises(errors.BadSignature):
        actions.sign_freeze(called.trustees[0], others, now=called.now)
    with pytest.raises(errors.BadSignature):
        actions.sign_audit(
            called.tellers[0], devices.sign_audit(called.person(2).keys, 1, called.setup), now=called.now
        )

    assert called.setup["freezes"] == called.setup["audits"] == []


def test_audit_signature_under_another_list_is_refused() -> None:
    called = ballot_in_state("frozen")
    teller = called.tellers[0]
    shorter = json.dumps(json.loads(called.setup["credentials"])[:-1], separators=(",", ":"))
    signature = devices.sign_audit(called.person(1).keys, 1, {**called.setup, "credentials": shorter})

    with pytest.raises(errors.BadSignature):
        actions.sign_audit(teller, signature, now=called.now)

    assert called.setup["audits"] == []


@pytest.mark.parametrize("state", ["announced", "open"])
def test_signatures_are_taken_only_while_frozen(state: str) -> None:
    called = ballot_in_state(state, **OWN_KEYS)

    with pytest.raises(errors.NotFrozen):
        actions.sign_freeze(called.trustees[0], "00" * 64, now=called.now)
    with pytest.raises(errors.NotFrozen):
        actions.sign_audit(called.tellers[0], "00" * 64, now=called.now)


def test_ballot_that_was_not_signed_in_time_never_opens() -> None:
    called = ballot_in_state("frozen")
    *most, last = called.trustees
    for trustee in most:
        called.sign_freeze(trustee)
    for teller in called.tellers:
        called.sign_audit(teller)
    called.now = called.ballot.closes_at

    with pytest.raises(errors.TimeIsOver):
        called.sign_freeze(last)
    assert actions.open_if_due(called.ballot, now=called.now) is False

    assert called.reload().state == "frozen"
