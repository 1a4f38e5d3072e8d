"""Who may do what: every address of the program × every kind of person, in one table to be read.

A new address without a row fails; so does a row that says something else than the server. One row is enough:
method, route as in urls.py, one sign a person, and where it matters the state of the ballot it is tried on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from factories.everybody import PEOPLE, Scene, all_routes, everybody
from openfloor.ui import health

# + may (whatever is wrong with an empty request is said after that)
# s is sent to sign in · w is sent to where candidates wait · - may see it, but it is not theirs: 403
# 0 there is no such thing for them: 404
TABLE = """
GET  robots.txt                                           + + + + + + +
GET  favicon.ico                                          + + + + + + +
GET  healthz                                              + + + + + + +
GET  site.webmanifest                                     + + + + + + +
GET  service-worker.js                                    + + + + + + +
GET  offline/                                             + + + + + + +
GET  offline.json                                         + + + + + + +
POST language/                                            + + + + + + +
GET  /                                                    + w + + + + +
GET  ballots/                                             s w + + + + +
GET  ballots/new/                                         s w - - - + +
POST ballots/new/                                         s w - - - + +
GET  ballots/practise/                                    s w - - - + +
POST ballots/practise/                                    s w - - - + +
GET  ballots/<belenios:uuid>/                             s w 0 0 0 + 0 draft
GET  ballots/<belenios:uuid>/                             s w + + + + 0
GET  ballots/<belenios:uuid>/edit/                        s w 0 0 0 + 0 draft
GET  ballots/<belenios:uuid>/edit/                        s w - - - + 0
POST ballots/<belenios:uuid>/edit/                        s w - - - + 0
GET  ballots/<belenios:uuid>/announce/                    s w - - - + 0
POST ballots/<belenios:uuid>/announce/                    s w 0 0 0 + 0 draft
POST ballots/<belenios:uuid>/announce/                    s w - - - + 0
GET  ballots/<belenios:uuid>/withdraw/                    s w - - - + 0
POST ballots/<belenios:uuid>/withdraw/                    s w - - - + 0
POST ballots/<belenios:uuid>/copy/                        s w - - - + 0
GET  ballots/<belenios:uuid>/charter/                     s w + + + + 0
GET  ballots/<belenios:uuid>/trustee/                     s w - + - - 0
POST ballots/<belenios:uuid>/trustee/key/                 s w - + - - 0
POST ballots/<belenios:uuid>/trustee/copy/                s w - + - - 0
POST ballots/<belenios:uuid>/trustee/sign/                s w - + - - 0
POST ballots/<belenios:uuid>/trustee/shuffle/             s w - + - - 0
GET  ballots/<belenios:uuid>/trustee.json                 s w - + - - 0
POST ballots/<belenios:uuid>/trustee/certificate/         s w - + - - 0
POST ballots/<belenios:uuid>/trustee/coefficients/        s w - + - - 0
POST ballots/<belenios:uuid>/trustee/finish/              s w - + - - 0
POST ballots/<belenios:uuid>/trustee/refuse/              s w - + - - 0
POST ballots/<belenios:uuid>/trustee/lost/                s w - + - - 0
GET  ballots/<belenios:uuid>/trustees/                    s w - - - + 0
POST ballots/<belenios:uuid>/trustees/                    s w - - - + 0 announced
POST ballots/<belenios:uuid>/trustees/                    s w - - - + 0
POST ballots/<belenios:uuid>/trustee/decrypt/             s w - + - - 0
GET  ballots/<belenios:uuid>/teller/                      s w - - + - 0
GET  ballots/<belenios:uuid>/teller.json                  s w - - + - 0
POST ballots/<belenios:uuid>/teller/sign/                 s w - - + - 0
GET  ballots/<belenios:uuid>/slips/                       s w - - + - 0
POST ballots/<belenios:uuid>/slips/make/                  s w - - + - 0
POST ballots/<belenios:uuid>/slips/cancel/                s w - - + - 0
POST ballots/<belenios:uuid>/slips/finish/                s w - - + - 0
GET  ballots/<belenios:uuid>/vote/                        s w 0 0 0 + 0 draft
GET  ballots/<belenios:uuid>/vote/                        s w + + + + 0
GET  ballots/<belenios:uuid>/blind.json                   s w + + + + 0
GET  ballots/<belenios:uuid>/roll-parts.json              s w 0 0 0 + 0 draft
GET  ballots/<belenios:uuid>/roll-parts.json              s w + + + + 0
GET  ballots/<belenios:uuid>/extend/                      s w - + + - 0
POST ballots/<belenios:uuid>/extend/sign/                 s w - + + - 0
GET  ballots/<belenios:uuid>/uncountable/                 s w - + + + 0
POST ballots/<belenios:uuid>/uncountable/sign/            s w - + + + 0
GET  ballots/<belenios:uuid>/minutes/                     0 0 0 0 0 0 0
GET  ballots/<belenios:uuid>/minutes/                     + + + + + + + counted
GET  mandates/                                            s w + + + + +
GET  mandates/sheet/                                      s w + + + + +
POST mandates/openness/                                   s w - - - + +
GET  mandates/<belenios:uuid>/                            s w 0 0 0 0 0
GET  mandates/<belenios:uuid>/                            s w + + + + 0 bound
GET  mandates/<belenios:uuid>/tell/                       s w + + + + 0 bound
POST mandates/<belenios:uuid>/tell/                       s w + + + + 0 bound
GET  mandates/events/<int:pk>/correct/                    s w + + + + 0
POST mandates/events/<int:pk>/correct/                    s w + + + + 0
GET  mandates/events/<int:pk>/take-back/                  s w + + + + 0
POST mandates/events/<int:pk>/take-back/                  s w + + + + 0
POST mandates/events/<int:pk>/confirm/                    s w + + + + 0
POST mandates/events/<int:pk>/drop/                       s w - - - + 0
GET  mandates/breaches/<int:pk>/vote/                     s w + + + + 0
POST mandates/breaches/<int:pk>/vote/                     s w + + + + 0
GET  board/mandates/<uuid:committee>/                     + + + + + + +
GET  board/mandates/<uuid:committee>/sheet/               + + + + + + +
GET  board/mandates/<uuid:committee>/feed.atom            + + + + + + +
GET  board/<belenios:uuid>/                               0 0 0 0 0 0 0 draft
GET  board/<belenios:uuid>/                               + + + + + + +
GET  board/<belenios:uuid>/<belenios:name>.bel            + + + + + + +
GET  board/<belenios:uuid>/setup.json                     0 0 0 0 0 0 0 draft
GET  board/<belenios:uuid>/setup.json                     + + + + + + +
GET  board/<belenios:uuid>/charter.json                   + + + + + + +
GET  board/<belenios:uuid>/head.json                      + + + + + + +
GET  board/<belenios:uuid>/shuffles.json                  + + + + + + +
GET  board/<belenios:uuid>/proofs.json                    + + + + + + +
GET  board/<belenios:uuid>/slip/                          + + + + + + +
POST board/<belenios:uuid>/cast                           0 0 0 0 0 0 0 draft
POST board/<belenios:uuid>/cast                           + + + + + + +
GET  found/                                               + + + + + + +
POST found/                                               + + + + + + +
GET  join/                                                + + + + + + +
POST join/                                                + + + + + + +
POST join/enrol/                                          + + + + + + +
GET  join/state.json                                      s + + + + + +
POST join/stop/                                           s + + + + + +
GET  sign-in/                                             + + + + + + +
POST sign-in/                                             + + + + + + +
POST sign-in/passkey/                                     + + + + + + +
POST sign-in/passkey/challenge/                           + + + + + + +
POST sign-out/                                            + + + + + + +
GET  device/                                              + + + + + + +
POST device/                                              + + + + + + +
GET  me/                                                  s w + + + + +
POST me/devices/forget/                                   s w + + + + +
POST me/devices/sign-out/                                 s w + + + + +
GET  me/hand-over/                                        s w + + + + +
POST me/hand-over/                                        s w + + + + +
POST me/hand-over/seal/                                   s w + + + + +
POST me/hand-over/stop/                                   s w + + + + +
POST me/passkeys/                                         s w + + + + +
POST me/passkeys/new/                                     s w + + + + +
POST me/passkeys/<int:pk>/sealed/                         s w 0 0 0 0 0
POST me/passkeys/<int:pk>/remove/                         s w 0 0 0 0 0
POST me/leave/                                            s w + + + + +
GET  invitations/                                         s w + + + + +
POST invitations/                                         s w + + + + +
POST invitations/<int:pk>/end/                            s w - - - + 0
GET  vouch/                                               s w + + + + +
POST vouch/                                               s w + + + + +
GET  vouch/<int:number>.json                              s w + + + + 0
GET  renew/                                               + + + + + + +
POST renew/                                               + + + + + + +
POST renew/keys/                                          + + + + + + +
GET  renew/state.json                                     + + + + + + +
GET  renew/start/                                         s w + + + + +
POST renew/start/                                         s w + + + + +
GET  renew/vouch/                                         s w + + + + +
POST renew/vouch/                                         s w + + + + +
GET  renew/vouch/<int:number>/<slug:fingerprint>.json     s w 0 0 0 0 0
GET  renew/asked.json                                     s w + + + + +
POST renew/stop/                                          s w + + + + +
GET  roll/                                                s w + + + + +
GET  roll.jsonl                                           s w + + + + +
GET  roll/handles/                                        s w + + + + +
POST roll/objections/                                     s w + + + + +
POST roll/objections/withdraw/                            s w + + + + +
GET  roles/                                               s w + + + + +
POST roles/                                               s w + + + + +
GET  roles/organiser/                                     s w + + + + +
GET  roles/trustee/                                       s w + + + + +
GET  roles/teller/                                        s w + + + + +
POST roles/<int:pk>/confirm/                              s w + - + + 0
POST roles/<int:pk>/decline/                              s w - + - - 0
POST roles/<int:pk>/resign/                               s w - + - - 0
GET  workplace/                                           s w + + + + +
POST workplace/                                           s w - - - + +
GET  bargaining/                                          s w + + + + +
GET  bargaining/calendar/                                 s w + + + + +
POST bargaining/calendar/                                 s w + + + + +
POST bargaining/calendar/end/                             s w + + + + +
GET  bargaining/calendar.ics                              s w + + + + +
GET  bargaining/calendar/<slug:secret>.ics                + + + + + + +
GET  bargaining/contracts/new/                            s w - - - + +
POST bargaining/contracts/new/                            s w - - - + +
GET  bargaining/contracts/<uuid:contract>/                s w + + + + 0
GET  bargaining/contracts/<uuid:contract>/change/         s w - - - + 0
POST bargaining/contracts/<uuid:contract>/change/         s w - - - + 0
GET  bargaining/contracts/<uuid:contract>/articles/new/   s w - - - + 0
POST bargaining/contracts/<uuid:contract>/articles/new/   s w - - - + 0
GET  bargaining/contracts/<uuid:contract>/me/             s w + + + + 0
GET  bargaining/contracts/<uuid:contract>/import/         s w - - - + 0
POST bargaining/contracts/<uuid:contract>/import/         s w - - - + 0
GET  bargaining/contracts/<uuid:contract>/proposals.csv   s w + + + + 0
GET  bargaining/contracts/<uuid:contract>/proposals.json  s w + + + + 0
GET  bargaining/contracts/<uuid:contract>/print/          s w + + + + 0
GET  bargaining/contracts/<uuid:contract>/sessions/new/   s w - - - + 0
POST bargaining/contracts/<uuid:contract>/sessions/new/   s w - - - + 0
GET  bargaining/sessions/<uuid:session>/                  s w + + + + 0
GET  bargaining/sessions/<uuid:session>/minutes.json      s w + + + + 0
POST bargaining/sessions/<uuid:session>/lines/            s w + - - + 0
POST bargaining/sessions/<uuid:session>/end/              s w - - - + 0
POST bargaining/sessions/<uuid:session>/go-on/            s w - - - + 0
GET  bargaining/sessions/<uuid:session>/note-takers/      s w - - - + 0
POST bargaining/sessions/<uuid:session>/note-takers/      s w - - - + 0
GET  bargaining/sessions/<uuid:session>/rules/            s w - - - + 0
POST bargaining/sessions/<uuid:session>/rules/            s w - - - + 0
GET  bargaining/sessions/<uuid:session>/reading/          s w + - - + 0
POST bargaining/sessions/<uuid:session>/reading/          s w + - - + 0
GET  bargaining/sessions/<uuid:session>/report/           s w + + + + 0
GET  bargaining/sessions/<uuid:session>/report/edit/      s w - - - + 0
POST bargaining/sessions/<uuid:session>/report/edit/      s w - - - + 0
GET  bargaining/articles/<uuid:article>/                  s w + + + + 0
GET  bargaining/articles/<uuid:article>/compare/          s w 0 0 0 0 0
GET  bargaining/articles/<uuid:article>/propose/          s w - - - + 0
POST bargaining/articles/<uuid:article>/propose/          s w - - - + 0
GET  bargaining/articles/<uuid:article>/agree/            s w - - - + 0
POST bargaining/articles/<uuid:article>/agree/            s w - - - + 0
GET  bargaining/articles/<uuid:article>/withdraw/         s w - - - + 0
POST bargaining/articles/<uuid:article>/withdraw/         s w - - - + 0
GET  bargaining/proposals/<uuid:proposal>/correct/        s w - - - + 0
POST bargaining/proposals/<uuid:proposal>/correct/        s w - - - + 0
GET  bargaining/proposals/<uuid:proposal>/enforceable/    s w + + + + 0
POST bargaining/proposals/<uuid:proposal>/enforceable/    s w + + + + 0
GET  ledger/                                              s w + + + + +
GET  ledger.jsonl                                         s w + + + + +
"""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")


@dataclass(frozen=True)
class Row:
    method: str
    route: str
    signs: dict[str, str]
    state: str

    def __str__(self) -> str:
        return f"{self.method} {self.route} on a ballot that is {self.state}"


def rows() -> Iterator[Row]:
    for line in TABLE.strip().splitlines():
        method, route, *signs = line.split()
        state = signs.pop() if len(signs) > len(PEOPLE) else "open"
        yield Row(method, "" if route == "/" else route, dict(zip(PEOPLE, signs, strict=True)), state)


def try_out(scene: Scene, row: Row, person: str) -> str:
    """The sign of what happens, and nothing of it is left."""
    before = transaction.savepoint()
    client = scene.clients[person]
    cookies = client.cookies.output()
    answer = client.generic(row.method, scene.address(row.route, row.state), **_body(row))
    sign = sign_of(answer)
    transaction.savepoint_rollback(before)
    client.cookies.clear()
    for line in cookies.splitlines():
        client.cookies.load(line.removeprefix("Set-Cookie: "))
    return sign


def _body(row: Row) -> dict[str, Any]:
    """Nothing, in the way that scripts send it; only the page with several forms is told which of them."""
    if row.method != "POST":
        return {}
    if row.route == "workplace/":
        return {"data": b"change=site", "content_type": "application/x-www-form-urlencoded"}
    return {"data": b"{}", "content_type": "application/json"}


def sign_of(answer: Any) -> str:
    location = answer.headers.get("Location", "")
    if answer.status_code in (401, 302) and (answer.status_code == 401 or location.startswith("/sign-in/")):
        return "s"
    code = answer.json()["error"]["code"] if _is_refusal(answer) else ""
    if code == "vouches_missing" or location == "/join/":
        return "w"
    return {403: "-", 404: "0", 405: "405"}.get(
        answer.status_code, "+" if answer.status_code < 500 else str(answer.status_code)
    )


def _is_refusal(answer: Any) -> bool:
    return bool(answer.status_code >= 400 and answer.headers.get("Content-Type") == "application/json")


@pytest.fixture
def scene(db: None) -> Scene:
    health.ticked()  # no clock runs here, and /healthz says so after three minutes
    return everybody()


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert {row.route for row in rows()} == set(all_routes())


def test_everybody_may_do_exactly_what_the_table_says(scene: Scene) -> None:
    found = {f"{person}: {row}": try_out(scene, row, person) for row in rows() for person in PEOPLE}

    assert found == {f"{person}: {row}": row.signs[person] for row in rows() for person in PEOPLE}


def test_a_method_without_a_row_is_not_allowed(scene: Scene) -> None:
    known = {(row.method, row.route) for row in rows()}
    wrong = {}
    for row in rows():
        for method in METHODS:
            if (method, row.route) in known:
                continue
            for person in ("stranger", "organiser"):
                other = Row(method, row.route, {}, row.state)
                if (sign := try_out(scene, other, person)) != "405":
                    wrong[f"{person}: {other}"] = sign

    assert wrong == {}
