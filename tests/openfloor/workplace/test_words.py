"""The roll's page tells its members by which rules people get on it."""

import pytest
from django.test import Client
from django.utils.html import strip_tags

from factories.workplace import found
from openfloor.workplace import roll

pytestmark = pytest.mark.django_db


def roll_page_of(rules: roll.Rules) -> str:
    founder = found(rules=rules).members[0]
    browser = Client()
    secret = {"secret": founder.keys.sign_in_secret}
    assert browser.post("/sign-in/", secret, content_type="application/json").status_code == 200
    return " ".join(strip_tags(browser.get("/roll/").content.decode()).split())


def test_roll_page_says_the_usual_rules_in_words() -> None:
    page = roll_page_of(roll.Rules())

    assert "Nobody can change them. All of them are the usual ones." in page
    assert "A new member may vouch from 7 days after joining." in page
    assert "Usually:" not in page


def test_roll_page_marks_the_rules_that_differ() -> None:
    page = roll_page_of(roll.Rules(vouches_a_month=9, objection_days=0))

    assert "Nobody can change them. 2 of them differ from the usual ones." in page
    assert "A member may vouch for 9 people in a calendar month. Usually: 5." in page
    assert "Nobody may object to a new entry, and it votes in the next ballot. Usually: 3." in page
    assert page.count("Usually:") == 2
