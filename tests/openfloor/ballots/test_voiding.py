"""A board that has lost what receipts promised: the ballot is void by name, and nothing is added to it."""

import json
from datetime import timedelta

import pytest

from factories.ballots import NO, YES, Called, ballot_in_state
from factories.workplace import make_committee
from openfloor import env
from openfloor.audit.models import LedgerEntry
from openfloor.audit.words import describe
from openfloor.ballots import actions, blindkey, errors, queries, shown, tasks
from openfloor.ballots.actions import casting
from openfloor.ballots.models import Ballot, BoardEvent

pytestmark = pytest.mark.django_db(transaction=True)


def board_of(called: Called) -> list[tuple[int, str]]:
    return list(called.ballot.board.values_list("height", "hash"))


def lose_last_paper(called: Called) -> None:
    """What a database restored to before the last cast looks like."""
    last = called.ballot.board.order_by("height").last()
    assert last is not None
    BoardEvent.objects.filter(pk=last.pk).delete()


def void_entry(called: Called) -> LedgerEntry:
    return LedgerEntry.objects.get(committee_id=called.ballot.committee_id, kind="ballot_void")


def test_cast_writes_down_how_far_receipts_were_shown() -> None:
    called = ballot_in_state("open")

    receipts = [called.vote(1, YES), called.vote(2, NO)]

    assert shown.last(called.ballot.uuid) == shown.Shown(2, receipts[-1].receipt["event"])


def test_cast_of_an_older_paper_again_moves_nothing_back() -> None:
    called = ballot_in_state("open")
    paper = called.paper(1)
    called.cast(paper)
    called.vote(2)
    before = shown.last(called.ballot.uuid)

    called.cast(paper)

    assert shown.last(called.ballot.uuid) == before


def test_close_erases_how_far_receipts_were_shown() -> None:
    called = ballot_in_state("closed")

    assert called.ballot.uuid not in shown.kept()


def test_receipt_is_shown_again_where_the_ballot_closes_between_two_looks() -> None:
    called = ballot_in_state("open")
    first = called.vote(1, YES)
    read_before = Ballot.objects.get(pk=called.ballot.pk)
    event = read_before.board.get(height=1)
    assert actions.close_if_due(read_before, read_before.closes_at)

    again = casting._receipt_again(read_before, event)

    assert (again.receipt, again.state) == (first.receipt, "counts")
    assert not blindkey.is_kept(called.ballot.uuid)


def test_tick_erases_what_a_crash_after_the_close_left() -> None:
    called = ballot_in_state("closed")
    head = str(called.ballot.board.values_list("hash", flat=True).last())
    shown.keep(called.ballot.uuid, 1, head)

    actions.erase_blind_keys()

    assert called.ballot.uuid not in shown.kept()


def test_shown_reads_past_a_line_that_a_power_cut_tore() -> None:
    shown.keep("torn", 3, "a" * 64)
    path = env.secrets_folder() / "torn.height"
    with path.open("ab") as file:
        file.write(b"4 bbbb")

    torn = shown.last("torn")
    shown.keep("torn", 5, "c" * 64)

    assert torn == shown.Shown(3, "a" * 64)
    assert shown.last("torn") == shown.Shown(5, "c" * 64)
    assert path.stat().st_mode & 0o777 == 0o600
    shown.erase("torn")


@pytest.mark.parametrize("state", ["announced", "frozen", "open", "closed", "counted", "withdrawn"])
def test_tick_voids_nothing_when_nothing_was_lost(state: str) -> None:
    called = ballot_in_state(state)

    assert not actions.void_if_lost(called.ballot, called.now)
    assert called.reload().state == state


def test_tick_voids_an_open_ballot_whose_board_lost_a_shown_receipt() -> None:
    called = ballot_in_state("open")
    promised = [called.vote(1), called.vote(2)][-1]
    lose_last_paper(called)
    left = board_of(called)

    tasks.tick(called.later())

    ballot = called.reload()
    assert (ballot.state, ballot.reason, board_of(called)) == ("void", "receipts_lost", left)
    assert json.loads(void_entry(called).payload or "") == {
        "ballot": ballot.uuid,
        "title": ballot.title,
        "reason": "receipts_lost",
        "board": {"height": 1, "head": left[-1][1]},
        "receipts": {"height": 2, "head": promised.receipt["event"]},
    }
    assert ballot.uuid not in blindkey.kept() | shown.kept()
    assert ballot.published_height == 1


def test_tick_voids_an_open_ballot_whose_board_has_another_event_there() -> None:
    called = ballot_in_state("open")
    called.vote(1)
    other = called.paper(2)
    lose_last_paper(called)
    promised = shown.last(called.ballot.uuid)
    shown.erase(called.ballot.uuid)
    called.cast(other)
    assert promised is not None
    shown.erase(called.ballot.uuid)
    shown.keep(called.ballot.uuid, promised.height, promised.head)

    tasks.tick(called.later())

    assert (called.reload().state, called.ballot.reason) == ("void", "receipts_lost")


@pytest.mark.parametrize("state", ["frozen", "open"])
def test_tick_voids_a_ballot_whose_k_is_gone(state: str) -> None:
    called = ballot_in_state(state)
    blindkey.erase(called.ballot.uuid)

    tasks.tick(called.later())

    assert (called.reload().state, called.ballot.reason) == ("void", "blind_key_lost")
    assert "key" in describe(void_entry(called))


def test_tick_voids_nothing_in_the_folder_of_another_committee() -> None:
    called = ballot_in_state("open")
    blindkey.erase(called.ballot.uuid)
    board_key = env.secrets_folder() / f"{called.ballot.committee_id}.board"
    board_key.rename(board_key.with_suffix(".elsewhere"))

    tasks.tick(called.later())

    assert called.reload().state == "open"


def test_tick_voids_once_and_leaves_other_ballots_alone() -> None:
    people = make_committee(3)
    lost, sound = (ballot_in_state("open", people=people, title=title) for title in ("Lost", "Sound"))
    blindkey.erase(lost.ballot.uuid)

    tasks.tick(lost.later())
    tasks.tick(lost.later())

    assert (lost.reload().state, sound.reload().state) == ("void", "open")
    assert LedgerEntry.objects.filter(kind="ballot_void").count() == 1


def test_cast_is_refused_before_any_tick_on_a_board_that_lost_a_receipt() -> None:
    called = ballot_in_state("open")
    called.vote(1)
    late, again = called.paper(3), called.paper(2)
    called.cast(again)
    lose_last_paper(called)
    left = board_of(called)

    for paper in (late, again):
        with pytest.raises(errors.Void):
            called.cast(paper)

    assert board_of(called) == left


def test_close_never_adds_to_a_board_that_lost_a_receipt() -> None:
    called = ballot_in_state("open")
    called.vote(1)
    lose_last_paper(called)
    left = board_of(called)

    tasks.tick(called.ballot.closes_at + timedelta(hours=1))

    assert (called.reload().state, board_of(called)) == ("void", left)


def test_void_ballot_takes_no_paper_no_signature_and_no_receipt_again() -> None:
    called = ballot_in_state("open")
    paper = called.paper(1)
    called.cast(paper)
    blindkey.erase(called.ballot.uuid)
    tasks.tick(called.later())
    before = list(Ballot.objects.values()), board_of(called)

    with pytest.raises(errors.Void):
        called.cast(paper)
    with pytest.raises(errors.NotFrozen):
        called.sign_freeze(called.trustees[0])
    with pytest.raises(errors.NotClosed):
        actions.hand_in_decryption(called.trustees[0], "{}", "{}", "", now=called.later())

    assert (list(Ballot.objects.values()), board_of(called)) == before


def test_void_ballot_can_be_called_again_and_then_is_no_longer_named_first() -> None:
    called = ballot_in_state("open")
    blindkey.erase(called.ballot.uuid)
    tasks.tick(called.later())
    member = called.people.members[2].member
    named = list(queries.void_ballots(member))

    copy = actions.copy_ballot(called.ballot, called.organiser, now=called.now)
    Ballot.objects.filter(pk=copy.pk).update(closes_at=called.now + timedelta(days=2))
    actions.announce(copy, called.organiser, now=called.later())

    assert named == [called.ballot]
    assert list(queries.void_ballots(member)) == []


def test_announced_ballot_of_a_backup_is_void_without_a_public_page() -> None:
    called = ballot_in_state("announced")

    assert actions.void_if_announced(called.ballot, called.later())

    assert (called.reload().state, called.ballot.reason) == ("void", "lost_unknown")
    with pytest.raises(errors.NoSuchBallot):
        queries.public_ballot(called.ballot.uuid)


@pytest.mark.parametrize("state", ["draft", "frozen", "open", "closed", "counted"])
def test_void_if_announced_leaves_every_other_ballot_alone(state: str) -> None:
    called = ballot_in_state(state)

    assert not actions.void_if_announced(called.ballot, called.later())
    assert called.reload().state == state


def test_draft_of_a_backup_gets_an_address_that_no_device_knows() -> None:
    people = make_committee(3)
    drafted, announced = (ballot_in_state(state, people=people) for state in ("draft", "announced"))
    before = drafted.ballot.uuid, announced.ballot.uuid

    for called in (drafted, announced):
        actions.give_new_address(called.ballot)

    assert drafted.reload().uuid != before[0]
    assert announced.reload().uuid == before[1]
