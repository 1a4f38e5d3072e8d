"""What a program that watches the server is told, and that it learns nothing else."""

import time
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from factories.workplace import make_committee
from openfloor.ui import health


@pytest.fixture(autouse=True)
def ticking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health._Clock, "ticked_at", time.monotonic())


@pytest.mark.django_db
def test_healthy_server_says_ok_without_cookies_and_names_nothing(client: Client) -> None:
    people = make_committee(3)

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"
    assert people.committee.name not in answer.text


@pytest.mark.django_db
def test_clock_that_stands_still_is_unhealthy_until_it_runs_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = time.monotonic() - health.LATE_AFTER_SECONDS - 1
    monkeypatch.setattr(health._Clock, "ticked_at", late)

    stands = client.get("/healthz")
    health.ticked()
    runs = client.get("/healthz")

    assert (stands.status_code, stands.json()) == (503, {"status": "failing", "reason": "clock"})
    assert runs.status_code == 200


@pytest.mark.django_db
def test_database_that_does_not_answer_is_unhealthy(client: Client) -> None:
    def refuse(execute: Any, sql: str, *more: Any) -> Any:
        raise OperationalError("disk I/O error")

    with connection.execute_wrapper(refuse):
        answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (503, {"status": "failing", "reason": "database"})
    assert not answer.cookies


@pytest.mark.django_db
def test_health_asks_the_database_once_whoever_asks(client: Client, django_assert_num_queries: Any) -> None:
    client.cookies["sessionid"] = "x" * 32

    with django_assert_num_queries(1):
        client.get("/healthz")


def test_health_is_for_reading_only(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
