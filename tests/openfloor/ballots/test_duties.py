"""What the page of a role says to whoever holds it, and to whoever does not."""

import pytest
from django.test import Client

from factories.workplace import candidate, found
from openfloor.home.guidance import for_idle
from openfloor.workplace.models import Role

from .conftest import Browse, ballot_of_today, people_of_today

pytestmark = pytest.mark.django_db

PAGES = ("/roles/organiser/", "/roles/trustee/", "/roles/teller/")


def test_every_role_says_what_it_is_for_what_losing_the_key_means_and_what_if_away(browse: Browse) -> None:
    client = browse(people_of_today().members[3].member)

    for path, heading in zip(
        PAGES, ("What an organiser does", "What a trustee does", "What a teller does"), strict=True
    ):
        page = client.get(path).content.decode()

        assert heading in page
        assert "If you lose your phone or your twelve words" in page
        assert "If you are away" in page
        assert "<h2>Now</h2>" not in page


def test_holder_with_nothing_to_do_sees_when_they_are_needed(browse: Browse) -> None:
    called = ballot_of_today("counted")
    client = browse(called.organiser)

    pages = {path: client.get(path).content.decode() for path in PAGES}

    assert all("Nothing to do now." in page for page in pages.values())
    assert "You are a trustee" in pages["/roles/trustee/"]


@pytest.mark.parametrize(
    ("state", "path", "action", "waiting"),
    [
        ("draft", "/roles/organiser/", "edit/", False),
        ("announced", "/roles/trustee/", "trustee/", False),
        ("announced", "/roles/teller/", "teller/", True),
        ("frozen", "/roles/teller/", "teller/", False),
        ("open", "/roles/trustee/", "trustee/", True),
        ("closed", "/roles/trustee/", "trustee/", False),
    ],
)
def test_role_leads_to_its_part_of_a_ballot(
    state: str, path: str, action: str, waiting: bool, browse: Browse
) -> None:
    called = ballot_of_today(state)

    page = browse(called.organiser).get(path).content.decode()

    assert f'href="/ballots/{called.ballot.uuid}/{action}"' in page
    assert ("Your part comes later, or is done" in page) is waiting


def test_role_of_another_is_not_offered_as_ones_own(browse: Browse) -> None:
    called = ballot_of_today("announced")

    page = browse(called.people.members[3].member).get("/roles/trustee/").content.decode()

    assert called.ballot.uuid not in page


def test_roles_are_for_members_only(browse: Browse) -> None:
    people = people_of_today()
    waiting = candidate(people.members[0], 30, now=people.now)

    for path in PAGES:
        assert Client().get(path).headers["Location"].startswith("/sign-in/")
        assert browse(waiting.member).get(path).headers["Location"] == "/join/"


def test_role_of_another_committee_shows_nothing_of_ours(browse: Browse) -> None:
    called = ballot_of_today("announced")
    elsewhere = found(name="Day shift", index=40).members[0]

    pages = [browse(elsewhere.member).get(path).content.decode() for path in PAGES]

    assert not any(called.ballot.uuid in page for page in pages)


def test_own_page_and_roles_page_lead_to_each_role(browse: Browse) -> None:
    client = browse(ballot_of_today("draft").organiser)

    for path in ("/me/", "/roles/"):
        page = client.get(path).content.decode()
        assert all(f'href="{role}"' in page for role in PAGES)


def test_trustee_for_whom_nothing_waits_is_told_when(browse: Browse) -> None:
    called = ballot_of_today("counted")
    trustee = called.people.members[1].member
    assert trustee.roles.filter(kind=Role.Kind.TRUSTEE).exists()

    (only,) = for_idle(trustee, called.now)

    assert (only.heading, only.path) == ("Nothing to do now", "/roles/trustee/")
    assert "you make your key for it" in only.sentence
    assert "you check who may vote" in only.sentence
