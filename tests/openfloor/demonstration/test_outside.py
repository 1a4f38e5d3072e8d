"""Impossible outside: none of its addresses exist elsewhere, and nobody reaches this one from outside."""

import socket

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from .server import Demonstration, Visitor

PATHS = (
    "/demonstration/",
    "/demonstration/as/member/",
    "/demonstration/as/observer/",
    "/demonstration/trustee-key.json",
)
FOREIGN = "vote.example.org"


@pytest.mark.parametrize("path", PATHS)
def test_address_does_not_exist_without_the_setting(path: str) -> None:
    with pytest.raises(Resolver404):
        resolve(path)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_nothing_answers_without_the_setting(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path, b"{}", content_type="application/json").status_code == 404


@pytest.mark.django_db
def test_pages_carry_no_banner_without_the_setting(client: Client) -> None:
    assert "made-up" not in client.get("/sign-in/").text


@pytest.mark.parametrize("path", ["/", *PATHS])
def test_foreign_host_gets_nothing(server: Demonstration, path: str) -> None:
    answer = server.ask(path, Host=FOREIGN)

    assert answer.status == 400
    assert "set-cookie" not in answer.headers


def test_foreign_host_is_given_no_key(server: Demonstration) -> None:
    answer = server.ask(
        "/demonstration/as/member/", "POST", b"{}", Host=FOREIGN, Content_Type="application/json"
    )

    assert answer.status == 400
    assert b"root" not in answer.body


def test_another_site_cannot_switch_the_persona(server: Demonstration) -> None:
    visitor = Visitor(server)
    visitor.become("observer")
    cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in visitor.cookies.items())

    answer = server.ask(
        "/demonstration/as/member/",
        "POST",
        b"{}",
        Content_Type="application/json",
        Cookie=cookies,
        Origin=f"http://{FOREIGN}",
    )

    assert answer.status == 403
    assert b"root" not in answer.body


def test_port_is_open_on_the_loopback_address_only(server: Demonstration) -> None:
    # All of 127/8 is this machine: what listens on every address answers there, too.
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", server.port), timeout=5).close()
