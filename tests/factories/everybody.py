"""Everybody at once: a committee whose people hold one role each, a ballot in each state, and an outsider."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from factories.ballots import DELEGATES, OWN_KEYS, Called, terms_of
from factories.bargaining import contract, put_forward, reported_session, session, wages
from factories.mandates import asked_after
from factories.workplace import Person, candidate, found, give_role, invite, make_committee
from openfloor.ballots import actions
from openfloor.ballots.models import Mandate, MandateBreach, MandateEvent
from openfloor.bargaining.actions import make_calendar_address
from openfloor.workplace.models import Role
from openfloor.workplace.signin import SESSION_KEY
from workrules.mandates import Deed

PEOPLE = ("stranger", "candidate", "member", "trustee", "teller", "organiser", "elsewhere")
STATES = ("draft", "announced", "frozen", "open", "closed", "counted", "mixing", "elected", "bound")
RANKED = {"mixing": "closed", "elected": "counted"}
BOUND = {"bound": "counted"}  # it carried, and is a mandate
OWN = ("announced_own", "frozen_own")  # each trustee with a key of their own


def all_routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every address as urls.py writes it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from all_routes(pattern, route)


@dataclass
class Scene:
    """Who is there, with a browser each, and what addresses of things are filled in with."""

    ballots: dict[str, Called] = field(default_factory=dict)  # by state
    persons: dict[str, Person] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def address(self, route: str, state: str, number: int | None = None) -> str:
        """With the ballot in *state*, and *number* in the place of what there is."""
        uuid = self.ballots[state].ballot.uuid
        numbers = (
            self.values.get(route, {})
            if number is None
            else {**self.values.get(route, {}), "pk": number, "number": number}
        )
        values = {"uuid": uuid, "name": uuid, **numbers}
        return re.sub(r"<\w+:(\w+)>", lambda found: str(values.get(found[1], 1)), "/" + route)


def everybody() -> Scene:
    today = timezone.now().date()
    people = make_committee(7, founded_on=today - timedelta(days=60))
    people.day = today - timedelta(days=1)
    organiser, member, *officers = people.members
    trustees, tellers = officers[:3], officers[3:]
    for kind, holders in ((Role.Kind.TRUSTEE, trustees), (Role.Kind.TELLER, tellers)):
        for holder in holders:
            give_role(people, holder, kind)
    waiting = candidate(organiser, 8, now=people.now)
    elsewhere = found(name="Day shift", founded_on=today - timedelta(days=60), index=10).members[0]
    scene = Scene()
    for state in (*STATES, *OWN):
        scene.ballots[state] = _ballot(people, state, trustees, tellers)
    scene.persons = {
        "candidate": waiting,
        "member": member,
        "trustee": trustees[0],
        "teller": tellers[0],
        "organiser": organiser,
        "elsewhere": elsewhere,
    }
    scene.clients = {name: signed_in(person) for name, person in scene.persons.items()} | {
        "stranger": Client()
    }
    told = _told(scene.ballots["bound"], organiser)
    broken = _broken(scene.ballots["bound"])
    actions.show_mandates(organiser.member, to_everybody=True, now=timezone.now())
    scene.values = (
        {
            "invitations/<int:pk>/end/": {"pk": invite(organiser, now=timezone.now())[0].pk},
            "vouch/<int:number>.json": {"number": waiting.member.number},
            "renew/vouch/<int:number>/<slug:fingerprint>.json": {"number": 99},
        }
        | {
            "mandates/breaches/<int:pk>/vote/": {"pk": broken.pk},
        }
        | {
            f"mandates/events/<int:pk>/{deed}/": {"pk": told.pk}
            for deed in ("confirm", "drop", "correct", "take-back")
        }
        | {
            f"board/mandates/<uuid:committee>/{page}": {"committee": str(people.committee.pk)}
            for page in ("", "sheet/", "feed.atom")
        }
        | {
            f"roles/<int:pk>/{deed}/": {"pk": Role.objects.get(member=trustees[0].member).pk}
            for deed in ("confirm", "decline", "resign")
        }
    )
    _lay_the_table(scene)
    return scene


def _lay_the_table(scene: Scene) -> None:
    """A contract with a proposal, a session with its note-taker, one with a report, the member's calendar."""
    organiser = scene.persons["organiser"].member
    article = wages(organiser, contract(organiser))
    values = {
        "contract": article.contract_id,
        "article": article.pk,
        "proposal": put_forward(organiser, article).pk,
        "session": session(organiser, article.contract, scene.persons["member"].member).pk,
        "secret": make_calendar_address(scene.persons["member"].member).secret,
    }
    scene.values |= {route: values for route in all_routes() if route.startswith("bargaining/")}
    about_reports = {**values, "session": reported_session(organiser, article.contract).pk}
    scene.values |= {route: about_reports for route in scene.values if "/report/" in route}


def signed_in(person: Person) -> Client:
    client = Client()
    session = client.session
    session[SESSION_KEY] = str(person.member.pk)
    session.save()
    return client


def _ballot(people: Any, name: str, trustees: list[Person], tellers: list[Person]) -> Called:
    """Two are elections by transferable votes: their votes are mixed now, or counted."""
    is_own, is_ranked = name in OWN, name in RANKED
    state = {**RANKED, **BOUND}.get(name, name.removesuffix("_own"))
    closes_at = timezone.now() + timedelta(hours=-1 if state in ("closed", "counted") else 24)
    terms: dict[str, Any] = {
        **terms_of(people),
        **(OWN_KEYS if is_own else {}),
        "trustees": [person.member for person in trustees],
        "tellers": [person.member for person in tellers],
        "closes_at": closes_at,
        **({"group": "Ed25519", "questions": [DELEGATES]} if is_ranked else {}),
        **({"mandate": asked_after(closes_at), "turnout": Fraction(0)} if name in BOUND else {}),
    }
    ballot = actions.draft_ballot(people.members[0].member, **terms, now=people.now)
    called = Called(ballot, people, people.now)
    steps = {
        "announced": called.announce,
        "frozen": called.freeze,
        "open": called.open,
        "closed": lambda: _close(called, name),
        "counted": called.count,
    }
    for step in list(steps)[: [*steps].index(state) + 1] if state != "draft" else []:
        steps[step]()
    return called


def _close(called: Called, name: str) -> None:
    if name in BOUND:
        called.vote(1)
    called.close()


def _told(called: Called, by: Person) -> MandateEvent:
    """Something that waits for another member's word."""
    mandate = Mandate.objects.get(ballot=called.ballot)
    happened = actions.Happened(
        deed=Deed.BEGAN, at=mandate.decided_at, act="The strike began.", source="The notice on the door"
    )
    return actions.enter_event(mandate, by.member, happened, timezone.now())


def _broken(called: Called) -> MandateBreach:
    """By an offer at the table."""
    now = timezone.now()
    (breach,) = actions.record_offer(
        called.people.committee,
        {"wages.total": [Fraction(27, 100)]},
        reference="proposal 1",
        at=now,
        act="Our side offered 27 %.",
        source="Session 1",
        now=now,
    )
    return breach
