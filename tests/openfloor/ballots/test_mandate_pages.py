"""What members and outsiders read of mandates, and what members type."""

import re
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from factories.ballots import NO, YES, Called, ballot_in_state
from factories.mandates import asked_after
from factories.workplace import CommitteeOfPeople, make_committee
from openfloor.audit.models import LedgerEntry
from openfloor.ballots import actions
from openfloor.ballots.models import Mandate, MandateBreach, MandateEvent, PublicMandates
from openfloor.workplace.models import Member
from openfloor.workplace.signin import SESSION_KEY
from workrules.mandates import Deed

pytestmark = pytest.mark.django_db


def browse(member: Member) -> Client:
    client = Client()
    session = client.session
    session[SESSION_KEY] = str(member.pk)
    session.save()
    return client


def bound_of_late(people: CommitteeOfPeople | None = None, **terms: Any) -> Called:
    """It carried a week ago."""
    people = people or people_of_late()
    closes_at = timezone.now() - timedelta(days=7)
    asked = asked_after(closes_at)
    return ballot_in_state(
        "counted", people=people, votes=(YES, YES, NO), mandate=asked, closes_at=closes_at, **terms
    )


def people_of_late() -> CommitteeOfPeople:
    return make_committee(3, founded_on=timezone.now().date() - timedelta(days=60))


def told(called: Called, **change: Any) -> MandateEvent:
    mandate = Mandate.objects.select_related("ballot").get(ballot=called.ballot)
    happened: dict[str, Any] = {
        "deed": Deed.OFFERED,
        "at": mandate.decided_at + timedelta(days=1),
        "act": "Our side offered 27 %.",
        "source": "Minutes of session 14",
        "numbers": {"wages.total": [[27, 100]]},
    }
    now = timezone.now()
    second, third = (person.member for person in called.people.members[1:3])
    event = actions.enter_event(mandate, second, actions.Happened(**{**happened, **change}), now)
    return actions.confirm_event(event, third, now)


def typed(**change: Any) -> dict[str, Any]:
    at = timezone.now() - timedelta(days=2)
    return {
        "deed": "offered",
        "at": at.strftime("%Y-%m-%dT%H:%M"),
        "act": "Our side offered 27 %.",
        "source": "Minutes of session 14",
        "said-0": "27 %",
        "names_nobody": "on",
        **change,
    }


def test_page_says_what_was_decided_what_was_done_and_where_it_stands() -> None:
    called = bound_of_late()
    told(called)

    page = browse(called.organiser).get("/mandates/").content.decode()

    for sentence in (
        "Below the mandate",
        "Raise over four years: at least 31 %.",
        "66.7 % of 3 votes said yes.",
        "Our side offered 27 %.",
        "An offer below it was made in our name, without a vote. "
        "Raise over four years: 27 % where at least 31 % was decided.",
        "Source: Minutes of session 14",
        f"/board/{called.ballot.uuid}/",
    ):
        assert sentence in page


def test_oldest_promise_comes_first() -> None:
    people = people_of_late()
    bound_of_late(people, title="The newer")
    older = timezone.now() - timedelta(days=20)
    ballot_in_state("counted", people=people, title="The older", mandate=asked_after(older), closes_at=older)

    page = browse(people.members[0].member).get("/mandates/").content.decode()

    assert page.index("The older") < page.index("The newer")


def test_page_costs_the_same_for_one_mandate_and_for_three() -> None:
    people = people_of_late()
    client = browse(people.members[0].member)
    told(bound_of_late(people))
    client.get("/mandates/")
    with CaptureQueriesContext(connection) as one:
        client.get("/mandates/")
    for _ in range(2):
        told(bound_of_late(people))

    with CaptureQueriesContext(connection) as three:
        page = client.get("/mandates/")
    assert (len(page.context["cards"]), len(three)) == (3, len(one))


def test_empty_page_says_what_to_do() -> None:
    people = people_of_late()

    page = browse(people.members[0].member).get("/mandates/").content.decode()

    assert "No vote of ours binds anybody yet." in page


def test_member_tells_and_another_confirms() -> None:
    called = bound_of_late()
    second, third = (person.member for person in called.people.members[1:3])
    path = f"/mandates/{called.ballot.uuid}/"

    answer = browse(second).post(f"{path}tell/", typed())

    event = MandateEvent.objects.get()
    assert answer.headers["Location"] == path
    assert (event.act, event.numbers, event.line) == (
        "Our side offered 27 %.",
        {"wages.total": [[27, 100]]},
        None,
    )
    assert "Take it back" in browse(second).get(path).content.decode()
    assert "Confirm it" in browse(third).get(path).content.decode()
    browse(third).post(f"/mandates/events/{event.pk}/confirm/", {"names_nobody": "on"})
    event.refresh_from_db()
    assert (event.confirmed_by, event.breaches.count()) == (third, 1)


def test_nobody_confirms_without_having_seen_the_source() -> None:
    called = bound_of_late()
    second, third = (person.member for person in called.people.members[1:3])
    browse(second).post(f"/mandates/{called.ballot.uuid}/tell/", typed())
    event = MandateEvent.objects.get()

    browse(third).post(f"/mandates/events/{event.pk}/confirm/")
    browse(second).post(f"/mandates/events/{event.pk}/confirm/", {"names_nobody": "on"})

    event.refresh_from_db()
    assert event.line is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"deed": ""}, "This field is required."),
        ({"act": ""}, "This field is required."),
        ({"names_nobody": ""}, "This field is required."),
        ({"said-0": "0.27"}, "This can be 0.27 % or 27 %. Write it with its sign."),
        ({"said-0": "lots"}, "Write a number, such as 31, 5.5 or 2/3."),
        ({"said-0": "1 " * 21}, "That is more than anyone could read."),
        ({"at": "2099-01-01T00:00"}, "Only what has happened is set against a mandate."),
        ({"at": "2020-01-01T00:00"}, "This was before we decided."),
        ({"vote": "x"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_refused_and_stays_typed(wrong: dict[str, Any], sentence: str) -> None:
    called = bound_of_late()

    answer = browse(called.organiser).post(f"/mandates/{called.ballot.uuid}/tell/", typed(**wrong))

    page = answer.content.decode()
    assert sentence in page
    assert "Minutes of session 14" in page
    assert not MandateEvent.objects.exists()


def test_correction_begins_with_what_was_told_and_stands_beside_it() -> None:
    called = bound_of_late()
    wrong = told(called)
    second, third = (person.member for person in called.people.members[1:3])
    path = f"/mandates/events/{wrong.pk}/correct/"

    shown = browse(second).get(path).content.decode()
    browse(second).post(path, typed(act="Our side asked for 31 %.", **{"said-0": "31"}))
    correction = MandateEvent.objects.get(corrects=wrong)
    browse(third).post(f"/mandates/events/{correction.pk}/confirm/", {"names_nobody": "on"})

    assert 'value="27 %"' in shown
    page = browse(second).get("/mandates/").content.decode()
    assert "<s>Our side offered 27 %.</s>" in page
    assert "Our side asked for 31 %." in page
    assert "Below the mandate" not in page


def test_what_did_not_happen_is_taken_back_by_two() -> None:
    called = bound_of_late()
    wrong = told(called)
    second, third = (person.member for person in called.people.members[1:3])

    browse(second).post(
        f"/mandates/events/{wrong.pk}/take-back/",
        {"act": "The minutes were of another table.", "source": "Minutes, second page", "names_nobody": "on"},
    )
    correction = MandateEvent.objects.get(corrects=wrong)
    browse(third).post(f"/mandates/events/{correction.pk}/confirm/", {"names_nobody": "on"})

    page = browse(second).get("/mandates/").content.decode()
    assert "Taken back: The minutes were of another table." in page
    assert "Below the mandate" not in page


def test_public_page_is_there_only_while_the_committee_shows_it() -> None:
    called = bound_of_late()
    told(called)
    committee = called.people.committee.pk
    pages = [f"/board/mandates/{committee}/{page}" for page in ("", "sheet/", "feed.atom")]
    organiser = browse(called.organiser)

    assert [Client().get(page).status_code for page in pages] == [404, 404, 404]
    organiser.post("/mandates/openness/", {"to": "everybody"})
    shown = [Client().get(page) for page in pages]
    organiser.post("/mandates/openness/", {"to": "everybody"})
    organiser.post("/mandates/openness/", {"to": "members"})

    assert [answer.status_code for answer in shown] == [200, 200, 200]
    assert all("Our side offered 27 %." in answer.content.decode() for answer in shown)
    assert not any(answer.cookies for answer in shown)
    assert [Client().get(page).status_code for page in pages] == [404, 404, 404]
    assert LedgerEntry.objects.filter(kind="mandates_shown").count() == 2
    assert not PublicMandates.objects.exists()


def test_public_page_shows_neither_what_waits_nor_who_told() -> None:
    called = bound_of_late()
    second = called.people.members[1].member
    browse(second).post(f"/mandates/{called.ballot.uuid}/tell/", typed(act="Unconfirmed rumour."))
    told(called)
    actions.show_mandates(called.organiser, to_everybody=True, now=timezone.now())

    actions.call_for_vote(MandateBreach.objects.get(), called.organiser, timezone.now())

    for address in ("", "feed.atom"):
        page = Client().get(f"/board/mandates/{called.people.committee.pk}/{address}").text
        assert "Our side offered 27 %." in page
        assert "Unconfirmed rumour." not in page
        assert not re.search(r"(?i)entry \d|members? \d", page)
        assert second.handle not in page


def test_outsiders_read_of_a_vote_that_has_no_board_yet_without_a_link_to_it() -> None:
    called = bound_of_late()
    told(called)
    actions.show_mandates(called.organiser, to_everybody=True, now=timezone.now())
    vote = actions.call_for_vote(MandateBreach.objects.get(), called.organiser, timezone.now())
    assert vote is not None
    address = f"/board/mandates/{called.people.committee.pk}/"

    assert f"/board/{vote.uuid}/" not in Client().get(address).text
    MandateBreach.objects.update(vote=called.ballot)  # one that is counted
    page = Client().get(address).text
    assert page.count(f"/board/{called.ballot.uuid}/") == 2
    assert "2 accept the move, 1 stand by what we decided." in page


@pytest.mark.parametrize("deed", ["correct", "take-back"])
def test_what_the_program_computed_is_not_for_two_members_to_undo(deed: str) -> None:
    called = bound_of_late()
    actions.record_offer(
        called.people.committee,
        {"wages.total": [Fraction(27, 100)]},
        reference="proposal 1",
        by=called.organiser,
        at=timezone.now(),
        act="Our side offered 27 %.",
        source="/bargaining/",
        now=timezone.now(),
    )
    event = MandateEvent.objects.get()
    browser = browse(called.people.members[1].member)

    answer = browser.post(f"/mandates/events/{event.pk}/{deed}/", typed())

    assert answer.status_code != 500
    assert MandateEvent.objects.count() == 1
    page = browser.get(f"/mandates/{called.ballot.uuid}/").text
    assert 'href="/bargaining/"' in page
    assert f"/mandates/events/{event.pk}/" not in page


def test_a_page_that_brings_itself_up_to_date_leaves_messages_to_the_one_they_are_for() -> None:
    called = bound_of_late()
    browser = browse(called.people.members[1].member)
    browser.post(f"/mandates/{called.ballot.uuid}/tell/", typed())

    saved = "Saved. It counts once another member has confirmed it."
    assert saved not in browser.get("/mandates/", headers={"X-Renews": "yes"}).text
    assert saved in browser.get("/mandates/").text


def test_feed_is_atom_and_has_each_line_of_the_ledger_about_mandates() -> None:
    called = bound_of_late()
    told(called)
    actions.show_mandates(called.organiser, to_everybody=True, now=timezone.now())

    feed = Client().get(f"/board/mandates/{called.people.committee.pk}/feed.atom")

    text = feed.content.decode()
    assert feed.headers["Content-Type"].startswith("application/atom+xml")
    assert text.count("<entry>") == 3
    assert "was not kept: an offer below it was made in our name" in text


def test_ledger_page_tells_of_mandates_under_their_ballot() -> None:
    called = bound_of_late()
    told(called)

    page = browse(called.organiser).get("/ledger/").content.decode()

    assert "Not kept" in page
    assert "binds whoever speaks for us" in page


def test_home_and_ballot_say_whether_what_was_decided_is_kept() -> None:
    called = bound_of_late()
    client = browse(called.organiser)
    waiting = [client.get(path).content.decode() for path in ("/", f"/ballots/{called.ballot.uuid}/")]
    told(called)

    broken = [client.get(path).content.decode() for path in ("/", f"/ballots/{called.ballot.uuid}/")]

    assert all("Waiting</a>" in page for page in waiting)
    assert all("Below the mandate</a>" in page for page in broken)


def test_breach_is_put_to_the_members_from_its_page() -> None:
    called = bound_of_late()
    breach = told(called).breaches.get()
    path = f"/mandates/breaches/{breach.pk}/vote/"
    second = browse(called.people.members[1].member)

    assert "0 of 3 members have called for it." in second.get(path).content.decode()
    second.post(path)
    assert "You have called for it" in second.get(path).content.decode()
    answer = browse(called.organiser).post(path)

    breach.refresh_from_db()
    assert breach.vote is not None
    assert answer.headers["Location"] == f"/ballots/{breach.vote.uuid}/"
    assert "Put to all of us: Accept the move" in second.get("/mandates/").content.decode()
    page = second.get(f"/ballots/{breach.vote.uuid}/").content.decode()
    assert "If it carries, what we decided before no longer binds. If not, it stands." in page
