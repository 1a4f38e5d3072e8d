"""Every address, asked for what nobody would ask: no fault, no trace, and what is refused changes nothing.

What a request changed is told by SQLite's own count of changed rows; where it moved, all tables are compared.
A change is right only where the answer says that something was done: JSON without an error, or a redirect.
OPENFLOOR_FUZZ asks for another number of examples, and for other ones each time.
"""

import hashlib
import os
from collections import Counter
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from factories import fuzzing
from factories.everybody import OWN, PEOPLE, STATES, Scene, all_routes, everybody
from openfloor.workplace.models import Device, StrangerBudget

EXAMPLES = int(os.environ.get("OPENFLOOR_FUZZ", "400"))
PATIENT = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize="OPENFLOOR_FUZZ" not in os.environ,
    phases=[Phase.generate],  # what broke is told whole by its message; making it smaller takes minutes
    suppress_health_check=list(HealthCheck),
)
ABOUT_CALLERS = {"sessions.session", Device._meta.label_lower, StrangerBudget._meta.label_lower}
LEAST_POSTS = 50 * EXAMPLES  # 20,000 in the suite
NUMBERS = [None, None, None, 0, 2**31, 2**63, 10**30]
QUERIES = ["page", "find", "next", "closes_at", "words", "since", "x"]
accepts = st.sampled_from(["", "application/json", "text/html", "*/*;q=\0"])


@pytest.fixture
def scene(db: None) -> Scene:
    return everybody()


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str]) -> Any:
    """A line for whoever runs the tests."""

    def aloud(line: str) -> None:
        with capfd.disabled():
            print(f"\n  {line}", flush=True)  # noqa: T201 - the figure is to be quoted

    return aloud


def rows_changed() -> int:
    """How many rows were written so far, rolled back or not."""
    if connection.vendor == "sqlite":
        return int(connection.connection.total_changes)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
        return int(cursor.fetchone()[0] or 0)


def digest() -> str:
    """Of every row of every table but what is known of callers."""
    seen = hashlib.sha256()
    for model in apps.get_models():
        if model._meta.label_lower not in ABOUT_CALLERS:
            for row in model._default_manager.order_by("pk").values_list():
                seen.update(repr(row).encode("utf-8", "surrogatepass"))
    return seen.hexdigest()


class Asking:
    """Sends requests, holds each answer against what it did, and takes it back."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.sessions = {
            person: client.cookies["sessionid"].value if "sessionid" in client.cookies else None
            for person, client in scene.clients.items()
        }
        self.untouched = digest()
        self.answers: Counter[int] = Counter()

    def ask(self, person: str, method: str, path: str, **request: Any) -> None:
        before, point = rows_changed(), transaction.savepoint()
        answer = self._client(person).generic(method, path, **request)
        about = f"{person} {method} {path} {request} → {answer.status_code}"
        self.answers[answer.status_code] += 1
        assert answer.status_code < 500, about
        if not answer.streaming:
            assert b"Traceback" not in answer.content, about
        if rows_changed() == before:
            transaction.savepoint_commit(point)
            return
        if not was_done(answer):
            assert digest() == self.untouched, about
        transaction.savepoint_rollback(point)

    def _client(self, person: str) -> Any:
        client = self.scene.clients[person]
        client.cookies.clear()
        if session := self.sessions[person]:
            client.cookies["sessionid"] = session
        return client


def was_done(answer: Any) -> bool:
    is_json = answer.headers.get("Content-Type") == "application/json"
    return bool(answer.status_code == 302 or (answer.status_code == 200 and is_json))


def test_no_post_breaks_anything_or_changes_what_it_refuses(scene: Scene, say: Any) -> None:
    asking, values = Asking(scene), fuzzing.well_formed(scene)
    routes = [route for route in all_routes() if "POST" in allowed(scene, route)]

    @PATIENT
    @given(
        st.sampled_from(PEOPLE),
        st.sampled_from((*STATES, *OWN)),
        st.lists(fuzzing.changes, max_size=3),
        st.sampled_from(fuzzing.ENCODINGS),
        st.sampled_from(fuzzing.FORM_ENCODINGS),
        st.sampled_from(NUMBERS),
        accepts,
    )
    def fuzz(
        person: str,
        state: str,
        changes: list[fuzzing.Change],
        encoding: fuzzing.Encoding,
        form_encoding: fuzzing.Encoding,
        number: int | None,
        accept: str,
    ) -> None:
        for route in routes:
            value = fuzzing.request_for(route, values)
            for change in changes:
                value = change.applied(value)
            chosen = form_encoding if route in fuzzing.FORMS else encoding
            asking.ask(
                person,
                "POST",
                scene.address(route, state, number),
                data=chosen.encode(value),
                content_type=chosen.content_type,
                headers={"accept": accept},
            )

    fuzz()

    say(f"{asking.answers.total()} POST requests to {len(routes)} addresses: {dict(asking.answers)}")
    assert asking.answers.total() >= LEAST_POSTS
    assert digest() == asking.untouched


def test_no_get_breaks_anything_or_changes_anything(scene: Scene, say: Any) -> None:
    asking = Asking(scene)
    # Without a server around it the program is not well, and says so with a 503.
    routes = [route for route in all_routes() if "GET" in allowed(scene, route) and route != "healthz"]

    @settings(PATIENT, max_examples=EXAMPLES // 4)
    @given(
        st.sampled_from(PEOPLE),
        st.sampled_from((*STATES, *OWN)),
        st.dictionaries(st.sampled_from(QUERIES), fuzzing.scalars, max_size=3),
        st.binary(max_size=8),
        st.sampled_from(NUMBERS),
        st.integers(0, 1000),
        accepts,
    )
    def fuzz(
        person: str,
        state: str,
        query: dict[str, Any],
        more: bytes,
        number: int | None,
        first: int,
        accept: str,
    ) -> None:
        for index in range(first, first + 8):
            path = scene.address(routes[index % len(routes)], state, number)
            text = fuzzing.as_form(query).decode()
            for asked in (path, path + quote(more)):
                asking.ask(person, "GET", asked, QUERY_STRING=text, headers={"accept": accept})

    fuzz()

    say(f"{asking.answers.total()} GET requests to {len(routes)} addresses: {dict(asking.answers)}")
    assert digest() == asking.untouched


def allowed(scene: Scene, route: str) -> str:
    return scene.clients["stranger"].put(scene.address(route, "open")).headers["Allow"]
