"""The ballots' pages as a browser meets them: who may, who may not, and what is answered."""

import json
import os
import re
import subprocess
import sys
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone

from factories.ballots import BLANK, NO, OWN_KEYS, YES, Called, draft
from factories.workplace import CommitteeOfPeople, Person, admit, candidate, found, give_role
from openballot.checks import CHECKS
from openballot.words import words_of
from openfloor.ballots import devices, queries, urls
from openfloor.ballots.charter import moment
from openfloor.ballots.models import Ballot, BoardEvent
from openfloor.workplace.models import Role
from openfloor.workplace.queries import today

from .conftest import Browse, ballot_of_today, people_of_today

pytestmark = pytest.mark.django_db

PUBLIC = {
    "ballot_minutes",
    "board",
    "board_archive",
    "board_charter",
    "board_setup",
    "board_head",
    "board_proofs",
    "board_shuffles",
    "board_cast",
    "board_slip",
    "public_mandates",
    "public_mandates_sheet",
    "mandates_feed",
}
JSON_DEEDS = {
    "ballot_trustee_key",
    "ballot_trustee_copy",
    "ballot_trustee_sign",
    "ballot_trustee_shuffle",
    "ballot_trustee_certificate",
    "ballot_trustee_coefficients",
    "ballot_trustee_finish",
    "ballot_trustee_refuse",
    "ballot_trustee_decrypt",
    "ballot_teller_sign",
    "ballot_slips_make",
    "ballot_slips_cancel",
    "ballot_extend_sign",
    "ballot_uncountable_sign",
}
ABOUT_NO_BALLOT = {
    "ballots",
    "ballot_new",
    "practise",
    "duty_organiser",
    "duty_trustee",
    "duty_teller",
    "mandates",
    "mandates_sheet",
    "mandates_openness",
}
FORM_DEEDS = {
    "ballot_copy",
    "ballot_slips_finish",
    "ballot_trustee_lost",
    "mandates_openness",
    "mandate_confirm",
    "mandate_drop",
}


def everything() -> str:
    """All that the ballots have stored."""
    models = apps.get_app_config("ballots").get_models()
    return str(
        serializers.serialize(
            "json", [row for model in models for row in model._default_manager.order_by("pk")]
        )
    )


def address(name: str, uuid: str) -> str:
    """The address of one of our views."""
    pattern = next(pattern for pattern in urls.urlpatterns if pattern.name == name)
    names = {"<belenios:uuid>": uuid, "<belenios:name>": uuid, "<int:pk>": "1"}
    return "/" + re.sub("<.*?>", lambda found: names[found[0]], str(pattern.pattern))


def ask(client: Client, name: str, uuid: str, body: Any = None) -> Any:
    """As a page of ours asks this view: a script, a form, or a link."""
    if name in JSON_DEEDS:
        return client.post(address(name, uuid), json.dumps(body or {}), content_type="application/json")
    if name in FORM_DEEDS:
        return client.post(address(name, uuid))
    return client.get(address(name, uuid))


def member_views() -> list[str]:
    return [str(pattern.name) for pattern in urls.urlpatterns if pattern.name not in PUBLIC]


def stranger_in_another_committee() -> Person:
    return found(name="Day shift", index=40, founded_on=timezone.now().date() - timedelta(days=60)).members[0]


def plain(people: CommitteeOfPeople) -> Person:
    """A member without any role."""
    return people.members[3]


def officer(people: CommitteeOfPeople) -> Person:
    """The founder: organiser, first trustee and first teller."""
    return people.members[0]


# Who may not


def test_addresses_lead_to_views_by_name() -> None:
    assert {
        name for name in get_resolver("openfloor.ballots.urls").reverse_dict if isinstance(name, str)
    } >= PUBLIC
    assert {pattern.name for pattern in urls.urlpatterns} >= PUBLIC | JSON_DEEDS | FORM_DEEDS


def test_every_member_view_sends_strangers_away_and_changes_nothing() -> None:
    uuid = ballot_of_today("frozen").ballot.uuid
    before = everything()

    answers = {name: ask(Client(), name, uuid) for name in member_views()}

    assert {name: answer.status_code for name, answer in answers.items()} == {
        name: 401 if name in JSON_DEEDS else 302 for name in member_views()
    }
    assert everything() == before


def test_every_member_view_sends_candidates_to_where_they_wait(browse: Browse) -> None:
    called = ballot_of_today("frozen")
    waiting = candidate(officer(called.people), 30, now=called.people.now)

    answers = [ask(browse(waiting.member), name, called.ballot.uuid) for name in member_views()]

    assert {answer.status_code for answer in answers} <= {302, 403}
    assert {answer.headers["Location"] for answer in answers if answer.status_code == 302} == {"/join/"}


def test_every_view_of_a_ballot_is_not_there_for_another_committee(browse: Browse) -> None:
    uuid = ballot_of_today("frozen").ballot.uuid
    client = browse(stranger_in_another_committee().member)
    before = everything()

    answers = {name: ask(client, name, uuid) for name in member_views() if name not in ABOUT_NO_BALLOT}

    assert {answer.status_code for answer in answers.values()} == {404}
    assert everything() == before


def test_every_view_of_a_draft_is_not_there_for_members_who_are_not_organisers(browse: Browse) -> None:
    called = ballot_of_today("draft")
    client = browse(plain(called.people).member)
    before = everything()

    answers = {
        name: ask(client, name, called.ballot.uuid) for name in member_views() if name not in ABOUT_NO_BALLOT
    }

    assert {answer.status_code for answer in answers.values()} == {404}
    assert called.ballot.title not in client.get("/ballots/").content.decode()
    assert everything() == before


@pytest.mark.parametrize(
    "name",
    [
        "ballot_new",
        "practise",
        "ballot_edit",
        "ballot_announce",
        "ballot_withdraw",
        "ballot_copy",
        "ballot_trustee",
        "ballot_trustee_key",
        "ballot_trustee_copy",
        "ballot_trustee_sign",
        "ballot_trustee_shuffle",
        "ballot_trustee_material",
        "ballot_trustee_certificate",
        "ballot_trustee_coefficients",
        "ballot_trustee_finish",
        "ballot_trustee_refuse",
        "ballot_trustee_lost",
        "ballot_trustee_decrypt",
        "ballot_trustees",
        "ballot_teller",
        "ballot_teller_material",
        "ballot_teller_sign",
        "ballot_slips",
        "ballot_slips_make",
        "ballot_slips_cancel",
        "ballot_slips_finish",
        "ballot_extend",
        "ballot_extend_sign",
        "ballot_uncountable",
        "ballot_uncountable_sign",
    ],
)
def test_view_refuses_a_member_whose_task_it_is_not(name: str, browse: Browse) -> None:
    called = ballot_of_today("frozen")
    before = everything()

    answer = ask(browse(plain(called.people).member), name, called.ballot.uuid)

    assert answer.status_code == 403
    assert everything() == before


@pytest.mark.parametrize("name", ["ballot_announce", "ballot_withdraw", "ballot_edit", "ballot_trustees"])
def test_forms_of_organisers_refuse_other_members_posts(name: str, browse: Browse) -> None:
    called = ballot_of_today("frozen")
    before = everything()

    answer = browse(plain(called.people).member).post(
        address(name, called.ballot.uuid), {"reason": "Because."}
    )

    assert answer.status_code == 403
    assert everything() == before


def test_deeds_refuse_to_be_asked_by_a_link(browse: Browse) -> None:
    called = ballot_of_today("frozen")
    client = browse(officer(called.people).member)

    answers = [client.get(address(name, called.ballot.uuid)) for name in sorted(JSON_DEEDS | FORM_DEEDS)]
    answers.append(client.get(address("board_cast", called.ballot.uuid)))

    assert {answer.status_code for answer in answers} == {405}


def test_json_deeds_refuse_what_is_not_their_object(browse: Browse) -> None:
    called = ballot_of_today("frozen")
    client = browse(officer(called.people).member)
    before = everything()
    bodies = [
        "[]",
        "{}",
        "null",
        '{"signature": 1}',
        '{"signature": "aa", "more": "b"}',
        "{",
        '{"signature": "a", "signature": "b"}',
    ]

    answers = [
        client.post(address(name, called.ballot.uuid), body, content_type="application/json")
        for name in sorted(JSON_DEEDS)
        for body in bodies
    ]

    assert {answer.status_code for answer in answers} == {400}
    assert {answer.json()["error"]["code"] for answer in answers} == {"not_json"}
    assert everything() == before


# The first page


def test_home_welcomes_strangers() -> None:
    answer = Client().get("/")

    assert answer.status_code == 200
    assert "twelve words" in answer.content.decode()


def test_home_sends_candidates_to_where_they_wait(browse: Browse) -> None:
    people = people_of_today(3)
    waiting = candidate(people.members[0], 30, now=people.now)

    assert browse(waiting.member).get("/").headers["Location"] == "/join/"


def test_home_shows_a_vote_as_the_one_thing_to_do_now(browse: Browse) -> None:
    called = ballot_of_today("open")

    page = browse(plain(called.people).member).get("/").content.decode()

    assert f'data-votes-in="{called.ballot.uuid}"' in page
    assert f'href="/ballots/{called.ballot.uuid}/vote/"' in page
    assert "0 of 4 of us have voted" in page


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        ("draft", "Finish your draft"),
        ("announced", "Make your key for this ballot"),
        ("frozen", "Check and sign the ballot"),
        ("closed", "Open the count"),
    ],
)
def test_home_says_what_an_officer_has_to_do(state: str, heading: str, browse: Browse) -> None:
    called = ballot_of_today(state)

    page = browse(officer(called.people).member).get("/").content.decode()

    assert f"<h1>{heading}</h1>" in page


def test_home_asks_to_confirm_a_role(browse: Browse) -> None:
    people = people_of_today(3)
    Role.objects.create(member=people.members[1].member, kind=Role.Kind.TELLER, day=people.day)

    page = browse(people.members[2].member).get("/").content.decode()

    assert "<h1>Confirm a role</h1>" in page
    assert "Entry 2 is proposed as teller." in page


def test_home_without_anything_says_what_the_committee_lacks(browse: Browse) -> None:
    alone = found()
    candidate(alone.members[0], 30, now=timezone.now())

    page = browse(alone.members[0].member).get("/").content.decode()

    assert "<h1>Vouch for your colleague</h1>" in page
    assert '<a href="/invitations/">Invite 2 colleagues</a>' in page


def test_home_says_until_when_a_vote_can_be_changed(browse: Browse) -> None:
    called = ballot_of_today("open")

    pages = [
        browse(plain(called.people).member).get(path).content.decode()
        for path in ("/", f"/ballots/{called.ballot.uuid}/")
    ]

    assert all("You can change your vote until tomorrow, " in page for page in pages)


def test_home_shows_what_was_decided_with_what_is_unmet(browse: Browse) -> None:
    called = ballot_of_today("counted", votes=(YES, NO, BLANK))

    page = browse(plain(called.people).member).get("/").content.decode()

    assert "50 % said yes: 1 yes, 1 no. 3 of 4 voted." in page
    assert "Too few said yes: the rule asks for more than half of those who say yes or no." in page
    assert "Not carried" in page


# Calling


def terms(people: CommitteeOfPeople, **others: Any) -> dict[str, Any]:
    """What the form sends."""
    officers = [person.member.pk for person in people.members[:2]]
    return {
        "title": "Shall we strike?",
        "text": "On Friday.",
        "turnout_numerator": "2",
        "turnout_denominator": "3",
        "approval_numerator": "1",
        "approval_denominator": "2",
        "opens_not_before": "2099-06-01T07:00",
        "closes_at": "2099-06-03T19:30",
        "group": "BELENIOS-2048",
        "trustees": officers,
        "tellers": officers,
        "questions-TOTAL_FORMS": "1",
        "questions-INITIAL_FORMS": "0",
        "questions-0-question": "Shall we strike?",
        "questions-0-answers": "Yes\r\n\r\n No ",
        "questions-0-min": "1",
        "questions-0-max": "1",
        "questions-0-blank": "on",
        **others,
    }


@pytest.fixture
def people() -> CommitteeOfPeople:
    people = people_of_today()
    for person in people.members[:2]:
        for kind in (Role.Kind.TRUSTEE, Role.Kind.TELLER):
            give_role(people, person, kind)
    return people


def test_ballot_about_a_role_keeps_what_it_does(people: CommitteeOfPeople, browse: Browse) -> None:
    organiser = browse(officer(people).member)
    about = {"effect_kind": "give_role", "effect_role": "organiser", "effect_number": "4"}

    organiser.post("/ballots/new/", terms(people, **about))

    ballot = Ballot.objects.get()
    assert ballot.effect == {"kind": "give_role", "number": 4, "role": "organiser"}
    page = organiser.get(f"/ballots/{ballot.uuid}/announce/").content.decode()
    assert "If it carries, entry 4 becomes organiser." in page


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("", "Write the entry number of the member whose role it is."),
        ("99", "A ballot about a role asks yes or no about a member on the roll"),
    ],
)
def test_ballot_about_a_role_refuses_nobody(
    people: CommitteeOfPeople, browse: Browse, number: str, sentence: str
) -> None:
    about = {"effect_kind": "end_role", "effect_role": "teller", "effect_number": number}

    answer = browse(officer(people).member).post("/ballots/new/", terms(people, **about))

    assert sentence in answer.content.decode()
    assert not Ballot.objects.exists()


DEMANDS = {
    "terms-TOTAL_FORMS": "5",
    "terms-INITIAL_FORMS": "0",
    "terms-0-measure": "wages.total",
    "terms-0-about": "Raise over four years",
    "terms-0-bound": "at_least",
    "terms-0-value": "31 %",
    "terms-1-measure": "patients_per_nurse",
    "terms-1-about": "Patients to a nurse, Telemetry",
    "terms-1-bound": "at_most",
    "terms-1-value": "4",
    "terms-2-measure": "percent",
    "terms-2-about": "Night pay",
    "terms-2-bound": "at_least",
    "terms-2-value": "7,5",
    "action_what": "Strike from the day the contract ends",
    "action_by": "2099-07-01T07:00",
    "binds_until": "2099-12-31T12:00",
    "changed_by": "same_rule",
}


def test_what_a_yes_binds_us_to_is_kept_exactly_and_shown_before_it_is_announced(
    people: CommitteeOfPeople, browse: Browse
) -> None:
    organiser = browse(officer(people).member)

    organiser.post("/ballots/new/", terms(people, **DEMANDS))

    ballot = Ballot.objects.get()
    assert ballot.mandate_asked == {
        "terms": [
            {
                "about": "Raise over four years",
                "measure": "wages.total",
                "bound": "at_least",
                "unit": "percent",
                "numerator": 31,
                "denominator": 100,
            },
            {
                "about": "Patients to a nurse, Telemetry",
                "measure": "patients_per_nurse.patients-to-a-nurse-telemetry",
                "bound": "at_most",
                "unit": "number",
                "numerator": 4,
                "denominator": 1,
            },
            {
                "about": "Night pay",
                "measure": "other.night-pay",
                "bound": "at_least",
                "unit": "percent",
                "numerator": 3,
                "denominator": 40,
            },
        ],
        "action": {"what": "Strike from the day the contract ends", "by": "2099-07-01T14:00:00Z"},
        "expires_at": "2099-12-31T20:00:00Z",
        "changed_by": "same_rule",
    }
    page = organiser.get(f"/ballots/{ballot.uuid}/announce/").content.decode()
    for sentence in (
        "Raise over four years: at least 31 %.",
        "Patients to a nurse, Telemetry: at most 4.",
        "Night pay: at least 7.5 %.",
        "It must begin by 1 July 2099, 7 a.m., Los Angeles time.",
        "Only another vote of all of us under the same rule can change it.",
    ):
        assert sentence in page


def test_edit_of_a_draft_sends_back_what_it_binds_us_to(people: CommitteeOfPeople, browse: Browse) -> None:
    organiser = browse(officer(people).member)
    organiser.post("/ballots/new/", terms(people, **DEMANDS))
    ballot = Ballot.objects.get()
    path = f"/ballots/{ballot.uuid}/edit/"

    form = organiser.get(path).context
    sent = {
        f"terms-{row}-{name}": form["demands"][row][name].value()
        for row in range(3)
        for name in ("measure", "about", "bound", "value")
    }
    organiser.post(path, terms(people, **{**DEMANDS, **sent}))

    assert Ballot.objects.get().mandate_asked == ballot.mandate_asked


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"terms-0-about": ""}, "Write this, or take the measure out."),
        ({"terms-0-value": ""}, "Write this, or take the measure out."),
        ({"terms-0-value": "0.31"}, "This can be 0.31 % or 31 %. Write it with its sign."),
        ({"terms-0-bound": ""}, "Write this, or take the measure out."),
        ({"terms-0-value": "a lot"}, "Write a number, such as 31, 5.5 or 2/3."),
        ({"terms-0-value": "1/0"}, "Write a number, such as 31, 5.5 or 2/3."),
        (
            {"terms-1-measure": "wages.total", "terms-1-bound": "at_least"},
            "The same demand stands there twice.",
        ),
        ({"action_by": ""}, "Write when the action must begin, or take the action out."),
        ({"action_what": ""}, "Write when the action must begin, or take the action out."),
        ({"action_by": "2099-06-03T19:30"}, "This must come after the vote closes."),
        ({"binds_until": "2099-06-01T19:30"}, "This must come after the vote closes."),
        ({"binds_until": "2099-07-01T07:00"}, "It must bind until the action is due, and longer."),
        ({"questions-0-answers": "A\nB\nC"}, "Only a yes-or-no ballot can bind whoever speaks for us."),
    ],
)
def test_what_nobody_could_be_held_to_is_refused(
    wrong: dict[str, Any], sentence: str, people: CommitteeOfPeople, browse: Browse
) -> None:
    answer = browse(officer(people).member).post("/ballots/new/", terms(people, **{**DEMANDS, **wrong}))

    assert sentence in answer.content.decode()
    assert not Ballot.objects.exists()


def test_new_ballot_is_kept_as_a_draft_with_exactly_what_was_typed(
    people: CommitteeOfPeople, browse: Browse
) -> None:
    answer = browse(officer(people).member).post("/ballots/new/", terms(people))

    ballot = Ballot.objects.get()
    assert answer.headers["Location"] == f"/ballots/{ballot.uuid}/"
    assert (ballot.state, ballot.title, ballot.text, ballot.group) == (
        "draft",
        "Shall we strike?",
        "On Friday.",
        "BELENIOS-2048",
    )
    assert (ballot.turnout_numerator, ballot.turnout_denominator) == (2, 3)
    assert (ballot.approval_numerator, ballot.approval_denominator) == (1, 2)
    assert ballot.opens_not_before == datetime(2099, 6, 1, 14, 0, tzinfo=UTC)
    assert ballot.closes_at == datetime(2099, 6, 4, 2, 30, tzinfo=UTC)
    assert ballot.questions == [
        {"question": "Shall we strike?", "answers": ["Yes", "No"], "min": 1, "max": 1, "blank": True}
    ]
    assert list(ballot.trustees.values_list("member__number", flat=True)) == [1, 2]
    assert list(ballot.tellers.order_by("member__number").values_list("member__number", flat=True)) == [1, 2]


def test_new_ballot_takes_several_questions_and_leaves_out_those_taken_out(
    people: CommitteeOfPeople, browse: Browse
) -> None:
    more = {
        "questions-TOTAL_FORMS": "3",
        "questions-1-question": "Who?",
        "questions-1-answers": "Ana\nBo\nCy",
        "questions-1-min": "0",
        "questions-1-max": "2",
        "questions-2-question": "Gone?",
        "questions-2-answers": "Yes\nNo",
        "questions-2-min": "1",
        "questions-2-max": "1",
        "questions-2-DELETE": "on",
    }

    browse(officer(people).member).post("/ballots/new/", terms(people, **more))

    assert Ballot.objects.get().questions[1:] == [
        {"question": "Who?", "answers": ["Ana", "Bo", "Cy"], "min": 0, "max": 2, "blank": False}
    ]


def test_new_ballot_draws_one_more_question_without_javascript(
    people: CommitteeOfPeople, browse: Browse
) -> None:
    answer = browse(officer(people).member).post("/ballots/new/", terms(people, add_question="1"))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="questions-1-question"' in page
    assert 'name="questions-2-question"' not in page
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("total", ["", "-1", "11", "²", "9" * 5_000])
def test_one_more_question_of_an_impossible_number_starts_again(
    people: CommitteeOfPeople, browse: Browse, total: str
) -> None:
    sent = terms(people, add_question="1") | {"questions-TOTAL_FORMS": total}

    answer = browse(officer(people).member).post("/ballots/new/", sent)

    assert answer.status_code == 200
    assert 'name="questions-1-question"' not in answer.content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "This field is required."),
        ({"opens_not_before": "2099-06-03T19:30"}, "The ballot must close after it opens."),
        (
            {"opens_not_before": "2020-01-01T00:00", "closes_at": "2020-01-02T00:00"},
            "The close must lie ahead.",
        ),
        ({"closes_at": "2099-03-08T02:30"}, "There is no such hour: the clocks are put forward."),
        ({"closes_at": "tomorrow"}, "Write the day and the time."),
        ({"closes_at": "2099-06-03T19:30+00:00"}, "Write the day and the time."),
        ({"closes_at": "9999-12-31T23:59"}, "Write the day and the time."),
        ({"turnout_numerator": "4"}, "More than all of those entitled can never vote."),
        ({"approval_numerator": "2"}, "Nothing can be more than all of the votes."),
        ({"approval_denominator": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"questions-0-answers": "Yes"}, "A question needs two answers at least."),
        ({"questions-0-answers": "Yes\nYes"}, "Two answers are the same."),
        ({"questions-0-max": "3"}, "There are not that many answers."),
        ({"questions-0-min": "2"}, "At most cannot be less than at least."),
        ({"questions-0-question": ""}, "This field is required."),
        ({"group": "RFC-3526-2048"}, "Select a valid choice."),
        ({"trustees": ["00000000-0000-0000-0000-000000000000"]}, "Select a valid choice."),
    ],
)
def test_new_ballot_refuses_and_keeps_what_was_typed(
    wrong: dict[str, Any], sentence: str, people: CommitteeOfPeople, browse: Browse
) -> None:
    answer = browse(officer(people).member).post("/ballots/new/", terms(people, **wrong))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert "On Friday." in page
    assert not Ballot.objects.exists()


def test_draft_is_changed_by_its_form_and_shows_what_it_says(
    people: CommitteeOfPeople, browse: Browse
) -> None:
    called = draft(people, opens_not_before=people.now, closes_at=timezone.now() + timedelta(days=1))
    client = browse(officer(people).member)
    path = f"/ballots/{called.ballot.uuid}/edit/"

    shown = client.get(path).content.decode()
    answer = client.post(path, terms(people, title="Shall we wait?"))

    assert called.ballot.text in shown.replace("\r\n", "\n")
    assert answer.headers["Location"] == f"/ballots/{called.ballot.uuid}/"
    assert called.reload().title == "Shall we wait?"


def test_edit_of_an_announced_ballot_changes_nothing(browse: Browse) -> None:
    called = ballot_of_today("announced")
    before = everything()

    answer = browse(officer(called.people).member).post(
        f"/ballots/{called.ballot.uuid}/edit/", terms(called.people, title="Another")
    )

    assert answer.headers["Location"] == f"/ballots/{called.ballot.uuid}/"
    assert everything() == before


def test_announce_shows_what_gets_fixed_and_warns_of_few_voters(browse: Browse) -> None:
    called = ballot_of_today("draft")

    page = (
        browse(officer(called.people).member).get(f"/ballots/{called.ballot.uuid}/announce/").content.decode()
    )

    assert "Only 4 members may vote." in page
    assert "It counts when at least half of those entitled vote." in page
    assert "entry 1, entry 2, entry 3" in page


def test_announce_announces_and_only_once(browse: Browse) -> None:
    called = ballot_of_today("draft")
    client = browse(officer(called.people).member)
    path = f"/ballots/{called.ballot.uuid}/announce/"

    first = client.post(path)
    announced = called.reload()
    second = client.post(path, follow=True)

    assert first.headers["Location"] == f"/ballots/{called.ballot.uuid}/"
    assert (announced.state, announced.entitled) == ("announced", 4)
    assert "no longer a draft" in second.content.decode()


def test_withdraw_needs_a_reason_and_shows_it(browse: Browse) -> None:
    called = ballot_of_today("frozen")
    client = browse(officer(called.people).member)
    path = f"/ballots/{called.ballot.uuid}/withdraw/"

    refused = client.post(path, {"reason": " "})
    state = called.reload().state
    page = client.post(path, {"reason": "The offer is better."}, follow=True).content.decode()

    assert (refused.status_code, state) == (200, "frozen")
    assert called.reload().state == "withdrawn"
    assert "“The offer is better.”" in page


def test_copy_opens_the_form_of_a_new_draft(browse: Browse) -> None:
    called = ballot_of_today("counted")

    answer = browse(officer(called.people).member).post(f"/ballots/{called.ballot.uuid}/copy/")

    copy = Ballot.objects.get(state="draft")
    assert copy.copied_from == called.ballot
    assert answer.headers["Location"] == f"/ballots/{copy.uuid}/edit/"


# A ballot's pages


@pytest.mark.parametrize(
    "state", ["draft", "announced", "frozen", "open", "closed", "counted", "withdrawn", "uncountable"]
)
def test_ballot_page_says_what_happens_next_in_every_state(state: str, browse: Browse) -> None:
    called = ballot_of_today(state)

    answers = [
        browse(person.member).get(f"/ballots/{called.ballot.uuid}/")
        for person in (officer(called.people), plain(called.people))
        if state != "draft" or person == officer(called.people)
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert all(called.ballot.title in answer.content.decode() for answer in answers)


def test_ballot_page_names_who_has_still_to_act_by_entry_number_and_no_handle(browse: Browse) -> None:
    called = ballot_of_today("frozen")
    called.sign_freeze(called.trustees[0])

    page = browse(plain(called.people).member).get(f"/ballots/{called.ballot.uuid}/").content.decode()

    assert "Trustees who have still to act: entries 2, 3." in page
    assert "Tellers who have not checked yet: entries 1, 2." in page
    assert not [person for person in called.people.members[:3] if person.member.handle in page]


def test_ballot_page_tells_how_the_roll_has_grown_since_the_announcement(browse: Browse) -> None:
    called = ballot_of_today("announced")
    page = browse(plain(called.people).member).get(f"/ballots/{called.ballot.uuid}/").content.decode()
    assert "since it was announced" not in page

    admit(called.people)

    page = browse(plain(called.people).member).get(f"/ballots/{called.ballot.uuid}/").content.decode()
    assert "1 person has joined since it was announced; they vote in the next one." in page


def test_ballot_page_offers_its_lead_to_organisers_only(browse: Browse) -> None:
    called = ballot_of_today("frozen")

    pages = [
        browse(person.member).get(f"/ballots/{called.ballot.uuid}/").content.decode()
        for person in (officer(called.people), plain(called.people))
    ]

    assert ["/withdraw/" in page for page in pages] == [True, False]
    assert ["/copy/" in page for page in pages] == [True, False]


def test_ballot_list_costs_the_same_for_one_and_for_three(browse: Browse) -> None:
    people = people_of_today()
    ballot_of_today("counted", people)
    client = browse(plain(people).member)
    client.get("/ballots/")

    with CaptureQueriesContext(connection) as one:
        client.get("/ballots/")
    ballot_of_today("counted", people)
    ballot_of_today("open", people)
    with CaptureQueriesContext(connection) as three:
        client.get("/ballots/")

    assert len(one) == len(three)


def test_charter_is_the_exact_text(browse: Browse) -> None:
    called = ballot_of_today("frozen")

    answer = browse(plain(called.people).member).get(f"/ballots/{called.ballot.uuid}/charter/")

    assert answer.content.decode() == called.reload().charter


# Trustees and tellers


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        ("announced", ("make", "wait")),
        ("frozen", ("sign", "audit")),
        ("open", ("wait_close", "signed")),
        ("closed", ("open", "signed")),
        ("counted", ("over", "signed")),
        ("withdrawn", ("over", "over")),
    ],
)
def test_officers_pages_begin_at_what_is_to_do(state: str, steps: tuple[str, str], browse: Browse) -> None:
    called = ballot_of_today(state)
    client = browse(officer(called.people).member)

    pages = [
        client.get(f"/ballots/{called.ballot.uuid}/{page}/").content.decode()
        for page in ("trustee", "teller")
    ]

    assert [f'data-begin="{step}"' in page for step, page in zip(steps, pages, strict=True)] == [True, True]


def test_trustee_key_and_copy_are_taken_from_the_trustees_browser(browse: Browse) -> None:
    called = ballot_of_today("announced", **OWN_KEYS)
    person, uuid = officer(called.people), called.ballot.uuid
    client = browse(person.member)
    key = devices.TrusteeKey.draw(called.ballot.group)
    signature = key.signature(person.keys, uuid, 1)

    test = ask(client, "ballot_trustee_key", uuid, {"public_key": key.text, "signature": signature}).json()
    page = client.get(f"/ballots/{uuid}/trustee/").content.decode()
    wrong = ask(client, "ballot_trustee_copy", uuid, {"answer": "2"})
    answer = key.open_test(test["alpha"], test["beta"])
    right = ask(client, "ballot_trustee_copy", uuid, {"answer": answer})

    assert 'data-begin="prove"' in page
    assert test["alpha"] in page
    assert answer not in page
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (409, "copy_does_not_work")
    assert (right.status_code, right.json()) == (200, {"frozen": False})
    assert called.trustees[0].copy_works


def test_officers_signatures_open_the_ballot(browse: Browse) -> None:
    called = ballot_of_today("frozen", **OWN_KEYS)
    uuid, setup = called.ballot.uuid, called.setup
    answers = []

    for person in called.people.members[:3]:
        signature = devices.sign_freeze(person.keys, person.member.number, setup)
        answers.append(
            ask(browse(person.member), "ballot_trustee_sign", uuid, {"signature": signature}).json()
        )
    for person in called.people.members[:2]:
        signature = devices.sign_audit(person.keys, person.member.number, setup)
        answers.append(
            ask(browse(person.member), "ballot_teller_sign", uuid, {"signature": signature}).json()
        )

    assert answers == [{"opened": False}] * 4 + [{"opened": True}]
    assert called.reload().state == "open"


def test_trustee_cannot_sign_with_anothers_key(browse: Browse) -> None:
    called = ballot_of_today("frozen", **OWN_KEYS)
    first, second = called.people.members[:2]
    before = everything()

    answer = ask(
        browse(first.member),
        "ballot_trustee_sign",
        called.ballot.uuid,
        {"signature": devices.sign_freeze(second.keys, 1, called.setup)},
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_signature")
    assert everything() == before


def test_teller_material_is_for_tellers_until_voting_opens(browse: Browse) -> None:
    called = ballot_of_today("frozen")
    client = browse(officer(called.people).member)

    before = client.get(f"/ballots/{called.ballot.uuid}/teller.json")
    called.open()
    after = client.get(f"/ballots/{called.ballot.uuid}/teller.json")

    assert len(before.json()["k"]) == 64
    assert (after.status_code, after.json()["error"]["code"]) == (409, "teller_key_gone")


def test_decryptions_count_the_ballot(browse: Browse) -> None:
    called = ballot_of_today("closed", **OWN_KEYS)
    answers = []

    for trustee in called.trustees:
        part = called.part_of(trustee)
        body = {
            "partial_decryption": part.partial,
            "bound_proofs": part.bound_proofs,
            "head_signature": part.head_signature,
        }
        answers.append(ask(browse(trustee.member), "ballot_trustee_decrypt", called.ballot.uuid, body).json())

    assert answers == [{"counted": False}, {"counted": False}, {"counted": True}]
    assert called.reload().result == [[0, 2, 1]]


# Decisions of two


def test_extension_is_carried_by_the_second_signature(browse: Browse) -> None:
    called = ballot_of_today("open")
    uuid = called.ballot.uuid
    later = called.ballot.closes_at + timedelta(hours=3)
    first, second = called.people.members[:2]
    body = {"closes_at": moment(later)}

    answers = [
        ask(
            browse(person.member),
            "ballot_extend_sign",
            uuid,
            {**body, "signature": devices.sign_extension(person.keys, called.setup, moment(later))},
        ).json()
        for person in (first, second)
    ]

    assert answers == [{"carried": False}, {"carried": True}]
    assert called.reload().closes_at == later.replace(microsecond=0)
    assert "This time was moved by two signatures." in Client().get(f"/board/{uuid}/").content.decode()


def test_extension_page_shows_the_time_that_will_be_signed(browse: Browse) -> None:
    called = ballot_of_today("open")
    client = browse(officer(called.people).member)
    path = f"/ballots/{called.ballot.uuid}/extend/"

    chosen = client.get(path, {"closes_at": "2099-06-01T07:00"}).content.decode()
    too_early = client.get(path, {"closes_at": "2020-06-01T07:00"}).content.decode()

    assert 'data-closes-at="2099-06-01T14:00:00Z"' in chosen
    assert "Choose a time later than the present close." in too_early
    assert "data-closes-at" not in too_early


@pytest.mark.parametrize("text", ["soon", "2099-06-01T14:00:00+00:00", "2099-6-1T14:00:00Z"])
def test_extension_refuses_a_moment_that_is_not_written_as_one(text: str, browse: Browse) -> None:
    called = ballot_of_today("open")

    answer = ask(
        browse(officer(called.people).member),
        "ballot_extend_sign",
        called.ballot.uuid,
        {"closes_at": text, "signature": "00"},
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "not_json")


def test_lost_key_ends_a_ballot_by_two_signatures(browse: Browse) -> None:
    called = ballot_of_today("closed")
    uuid, reason = called.ballot.uuid, "The file is gone."
    day = today(called.people.committee, timezone.now()).isoformat()
    first, second = called.people.members[:2]
    sign = [devices.sign_uncountable(person.keys, called.setup, reason, day) for person in (first, second)]

    one = ask(
        browse(first.member),
        "ballot_uncountable_sign",
        uuid,
        {"reason": reason, "day": day, "signature": sign[0]},
    )
    waiting = browse(second.member).get(f"/ballots/{uuid}/uncountable/").content.decode()
    two = ask(
        browse(second.member),
        "ballot_uncountable_sign",
        uuid,
        {"reason": reason, "day": day, "signature": sign[1]},
    )

    assert (one.json(), two.json()) == ({"carried": False}, {"carried": True})
    assert f'data-day="{day}"' in waiting
    assert "Entry 1 has signed this." in waiting
    assert called.reload().state == "uncountable"


def test_lost_key_refuses_a_day_that_is_none(browse: Browse) -> None:
    called = ballot_of_today("closed")

    answer = ask(
        browse(officer(called.people).member),
        "ballot_uncountable_sign",
        called.ballot.uuid,
        {"reason": "Gone.", "day": "today", "signature": "00"},
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "not_json")


# The booth


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        ("announced", "Voting has not opened yet"),
        ("frozen", "Voting has not opened yet"),
        ("closed", "Voting is over"),
        ("counted", "Voting is over"),
        ("withdrawn", "This ballot was withdrawn"),
        ("uncountable", "Voting is over"),
    ],
)
def test_booth_is_shut_and_says_why(state: str, heading: str, browse: Browse) -> None:
    called = ballot_of_today(state)

    page = browse(plain(called.people).member).get(f"/ballots/{called.ballot.uuid}/vote/").content.decode()

    assert f"<h1>{heading}</h1>" in page
    assert "data-shut>" in page


def test_booth_is_shut_by_the_clock_before_anybody_closed_the_ballot(browse: Browse) -> None:
    called = ballot_of_today("open")
    Ballot.objects.update(closes_at=timezone.now() - timedelta(seconds=1))

    page = browse(plain(called.people).member).get(f"/ballots/{called.ballot.uuid}/vote/").content.decode()

    assert "<h1>Voting is over</h1>" in page


def test_booth_tells_who_joined_later_to_vote_in_the_next_one(browse: Browse) -> None:
    called = ballot_of_today("open")
    newcomer = called.people.members[3].member
    queries.electorate._entitled.cache_clear()
    Ballot.objects.update(roll_position=3)

    client = browse(newcomer)
    page = client.get(f"/ballots/{called.ballot.uuid}/vote/").content.decode()
    nonce = client.get(f"/ballots/{called.ballot.uuid}/blind.json")

    assert "<h1>You vote in the next one</h1>" in page
    assert (nonce.status_code, nonce.json()["error"]["code"]) == (403, "not_entitled")


def test_booth_is_open_and_explains_what_needs_javascript(browse: Browse) -> None:
    called = ballot_of_today("open")

    page = browse(plain(called.people).member).get(f"/ballots/{called.ballot.uuid}/vote/").content.decode()

    assert "data-shut>" not in page
    assert "<noscript>" in page


def test_blind_nonce_is_the_members_own(browse: Browse) -> None:
    called = ballot_of_today("open")
    member = plain(called.people).member

    answer = browse(member).get(f"/ballots/{called.ballot.uuid}/blind.json")

    assert answer.json() == {"n": queries.blind_nonce(called.ballot, member)}
    assert answer.headers["Cache-Control"] == "no-store"


# Casting


def cast(
    client: Client, called: Called, body: bytes, content_type: str = "application/json", **headers: str
) -> Any:
    return client.post(
        f"/board/{called.ballot.uuid}/cast", body, content_type=content_type, headers=headers or None
    )


def test_cast_takes_a_paper_from_anyone_without_cookies_and_answers_with_a_receipt() -> None:
    called = ballot_of_today("open")
    client = Client(enforce_csrf_checks=True)
    paper = called.paper(4)

    first = cast(client, called, paper, **{"Sec-Fetch-Site": "same-origin"})
    again = cast(client, called, paper)

    assert first.status_code == 200
    assert sorted(first.json()) == ["receipt", "signature", "state"]
    assert first.json() == again.json()
    assert client.cookies.output() == ""
    assert called.ballot.board.filter(kind="Ballot").count() == 1


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_cast_refuses_pages_of_other_sites(site: str) -> None:
    called = ballot_of_today("open")

    answer = cast(Client(), called, called.paper(4), **{"Sec-Fetch-Site": site})

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "from_elsewhere")
    assert not called.ballot.board.filter(kind="Ballot").exists()


def test_cast_refuses_each_bad_paper_by_its_code_and_counts_nothing() -> None:
    called = ballot_of_today("open")
    paper = called.paper(4)
    bad = {
        "not_json": (b"{", "application/json"),
        "not_canonical": (paper.replace(b'":"', b'": "', 1), "application/json"),
        "too_large": (b" " * 1_000_001, "application/json"),
        "wrong_election": (
            paper.replace(called.ballot.uuid.encode(), b"1" * len(called.ballot.uuid)),
            "application/json",
        ),
    }

    answers = {code: cast(Client(), called, body, kind) for code, (body, kind) in bad.items()}
    form = cast(Client(), called, paper, "text/plain")

    assert {code: answer.json()["error"]["code"] for code, answer in answers.items()} == {
        code: code for code in bad
    }
    assert {answer.status_code // 100 for answer in answers.values()} == {4}
    assert (form.status_code, form.json()["error"]["code"]) == (400, "not_json")
    assert not called.ballot.board.filter(kind="Ballot").exists()


def test_cast_says_when_voting_is_over_or_was_never_called() -> None:
    called = ballot_of_today("closed")

    late = cast(Client(), called, b"{}")
    nowhere = Client().post("/board/11111111111111/cast", b"{}", content_type="application/json")

    assert (late.status_code, late.json()["error"]["code"]) == (409, "closed")
    assert (nowhere.status_code, nowhere.json()["error"]["code"]) == (404, "no_such_ballot")


# The board


def test_board_is_for_anyone_and_leaves_no_cookie() -> None:
    called = ballot_of_today("counted")
    uuid, client = called.ballot.uuid, Client()
    names = (
        "board",
        "board_archive",
        "board_charter",
        "board_setup",
        "board_head",
        "board_proofs",
        "ballot_minutes",
    )

    answers = {name: client.get(address(name, uuid)) for name in names}

    assert {answer.status_code for answer in answers.values()} == {200}
    assert client.cookies.output() == ""
    assert not [name for name, answer in answers.items() if "Cookie" in answer.headers.get("Vary", "")]
    assert answers["board"].headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("session", ["", "x", "x" * 32, "x" * 5000, "\0", '"'])
def test_board_neither_reads_nor_mends_a_broken_session(session: str) -> None:
    called = ballot_of_today("counted")
    client = Client(headers={"cookie": f"sessionid={session}; messages=x; csrftoken=x; device=x"})

    answers = [client.get(f"/board/{called.ballot.uuid}/"), client.post(f"/board/{called.ballot.uuid}/cast")]

    assert [answer.status_code for answer in answers] == [200, 400]
    assert [dict(answer.cookies) for answer in answers] == [{}, {}]


def test_board_says_the_same_to_members_and_strangers(browse: Browse) -> None:
    called = ballot_of_today("counted")
    path = f"/board/{called.ballot.uuid}/"

    assert browse(plain(called.people).member).get(path).content == Client().get(path).content


@pytest.mark.parametrize("state", ["draft", "announced", "withdrawn"])
def test_board_is_not_there_before_the_freeze(state: str) -> None:
    uuid = ballot_of_today(state).ballot.uuid
    names = (
        "board",
        "board_archive",
        "board_charter",
        "board_setup",
        "board_head",
        "board_proofs",
        "ballot_minutes",
    )

    assert {Client().get(address(name, uuid)).status_code for name in names} == {404}


def test_board_names_nobody() -> None:
    called = ballot_of_today("counted")

    page = Client().get(f"/board/{called.ballot.uuid}/").content.decode()

    assert not [person for person in called.people.members if person.member.handle in page]


def test_board_finds_a_paper_by_its_words_and_by_its_hash() -> None:
    called = ballot_of_today("counted")
    trackers = queries.trackers_of(called.ballot)
    words = " ".join(words_of(_hex(trackers[1]), 6))
    path = f"/board/{called.ballot.uuid}/"

    found_by = [
        Client().get(path, {"find": sought}).context["trackers"]
        for sought in (words, words.upper(), "  " + words[: words.index(" ")], trackers[1], trackers[1][:8])
    ]
    nothing = Client().get(path, {"find": "zebra zebra"})

    assert [[tracker.hash for tracker in found] for found in found_by] == [[trackers[1]]] * 5
    assert "No paper on the board begins with this." in nothing.content.decode()


def test_board_pages_through_papers_in_their_order() -> None:
    called = ballot_of_today("counted")

    page = Client().get(f"/board/{called.ballot.uuid}/", {"page": "9"})

    assert [tracker.hash for tracker in page.context["trackers"]] == queries.trackers_of(called.ballot)


def test_board_says_what_checking_its_record_takes() -> None:
    called = ballot_of_today("counted")
    path = f"/board/{called.ballot.uuid}/"

    page = Client().get(path)

    size = len(queries.archive_of(called.ballot, published_only=True))
    assert page.context["work"] == queries.Work(size=size, papers=3, keys=4, choices=3)
    assert f'data-size="{size}"' in page.content.decode()


def test_board_of_too_many_votes_for_a_browser_names_programs_alone() -> None:
    ballot = ballot_of_today("open").ballot
    crowd = [
        BoardEvent(
            ballot=ballot,
            height=height,
            kind="Ballot",
            data=[],
            text="",
            hash="",
            credential=str(height),
            tracker=b64encode(height.to_bytes(32, "big")).decode(),
        )
        for height in range(1, 2_002)
    ]
    BoardEvent.objects.bulk_create(crowd)
    Ballot.objects.filter(pk=ballot.pk).update(published_height=2_001)

    page = Client().get(f"/board/{ballot.uuid}/").content.decode()

    assert "There are too many votes here for a browser to check." in page
    assert "data-check" not in page


def test_board_has_a_sentence_for_every_check_of_the_verifier() -> None:
    page = Client().get(f"/board/{ballot_of_today('counted').ballot.uuid}/").content.decode()
    elsewhere = {"required_state", "wrong_head", "since_changed"}
    elsewhere |= {name for name in CHECKS if name.startswith("ceremony_")}

    kinds = {check: {check, check.split("_")[0]} for check in CHECKS.keys() - elsewhere}

    assert not [
        check
        for check, names in kinds.items()
        if not any(f"data-finding-{name.replace('_', '-')}=" in page for name in names)
    ]


def test_only_the_board_and_the_first_page_may_start_a_worker(browse: Browse) -> None:
    called = ballot_of_today("counted")
    client = browse(plain(called.people).member)
    paths = ["/", f"/board/{called.ballot.uuid}/", f"/ballots/{called.ballot.uuid}/", "/ballots/", "/join/"]

    policies = [client.get(path).headers["Content-Security-Policy"] for path in paths]

    assert ["worker-src 'self'" in one for one in policies] == [True, True, False, False, False]
    assert ["worker-src 'none'" in one for one in policies] == [False, False, True, True, True]


def test_board_shows_only_what_was_published() -> None:
    called = ballot_of_today("open")
    called.vote(4)

    page = Client().get(f"/board/{called.ballot.uuid}/")

    assert page.context["head"]["voters"] == 0
    assert list(page.context["trackers"]) == []


def test_archive_has_one_address_and_waits_for_the_opening() -> None:
    called = ballot_of_today("frozen")
    uuid = called.ballot.uuid

    early = Client().get(f"/board/{uuid}/{uuid}.bel")
    other = Client().get(f"/board/{uuid}/11111111111111.bel")

    assert (early.status_code, early.json()["error"]["code"]) == (409, "not_yet_open")
    assert other.status_code == 404


def test_proofs_wait_for_the_count() -> None:
    answer = Client().get(f"/board/{ballot_of_today('closed').ballot.uuid}/proofs.json")

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "still_open")


def test_minutes_wait_for_the_count() -> None:
    uuid = ballot_of_today("closed").ballot.uuid

    assert Client().get(f"/ballots/{uuid}/minutes/").status_code == 404


def test_minutes_hold_the_count_the_rule_and_the_fingerprint() -> None:
    called = ballot_of_today("counted")

    page = Client().get(f"/ballots/{called.ballot.uuid}/minutes/").content.decode()

    assert "66.7 % said yes: 2 yes, 1 no. 3 of 4 voted." in page
    assert "It carries when more than half of those who say yes or no say yes." in page
    assert queries.board_hash(called.ballot) in page


def _hex(tracker: str) -> str:
    return b64decode(tracker + "=").hex()


# Nothing answers where the test's pages say they are: that is 1, where a wrong command is 2.
@pytest.mark.parametrize(("state", "ends"), [("open", [0, 0, 0, 1]), ("counted", [0, 0, 0])])
def test_board_prints_commands_that_work_in_their_order(state: str, ends: list[int], tmp_path: Path) -> None:
    called = ballot_of_today(state)
    uuid = called.ballot.uuid
    (tmp_path / f"{uuid}.bel").write_bytes(b"".join(Client().get(address("board_archive", uuid))))
    page = Client().get(address("board", uuid)).content.decode()
    printed = [unescape(re.sub("<[^>]+>", "", block)) for block in re.findall("<pre>(.*?)</pre>", page, re.S)]
    commands = [line for block in printed for line in block.splitlines() if not line.startswith("sudo ")]

    assert [run_in(tmp_path, f"{line} --once" if " watch " in line else line) for line in commands] == ends


def run_in(folder: Path, command: str) -> int:
    """How a line ends that is typed where Openfloor is installed."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    line = ["/bin/sh", "-c", command]
    return subprocess.run(line, cwd=folder, env={**os.environ, "PATH": path}, check=False).returncode
