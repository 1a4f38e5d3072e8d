"""No secret leaves a device, and after the close nobody on the roll can be found in the list of voters.

All of it is asked of one whole strike vote: every byte its browsers sent, every byte its server kept.
"""

import base64
import hashlib
import json
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from journeys.kept import DATABASE, Kept, read_folder
from journeys.leaks import Secret, leaks, rows_of_words
from journeys.prepared import Prepared
from journeys.server import Server
from journeys.story import ADDRESS_OF_A_CALLER, StrikeVote
from journeys.voting import PASSPHRASE
from openballot import blinding
from openballot.ceremony import Ceremony, Participant, open_share, sealed_share
from openballot.groups import named
from openfloor.workplace.memberkeys import GROUPS, MemberKeys, canonical, root_from_words

pytestmark = pytest.mark.journey

GROUP = named("BELENIOS-2048")
SHORTEST_DRAW = 12  # bytes; what is shorter only chose which words are asked for again
MADE_UP_NUMBERS = (
    10  # in a paper that answers yes or no: for three bits, for the overall proof and the blank one
)
PROVEN = re.compile(r'"(?:challenge|response)":"([0-9]+)"')


@pytest.fixture(scope="module")
def devices(strike_vote: StrikeVote) -> dict[int, MemberKeys]:
    """What each member's device derives from its twelve words."""
    return {
        number: MemberKeys.from_root(root_from_words(" ".join(words)))
        for number, words in strike_vote.words.items()
    }


@pytest.fixture(scope="module")
def secrets(strike_vote: StrikeVote, devices: dict[int, MemberKeys]) -> dict[str, Secret]:
    """Everything that must never leave a device."""
    found: dict[str, Secret] = {"the passphrase of the key files": PASSPHRASE}
    for number, keys in devices.items():
        found |= {
            f"root secret of {number}": keys.root,
            f"signing seed of {number}": bytes(keys.signing_key),
            f"credential of {number} in this ballot": _blinded(strike_vote, keys),
            **{f"{name} credential of {number}": keys.credential_scalar(name) for name in GROUPS},
            **{f"{name} of {number}": row for name, row in rows_of_words(strike_vote.words[number]).items()},
        }
    for number, file in strike_vote.key_files.items():
        found |= _of_trustee(strike_vote, number, file.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def only_sent(strike_vote: StrikeVote, devices: dict[int, MemberKeys]) -> dict[str, Secret]:
    """What a server is shown or sends, and never keeps: sign-in secrets, secrets of links, members' n."""
    return {
        **{f"sign-in secret of {number}": keys.sign_in_secret for number, keys in devices.items()},
        **{
            f"sign-in secret of {number} in bytes": bytes.fromhex(keys.sign_in_secret)
            for number, keys in devices.items()
        },
        **{f"link {number}": link for number, link in enumerate(strike_vote.links)},
        **{f"n of {number}": bytes.fromhex(_nonce(strike_vote, keys)) for number, keys in devices.items()},
    }


def test_what_the_browsers_send_holds_no_secret(strike_vote: StrikeVote, secrets: dict[str, Secret]) -> None:
    assert len(strike_vote.requests) > 200
    assert leaks(strike_vote.sent, secrets) == []


@pytest.mark.parametrize("moment", ["while_open", "after_the_count"])
def test_what_the_server_keeps_holds_no_secret(
    strike_vote: StrikeVote, secrets: dict[str, Secret], only_sent: dict[str, Secret], moment: str
) -> None:
    kept: Kept = getattr(strike_vote, moment)

    assert leaks(kept.everything() + strike_vote.server.log.read_bytes(), secrets | only_sent) == []


def test_what_a_browser_drew_at_random_stays_there(strike_vote: StrikeVote) -> None:
    """The randomness of a locked vote opens it, so it is as secret as the vote itself."""
    papers = [request.body.decode() for request in strike_vote.requests if request.path.endswith("/cast")]
    published = {int(number) for paper in papers for number in PROVEN.findall(paper)}
    drawn = _drawn(strike_vote)
    secret = {name: draw for name, draw in drawn.items() if draw not in published}

    # A proof that one of two things holds is made up for the other one: those are drawn, and sent.
    assert len(papers) == 4
    assert len(drawn) - len(secret) == 4 * MADE_UP_NUMBERS
    assert leaks(strike_vote.sent, secret) == []
    assert leaks(strike_vote.after_the_count.everything(), secret) == []


def test_the_search_finds_what_is_planted_in_a_request(
    strike_vote: StrikeVote, secrets: dict[str, Secret]
) -> None:
    root, x = secrets["root secret of 1"], secrets["share of 2"]
    row = "words 4 to 6, by '-' of 3"
    assert isinstance(root, bytes)
    assert isinstance(x, int)
    planted = (
        f"GET /roll/?note={quote_plus(str(secrets[row]))} HTTP/1.1\r\n"
        f"Cookie: note={base64.b64encode(b'note ' + root).decode()}\r\n"
        f'Content-Length: 99\r\n\r\n{{"note": "{x:x}"}}'
    )

    assert sorted(leaks(strike_vote.sent + planted.encode(), secrets)) == sorted(
        ["root secret of 1", "share of 2", row]
    )


def test_the_search_finds_what_is_planted_in_the_folder(
    strike_vote: StrikeVote, secrets: dict[str, Secret], tmp_path: Path
) -> None:
    for name, content in strike_vote.after_the_count.files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    session = json.dumps({"note": str(secrets["share of 2"])}).encode()
    packed = "." + base64.urlsafe_b64encode(zlib.compress(session)).decode() + ":time:signature"
    long = "-" * 6000 + str(secrets["Ed25519 credential of 4"]) + "-" * 6000  # longer than a page
    with closing(sqlite3.connect(tmp_path / DATABASE)) as database, database:
        database.execute("INSERT INTO django_session VALUES ('planted', ?, '2026-01-01')", (packed,))
        database.execute("UPDATE ballots_ballot SET text = ?", (long,))
        (tmp_path / "secrets" / "half-written").write_bytes(b"x" + bytes(secrets["root secret of 1"]))  # type: ignore[arg-type]

    assert sorted(leaks(read_folder(tmp_path).everything(), secrets)) == sorted(
        ["Ed25519 credential of 4", "root secret of 1", "share of 2"]
    )


def test_a_yes_and_a_no_differ_in_their_numbers_alone(strike_vote: StrikeVote) -> None:
    papers = [request for request in strike_vote.requests if request.path.endswith("/cast")]

    assert len({_skeleton(json.loads(paper.body)) for paper in papers}) == 1
    assert not any("cookie" in paper.headers or "referer" in paper.headers for paper in papers)
    assert not any(re.search(rb"\b(yes|no|blank)\b", paper.body, re.IGNORECASE) for paper in papers)


def test_the_browsers_send_these_fields_and_no_others(strike_vote: StrikeVote) -> None:
    sent: dict[str, set[str]] = {}
    for request in strike_vote.requests:
        if request.method != "GET" and request.headers["content-type"] == "application/json":
            place = re.sub(r"/[1-9A-HJ-NP-Za-km-z]{14}/|/[0-9]+/", "/…/", request.path)
            sent.setdefault(place, set()).update(json.loads(request.body))

    assert sent == {
        "/found/": {"secret"},
        "/join/": {"secret"},
        "/join/enrol/": {"handle", "keys", "occupation", "proofs", "sign_in_hash", "unit"},
        "/invitations/": {"days", "secret_hash", "uses"},
        "/vouch/": {"day", "number", "signature"},
        "/roles/…/confirm/": {"day", "signature"},
        "/ballots/…/trustee/certificate/": {"message", "signature"},
        "/ballots/…/trustee/coefficients/": {"message"},
        "/ballots/…/trustee/finish/": {"message", "signature"},
        "/ballots/…/teller/sign/": {"signature"},
        "/board/…/cast": {"answers", "credential", "election_hash", "election_uuid", "signature"},
        "/ballots/…/trustee/decrypt/": {"bound_proofs", "head_signature", "partial_decryption"},
    }


def test_a_secret_of_a_link_is_sent_in_one_body_and_in_no_address(strike_vote: StrikeVote) -> None:
    for link in strike_vote.links:
        carrying = [request for request in strike_vote.requests if link.encode() in request.body]

        assert {request.path for request in carrying} <= {"/found/", "/join/"}
        assert strike_vote.sent.count(link.encode()) == len(carrying)


def test_after_the_close_no_entry_of_the_roll_can_be_found_among_the_voters(
    strike_vote: StrikeVote, devices: dict[int, MemberKeys]
) -> None:
    kept = strike_vote.after_the_count

    assert _matched(strike_vote, devices, [*kept.files.values(), *kept.values()]) == set()
    assert leaks(kept.everything(), {"k": _k(strike_vote)}) == []
    assert _matched(strike_vote, devices, strike_vote.while_open.files.values()) == set(devices)
    assert _matched(strike_vote, devices, [_k(strike_vote)]) == set(devices)


def test_neither_an_address_nor_a_browser_is_kept(strike_vote: StrikeVote) -> None:
    callers = {"address": ADDRESS_OF_A_CALLER, "own address": "127.0.0.1", "browser": "HeadlessChrome"}
    kept = [strike_vote.while_open.everything(), strike_vote.after_the_count.everything()]

    assert leaks(strike_vote.sent, {name: callers[name] for name in ("address", "browser")}) == [
        "address",
        "browser",
    ]
    assert leaks(b"".join(kept) + strike_vote.server.log.read_bytes(), callers) == []


def test_the_board_answers_the_same_to_everybody_and_sets_no_cookie(
    prepared: Prepared, tmp_path: Path
) -> None:
    server = prepared.serve(tmp_path)
    try:
        headers = {
            (method, address): _headers_of(server, method, address)
            for method, address in _public_requests(prepared)
        }
        sign_in = _headers_of(server, "GET", "/sign-in/")
    finally:
        server.stop()

    assert "set-cookie" in sign_in
    assert [address for address, names in headers.items() if "set-cookie" in names] == []
    assert [address for address, names in headers.items() if "cookie" in names.get("vary", "").lower()] == []


def _headers_of(server: Server, method: str, address: str) -> dict[str, str]:
    with closing(HTTPConnection("localhost", server.port, timeout=20)) as connection:
        connection.request(method, address, headers={"Cookie": f"sessionid={32 * 'x'}; device=y"})
        return {name.lower(): value for name, value in connection.getresponse().getheaders()}


def _of_trustee(strike_vote: StrikeVote, number: int, key_file: str) -> dict[str, Secret]:
    """The seed in the file, and all that follows from it and from what the trustee was sent."""
    place = json.loads(key_file)["ceremony"]
    held = Ceremony(id=place["id"], group=GROUP, size=place["size"], threshold=place["threshold"])
    own = Participant(held, place["index"], _opened(key_file)["seed"])
    (last,) = [
        str(row["key_message"])
        for row in strike_vote.after_the_count.tables["ballots_trustee"]
        if row["position"] == own.index
    ]
    return {
        f"seed of {number}": own.seed,
        f"signing key of {number} as trustee": own.sk,
        f"decryption key of {number}": own.dk,
        **{f"coefficient {k} of {number}": a for k, a in enumerate(own.polynomial())},
        f"share of {number}": open_share(GROUP, own.seed, sealed_share(last)),
    }


def _opened(key_file: str) -> dict[str, Any]:
    """What a trustee's file holds under its passphrase."""
    fields = json.loads(key_file)
    sealed, nonce = bytes.fromhex(fields.pop("sealed")), bytes.fromhex(fields["nonce"])
    key = hashlib.pbkdf2_hmac(
        "sha256", PASSPHRASE.encode(), bytes.fromhex(fields["salt"]), fields["iterations"]
    )
    content: dict[str, Any] = json.loads(AESGCM(key).decrypt(nonce, sealed, canonical(fields).encode()))
    return content


def _k(strike_vote: StrikeVote) -> bytes:
    """What ties the roll to the list of voters; gone from the server at the close."""
    return strike_vote.while_open.files[f"secrets/{strike_vote.uuid}.k"]


def _nonce(strike_vote: StrikeVote, keys: MemberKeys) -> str:
    return blinding.nonce(_k(strike_vote), _key_text(keys))


def _key_text(keys: MemberKeys) -> str:
    return GROUP.text(GROUP.power_generator(keys.credential_scalar(GROUP.name)))


def _blinded(strike_vote: StrikeVote, keys: MemberKeys) -> int:
    """The scalar that signs this member's papers."""
    s = keys.credential_scalar(GROUP.name)
    return blinding.blinded_scalar(GROUP, strike_vote.uuid, _key_text(keys), _nonce(strike_vote, keys), s)


def _drawn(strike_vote: StrikeVote) -> dict[str, Secret]:
    """Every random draw as it was, and as the scalar of the group that it is long enough for."""
    draws = {
        place: draw
        for place, draw in enumerate(strike_vote.draws)
        # The secret of an invitation is drawn to be handed on.
        if len(draw) >= SHORTEST_DRAW
        and base64.urlsafe_b64encode(draw).decode().rstrip("=") not in strike_vote.links
    }
    found: dict[str, Secret] = {f"draw {place}": draw for place, draw in draws.items()}
    for place, draw in draws.items():
        for group in map(named, GROUPS):
            if len(draw) == (group.q.bit_length() + 7) // 8 + 32:
                found[f"draw {place} in {group.name}"] = int.from_bytes(draw, "big") % group.q
    return found


def _skeleton(value: Any) -> str:
    """What is left of a paper without its numbers and hashes."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{name}:{_skeleton(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_skeleton, value)) + "]"
    assert isinstance(value, str)
    return "number" if value.isdecimal() else "text"


def _matched(
    strike_vote: StrikeVote, devices: Mapping[int, MemberKeys], contents: Iterable[bytes]
) -> set[int]:
    """Whose credential follows from their key on the roll and any value in *contents*, taken for k or n."""
    listed = set(re.findall(r'"([0-9]{500,})"', strike_vote.archive.read_text(encoding="latin-1")))
    values = {value for content in contents for value in _values_in(content)}
    return {
        number
        for number, keys in devices.items()
        if not listed.isdisjoint(_credentials_by(strike_vote.uuid, _key_text(keys), values))
    }


def _values_in(content: bytes) -> Iterator[bytes]:
    """What has 32 bytes: all of it, and every such value written in hexadecimal or in base64."""
    yield content
    for digits in re.findall(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", content):
        yield bytes.fromhex(digits.decode())
    for letters in re.findall(rb"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{43}(?![A-Za-z0-9+/_-])", content):
        yield base64.b64decode(letters + b"=", altchars=b"-_" if set(letters) & set(b"-_") else b"+/")


def _credentials_by(uuid: str, key_text: str, values: Iterable[bytes]) -> Iterator[str]:
    for value in values:
        for n in (blinding.nonce(value, key_text), value.hex()):
            if len(value) == 32:
                yield blinding.blinded_key(GROUP, uuid, key_text, n)


def _public_requests(prepared: Prepared) -> list[tuple[str, str]]:
    names = ("", "setup.json", "head.json", "proofs.json", "{uuid}.bel", "live", "?find=abandon")
    boards = [prepared.ballots[state] for state in ("counted", "open", "frozen")]
    reading = [("GET", f"/board/{uuid}/{name.format(uuid=uuid)}") for uuid in boards for name in names]
    return [*reading, *(("POST", f"/board/{uuid}/cast") for uuid in boards)]
