"""Requests that nearly are what the program asks for: what fields should hold, and what is put there."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.utils import timezone
from hypothesis import strategies as st

from factories.everybody import Scene
from factories.workplace import keys_of
from openfloor.ballots.devices import KeyMaker

Json = Any

FIELDS = {
    "language/": "language next",
    "ballots/new/": "@draft",
    "ballots/<belenios:uuid>/edit/": "@draft",
    "ballots/<belenios:uuid>/withdraw/": "reason",
    "ballots/<belenios:uuid>/trustee/key/": "public_key signature",
    "ballots/<belenios:uuid>/trustee/copy/": "answer",
    "ballots/<belenios:uuid>/trustee/sign/": "signature",
    "ballots/<belenios:uuid>/trustee/shuffle/": "shuffle parent signature",
    "ballots/<belenios:uuid>/trustee/certificate/": "message signature",
    "ballots/<belenios:uuid>/trustee/coefficients/": "message",
    "ballots/<belenios:uuid>/trustee/finish/": "message signature",
    "ballots/<belenios:uuid>/trustee/refuse/": "positions",
    "ballots/<belenios:uuid>/trustee/lost/": "lost",
    "ballots/<belenios:uuid>/trustees/": "trustees threshold",
    "ballots/<belenios:uuid>/trustee/decrypt/": "partial_decryption bound_proofs head_signature",
    "ballots/<belenios:uuid>/teller/sign/": "signature",
    "ballots/<belenios:uuid>/slips/make/": "credentials signature",
    "ballots/<belenios:uuid>/slips/cancel/": "list signature",
    "ballots/<belenios:uuid>/slips/finish/": "",
    "ballots/<belenios:uuid>/extend/sign/": "closes_at signature",
    "ballots/<belenios:uuid>/uncountable/sign/": "reason day signature",
    "mandates/openness/": "to",
    "mandates/<belenios:uuid>/tell/": "deed at act source said-0 vote names_nobody",
    "mandates/events/<int:pk>/correct/": "deed at act source said-0 vote names_nobody",
    "mandates/events/<int:pk>/take-back/": "act source names_nobody",
    "mandates/events/<int:pk>/confirm/": "names_nobody",
    "board/<belenios:uuid>/cast": "@paper",
    "found/": "secret",
    "join/": "secret",
    "join/enrol/": "handle unit occupation sign_in_hash keys proofs",
    "sign-in/": "secret",
    "sign-in/passkey/": "credential",
    "sign-in/passkey/challenge/": "",
    "device/": "code",
    "me/hand-over/": "code key",
    "me/hand-over/seal/": "code envelope",
    "me/passkeys/": "name credential",
    "me/passkeys/new/": "",
    "me/passkeys/<int:pk>/sealed/": "sealed_root",
    "me/leave/": "day signature",
    "invitations/": "secret_hash uses days",
    "vouch/": "number day signature",
    "renew/": "secret",
    "renew/keys/": "sign_in_hash keys proofs",
    "renew/start/": "number secret_hash",
    "renew/vouch/": "number day signature fingerprint",
    "roll/objections/": "number day signature",
    "roll/objections/withdraw/": "number day signature",
    "roles/": "number kind",
    "roles/<int:pk>/confirm/": "signature",
    "roles/<int:pk>/resign/": "day signature",
    "bargaining/contracts/new/": "@contract",
    "bargaining/contracts/<uuid:contract>/change/": "@contract",
    "bargaining/contracts/<uuid:contract>/articles/new/": "@article",
    "bargaining/articles/<uuid:article>/propose/": "@proposal",
    "bargaining/articles/<uuid:article>/agree/": "@proposal",
    "bargaining/articles/<uuid:article>/withdraw/": "@proposal",
    "bargaining/proposals/<uuid:proposal>/correct/": "@proposal",
    "bargaining/proposals/<uuid:proposal>/enforceable/": "question says passage",
    "bargaining/contracts/<uuid:contract>/import/": "@import",
    "bargaining/contracts/<uuid:contract>/sessions/new/": "@session",
    "bargaining/sessions/<uuid:session>/lines/": "text token corrects",
    "bargaining/sessions/<uuid:session>/note-takers/": "@note-taker",
    "bargaining/sessions/<uuid:session>/rules/": "@rules",
    "bargaining/sessions/<uuid:session>/reading/": "@reading",
    "bargaining/sessions/<uuid:session>/report/edit/": "@report",
    "workplace/": "change name headcount site unit occupation",
}
FORMS = {
    "language/",
    "ballots/new/",
    "ballots/<belenios:uuid>/edit/",
    "ballots/<belenios:uuid>/trustee/lost/",
    "ballots/<belenios:uuid>/trustees/",
    "mandates/openness/",
    "mandates/<belenios:uuid>/tell/",
    "mandates/events/<int:pk>/correct/",
    "mandates/events/<int:pk>/take-back/",
    "mandates/events/<int:pk>/confirm/",
    "mandates/events/<int:pk>/drop/",
    "mandates/breaches/<int:pk>/vote/",
    "roles/",
    "bargaining/contracts/new/",
    "bargaining/contracts/<uuid:contract>/change/",
    "bargaining/contracts/<uuid:contract>/articles/new/",
    "bargaining/articles/<uuid:article>/propose/",
    "bargaining/articles/<uuid:article>/agree/",
    "bargaining/articles/<uuid:article>/withdraw/",
    "bargaining/proposals/<uuid:proposal>/correct/",
    "bargaining/proposals/<uuid:proposal>/enforceable/",
    "bargaining/contracts/<uuid:contract>/import/",
    "bargaining/contracts/<uuid:contract>/sessions/new/",
    "bargaining/sessions/<uuid:session>/note-takers/",
    "bargaining/sessions/<uuid:session>/rules/",
    "bargaining/sessions/<uuid:session>/reading/",
    "bargaining/sessions/<uuid:session>/report/edit/",
    "workplace/",
}


def well_formed(scene: Scene) -> dict[str, Json]:
    """What each field may hold, as far as it can be known without a key."""
    keys, committee = keys_of(9), str(scene.persons["member"].member.committee_id)
    closed, opened = scene.ballots["closed"], scene.ballots["open"]
    part = closed.part_of(closed.trustees[0])
    mixing = scene.ballots["mixing"]
    shuffled = mixing.shuffle_of(mixing.trustees[0])
    making = scene.ballots["announced"]
    maker = KeyMaker.draw(making.ballot.uuid, making.keymaking(making.trustees[0]))
    now = timezone.now()
    wall = "%Y-%m-%dT%H:%M"
    return {
        "language": "es",
        "next": "/",
        "reason": "The offer is better.",
        "message": maker.certificate,
        "positions": [1, 2],
        "lost": "yes",
        "to": "members",
        "deed": "offered",
        "at": now.strftime(wall),
        "act": "Our side offered 27 %.",
        "source": "Minutes of session 14",
        "said-0": "27",
        "vote": "",
        "names_nobody": "on",
        "trustees": [str(trustee.member_id) for trustee in opened.trustees],
        "threshold": "",
        "public_key": next(iter(closed.trustee_keys.values())).text,
        "signature": "0" * 128,
        "head_signature": part.head_signature,
        "shuffle": shuffled.text,
        "parent": shuffled.parent,
        "partial_decryption": part.partial,
        "bound_proofs": part.bound_proofs,
        "answer": "12345",
        "credentials": json.dumps([opened.ballot.uuid]),
        "list": "0" * 64,
        "closes_at": (now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "day": now.date().isoformat(),
        "secret": "0" * 64,
        "secret_hash": "1" * 64,
        "sign_in_hash": "2" * 64,
        "handle": "Kit",
        "unit": None,
        "occupation": None,
        "keys": keys.public(),
        "proofs": keys.proofs(committee, 9),
        "credential": {
            "id": "AAAA",
            "rawId": "AAAA",
            "type": "public-key",
            "response": dict.fromkeys(
                ("clientDataJSON", "attestationObject", "authenticatorData", "signature"), "AAAA"
            ),
            "clientExtensionResults": {},
        },
        "code": "A" * 22,
        "key": "A" * 43,
        "envelope": "A" * 80,
        "fingerprint": "A" * 43,
        "sealed_root": "A" * 80,
        "name": "A name",
        "number": scene.persons["candidate"].member.number,
        "uses": 1,
        "days": 1,
        "kind": "teller",
        "change": "site",
        "headcount": 40,
        "site": 1,
        "@contract": {
            "title": "Nurses",
            "employer": "Harbor General",
            "workers": "Local 7",
            "people": 268,
            "starts_on": "2023-10-01",
            "expires_on": "2026-09-30",
            "no_strike": "yes",
            "no_strike_text": "There shall be no strike.",
            "notices": "90: to the employer",
        },
        "question": "how_much",
        "says": "yes",
        "passage": "Wages rise",
        "text": "They offered five percent.",
        "token": "a" * 32,
        "corrects": "",
        "@session": {
            "title": "Session 3",
            "place": "Room 7",
            "starts_at": (now + timedelta(hours=1)).strftime(wall),
            "audience": "public",
            "ground_rules": "None.",
            "note_takers": str(scene.persons["member"].member.number),
        },
        "@note-taker": {"number": str(scene.persons["trustee"].member.number)},
        "@rules": {
            "text": "Members may follow.",
            "agreed_by": "both",
            "refused_by_us": "Secrecy.",
            "refused_by_them": "Cameras.",
            "seen": "0",
        },
        "@reading": {"title": "The table", "path": "/bargaining/"},
        "@report": {"text": "They offered five percent.", "reason": "A line.", "seen": "1", "publish": "yes"},
        "@import": {
            "side": "theirs",
            "made_on": now.date().isoformat(),
            "source": "Session 3",
            "text": "Article 12: Wages\nFive percent.\n\n# 14 Breaks\nThirty minutes.",
            "store": "yes",
        },
        "@article": {"number": "14", "title": "Breaks"},
        "@proposal": {
            "side": "theirs",
            "reason": "A line was missing.",
            "made_on": now.date().isoformat(),
            "text": "Wages rise as follows.",
            "source": "Session 3",
            "starts_on": "2026-10-01",
            "ends_on": "2030-10-01",
            "raises": "year 1: 6.5 %\n2027-10-01: 5,0 percent",
            "lump_sums": "2026-11-01: 1,500",
            "ratios": "telemetry: 1:4",
            "steps": "RN 3: 48.20",
            "effective_on": "2026-10-01",
        },
        "@paper": json.loads(opened.paper(3)),
        "@draft": {
            "title": "Strike",
            "text": "We stop work.",
            "turnout_numerator": 1,
            "turnout_denominator": 2,
            "approval_numerator": 1,
            "approval_denominator": 2,
            "approval_of": "voting",
            "group": "BELENIOS-2048",
            "effect_kind": "give_role",
            "effect_role": "teller",
            "effect_number": 2,
            "opens_not_before": (now + timedelta(hours=1)).strftime(wall),
            "closes_at": (now + timedelta(hours=9)).strftime(wall),
            "trustees": [str(trustee.member_id) for trustee in opened.trustees],
            "tellers": [str(teller.member_id) for teller in opened.tellers],
            "terms-TOTAL_FORMS": 5,
            "terms-INITIAL_FORMS": 0,
            "terms-0-measure": "wages.total",
            "terms-0-about": "Raise over four years",
            "terms-0-bound": "at_least",
            "terms-0-value": "31",
            "action_what": "Strike",
            "action_by": (now + timedelta(days=9)).strftime(wall),
            "binds_until": (now + timedelta(days=99)).strftime(wall),
            "changed_by": "same_rule",
            "questions-TOTAL_FORMS": 1,
            "questions-INITIAL_FORMS": 0,
            "questions-0-question": "Shall we?",
            "questions-0-answers": "Yes\nNo",
            "questions-0-min": 1,
            "questions-0-max": 1,
            "questions-0-blank": "on",
        },
    }


def request_for(route: str, values: dict[str, Json]) -> Json:
    """What this address asks for, every field well formed; nothing known: an empty object."""
    names = FIELDS.get(route, "").split()
    if len(names) == 1 and names[0].startswith("@"):
        return values[names[0]]
    return {name: values[name] for name in names}


NASTY = [
    "\0",
    "\ud800",
    "\udfff\ud800",
    "\u202e",
    "٣",
    "²",
    "1e400",
    "-0",
    "+1",
    " 1",
    "1_000",
    "0x10",
    "NaN",
    "9" * 5000,
    "a" * 70_000,
    "../../etc/passwd",
    "' OR 1=1 --",
    "{{ 7*7 }}",
    "%s%n",
    "<script>",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2026-02-30",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00Z",
    "2026-03-08T02:30",
    "[]",
    "{}",
    '{"a":' * 900,
    "[" * 5000,
]
NUMBERS = [0, -1, 1, 2**31, 2**63, 2**64, -(2**63) - 1, 10**400]
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(NUMBERS),
    st.integers(),
    st.floats(),
    st.sampled_from(NASTY),
    st.text(st.characters(), max_size=40),
    st.from_regex(r"[0-9a-f]{64}|[0-9a-f]{128}|[A-Za-z0-9_-]{22,44}|\d{1,20}", fullmatch=True),
)
junk = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def held_in(text: str) -> Json:
    """The object or list that a text holds; None where it holds none."""
    if text[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


@dataclass(frozen=True)
class Change:
    """One thing done to a request at a place that *where* leads to."""

    deed: str
    where: tuple[int, ...]
    value: Json

    def applied(self, value: Json) -> Json:
        return self._at(value, self.where)

    def _at(self, value: Json, where: tuple[int, ...]) -> Json:
        if where and isinstance(value, dict) and value:
            name = list(value)[where[0] % len(value)]
            return self._in_dict(value, name, where)
        if where and isinstance(value, list) and value:
            index = where[0] % len(value)
            return [*value[:index], self._at(value[index], where[1:]), *value[index + 1 :]]
        if where and isinstance(value, str) and (held := held_in(value)) is not None:
            return json.dumps(self._at(held, where), separators=(",", ":"))
        return self._instead_of(value)

    def _in_dict(self, value: dict[str, Json], name: str, where: tuple[int, ...]) -> dict[str, Json]:
        if len(where) > 1:
            return {**value, name: self._at(value[name], where[1:])}
        if self.deed == "drop":
            return {other: held for other, held in value.items() if other != name}
        if self.deed == "add":
            return {**value, str(self.value): self.value}
        if self.deed == "rename":
            return {(str(self.value) if other == name else other): held for other, held in value.items()}
        return {**value, name: self._instead_of(value[name])}

    def _instead_of(self, value: Json) -> Json:
        if self.deed == "wrap":
            return [value]
        if self.deed == "alter" and isinstance(value, str) and value:
            at = self.where[-1] % len(value) if self.where else 0
            return value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :]
        return self.value


changes = st.builds(
    Change,
    st.sampled_from(["replace", "replace", "alter", "drop", "add", "rename", "wrap"]),
    st.lists(st.integers(0, 40), max_size=5).map(tuple),
    junk,
)


@dataclass(frozen=True)
class Encoding:
    content_type: str
    encode: Callable[[Json], bytes]


def as_json(value: Json) -> bytes:
    return json.dumps(value).encode()


def as_form(value: Json) -> bytes:
    """Lists are fields that come more than once."""
    fields = value if isinstance(value, dict) else {"value": value}
    pairs = [
        (name, one) for name, held in fields.items() for one in (held if isinstance(held, list) else [held])
    ]
    return "&".join(f"{_quoted(name)}={_quoted(one)}" for name, one in pairs).encode()


def _quoted(value: Json) -> str:
    text = value if isinstance(value, str) else "" if value is None else str(value)[:4000]
    return quote(text.encode("utf-8", "surrogatepass"))


def as_parts(value: Json) -> bytes:
    fields = value if isinstance(value, dict) else {"value": value}
    parts = [
        b'--edge\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (_quoted(name).encode(), _quoted(held).encode())
        for name, held in fields.items()
    ]
    return b"".join(parts) + b"--edge--\r\n"


FORM = "application/x-www-form-urlencoded"
ENCODINGS = [
    *[Encoding("application/json", as_json)] * 4,
    Encoding(FORM, as_form),
    Encoding("application/json", lambda value: as_json(value)[:-1]),
    Encoding(
        "application/json", lambda value: json.dumps(value, ensure_ascii=False).encode("utf-16", "replace")
    ),
    Encoding("application/json; charset=nonsense", as_json),
    Encoding("text/plain", as_json),
    Encoding("", as_json),
    Encoding(FORM + "; charset=utf-16", as_form),
    Encoding("multipart/form-data; boundary=edge", as_parts),
    Encoding("multipart/form-data; boundary=edge", lambda value: as_parts(value)[:-9]),
    Encoding("multipart/form-data", as_parts),
    Encoding("application/json", lambda value: b"\xff\xfe" + as_json(value)),
]
FORM_ENCODINGS = [*[Encoding(FORM, as_form)] * 5, *ENCODINGS]
