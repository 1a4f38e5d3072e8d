"""Passkeys, a key handed to another device, ending sessions: each exit, and that a refusal stores nothing."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from factories import renewals
from factories.passkeys import Phone, base64url
from factories.workplace import CommitteeOfPeople, candidate, make_committee
from openballot.words import words_of
from openfloor.workplace import actions, authenticators, errors
from openfloor.workplace.memberkeys import canonical, hash_of, parse_canonical
from openfloor.workplace.models import Device, HandOver, Member, Passkey, StrangerBudget

from .test_actions import Refuses, departure
from .test_views import browser_of, code_of, post, refused, text_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 15, 3, 20, tzinfo=UTC)
VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "vectors" / "devices.json").read_text(encoding="utf-8")
)
CODE, OTHER_CODE, KEY, ENVELOPE = "a" * 22, "b" * 22, "cd" * 32, '{"nonce":"00","sealed":"00"}'
SEALED = "ab" * 44
MEMBERS_ONLY = (
    "/me/passkeys/",
    "/me/passkeys/new/",
    "/me/passkeys/1/sealed/",
    "/me/hand-over/",
    "/me/hand-over/seal/",
    "/me/hand-over/stop/",
)


@pytest.fixture
def people() -> CommitteeOfPeople:
    return make_committee(3)


@pytest.fixture
def member(people: CommitteeOfPeople) -> Member:
    return people.members[0].member


def phone(**how: Any) -> Phone:
    return Phone(origin=settings.ADDRESS, rp_id="localhost", **how)


def challenge_for(options: dict[str, Any]) -> str:
    challenge: str = options["challenge"]
    return challenge


def asked_to_make(member: Member) -> dict[str, Any]:
    return authenticators.creation_options(
        authenticators.fresh_challenge(), authenticators.fresh_user_handle(), shown_as="Entry 1", known_ids=[]
    )


def asked_to_sign() -> dict[str, Any]:
    return authenticators.request_options(authenticators.fresh_challenge())


def add(member: Member, mine: Phone, *, name: str = "My phone", **how: Any) -> Passkey:
    options = asked_to_make(member)
    return actions.add_passkey(
        member,
        mine.create(options, **how),
        name=name,
        challenge=challenge_for(options),
        user_handle=options["user"]["id"],
    )


def sign_in(mine: Phone, token: str | None = None, *, now: datetime = NOW, **how: Any) -> Passkey:
    options = asked_to_sign()
    return actions.sign_in_by_passkey(
        mine.get(options, **how), token, challenge=challenge_for(options), now=now
    )


# Passkeys are made


def test_passkey_is_asked_for_without_attestation_or_identity(member: Member) -> None:
    options = asked_to_make(member)

    assert options["attestation"] == "none"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "preferred"
    assert options["rp"]["id"] == "localhost"
    assert str(member.pk) not in json.dumps(options)
    assert member.handle not in json.dumps(options)


def test_passkey_is_kept_by_its_public_half(member: Member) -> None:
    mine = phone()

    passkey = add(member, mine, name="  My   phone ")

    assert (passkey.name, passkey.sign_count, passkey.sealed_root) == ("My phone", 0, "")
    assert passkey.user_handle == mine.user_handle
    assert sign_in(mine).member == member


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "a\nb\u202e"])
def test_passkey_without_a_good_name_is_refused(name: str, member: Member, refuses: Refuses) -> None:
    with refuses(errors.BadPasskeyName):
        add(member, phone(), name=name)


def test_passkey_of_another_address_is_refused(member: Member, refuses: Refuses) -> None:
    with refuses(errors.BadPasskey):
        add(member, phone(), origin="https://elsewhere.example")
    with refuses(errors.BadPasskey):
        add(member, Phone(origin=settings.ADDRESS, rp_id="elsewhere.example"))


def test_passkey_made_for_another_challenge_is_refused(member: Member, refuses: Refuses) -> None:
    made = phone().create(asked_to_make(member))

    with refuses(errors.BadPasskey):
        actions.add_passkey(
            member, made, name="x", challenge=authenticators.fresh_challenge(), user_handle="x"
        )


def test_passkey_that_somebody_has_is_refused(people: CommitteeOfPeople, refuses: Refuses) -> None:
    mine = phone()
    add(people.members[0].member, mine)

    with refuses(errors.PasskeyThereAlready):
        add(people.members[1].member, mine)


def test_eleventh_passkey_is_refused(member: Member, refuses: Refuses) -> None:
    for index in range(actions.MOST_PASSKEYS):
        add(member, phone(), name=f"{index}")

    with refuses(errors.TooManyPasskeys):
        add(member, phone())


def test_rows_of_devices_and_passkeys_do_not_tell_their_order(member: Member) -> None:
    for index in range(8):
        add(member, phone(), name=f"{index}")
        actions.remember_device(member)

    for model in (Passkey, Device):
        keys = list(model._default_manager.values_list("pk", flat=True).order_by("pk"))
        assert min(keys) > 2**40
        assert len(set(keys)) == 8


# The sealed root


def test_sealed_root_is_kept_once(member: Member, refuses: Refuses) -> None:
    passkey = add(member, phone())

    actions.keep_sealed_root(passkey, SEALED)

    passkey.refresh_from_db()
    assert passkey.sealed_root == SEALED
    with refuses(errors.BadSeal):
        actions.keep_sealed_root(passkey, "cd" * 44)


@pytest.mark.parametrize("sealed", ["", "ab" * 43, "AB" * 44, "x" * 88, "ab" * 45])
def test_what_is_no_sealed_root_is_refused(sealed: str, member: Member, refuses: Refuses) -> None:
    passkey = add(member, phone())

    with refuses(errors.BadSeal):
        actions.keep_sealed_root(passkey, sealed)


# Passkeys are used


def test_passkey_signs_in_again_and_again(member: Member) -> None:
    mine = phone(counts=True)
    add(member, mine)

    for _ in range(3):
        assert sign_in(mine).member == member
    assert Passkey.objects.get().sign_count == 3


def test_passkey_that_counts_backwards_may_be_copied_and_is_refused(member: Member, refuses: Refuses) -> None:
    mine = phone(counts=True)
    add(member, mine)
    sign_in(mine)
    sign_in(mine)
    mine.count = 0

    with refuses(errors.PasskeyCopied):
        sign_in(mine)


def test_passkey_of_an_old_key_signs_nobody_in_from_the_day_the_new_one_counts() -> None:
    people = make_committee(4)
    member, mine = people.members[2].member, phone()
    add(member, mine)
    renewals.renew(people, member, 40)
    assert sign_in(mine, now=people.now + timedelta(days=1)).member == member

    with pytest.raises(errors.PasskeyUnknown):
        sign_in(mine, now=people.now + timedelta(days=2))

    assert not Passkey.objects.exists()


def test_answer_to_an_earlier_challenge_is_refused(member: Member) -> None:
    mine = phone()
    add(member, mine)
    answer = mine.get(asked_to_sign())

    with pytest.raises(errors.PasskeyUnknown):
        actions.sign_in_by_passkey(answer, None, challenge=challenge_for(asked_to_sign()), now=NOW)


def test_answer_for_another_origin_is_refused(member: Member) -> None:
    mine = phone()
    add(member, mine)

    with pytest.raises(errors.PasskeyUnknown):
        sign_in(mine, origin="https://elsewhere.example")


def test_answer_signed_by_another_key_is_refused(member: Member) -> None:
    mine = phone()
    add(member, mine)
    forged = phone(credential_id=mine.credential_id, user_handle=mine.user_handle)

    with pytest.raises(errors.PasskeyUnknown):
        sign_in(forged)


def test_answer_with_another_user_handle_is_refused(member: Member) -> None:
    mine = phone()
    add(member, mine)
    mine.user_handle = authenticators.fresh_user_handle()

    with pytest.raises(errors.PasskeyUnknown):
        sign_in(mine)


def test_failures_by_passkey_count_like_other_strangers_and_spare_known_devices(member: Member) -> None:
    mine = phone()
    add(member, mine)
    token = actions.remember_device(member)
    for _ in range(20):
        with pytest.raises(errors.PasskeyUnknown):
            sign_in(phone())

    assert StrangerBudget.objects.get().failures == 20
    with pytest.raises(errors.WaitFirst):
        sign_in(phone())
    with pytest.raises(errors.WaitFirst):
        actions.sign_in("0" * 64, None, now=NOW)
    with pytest.raises(errors.PasskeyUnknown):
        sign_in(phone(), token)
    assert sign_in(mine).member == member


def test_removed_passkey_signs_nobody_in(member: Member) -> None:
    mine = phone()
    actions.remove_passkey(add(member, mine))

    with pytest.raises(errors.PasskeyUnknown):
        sign_in(mine)


def test_who_leaves_takes_passkeys_devices_and_hand_overs_along(people: CommitteeOfPeople) -> None:
    leaver = people.members[2].member
    mine = phone()
    add(leaver, mine)
    actions.remember_device(leaver)
    actions.open_hand_over(leaver, code=CODE, key=KEY, now=NOW)

    departure(people, 3)

    assert not Passkey.objects.exists()
    assert not HandOver.objects.exists()
    assert not leaver.devices.exists()
    with pytest.raises(errors.PasskeyUnknown):
        sign_in(mine)


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["public-key", "AAAA"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "rawId",
                    "type",
                    "response",
                    "clientDataJSON",
                    "attestationObject",
                    "authenticatorData",
                    "signature",
                    "userHandle",
                    "clientExtensionResults",
                    "transports",
                    "authenticatorAttachment",
                ]
            ),
            inner,
            max_size=8,
        )
    ),
    max_leaves=12,
)


@hypothesis_settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_a_browser_answers_is_read_or_unreadable(data: st.DataObject) -> None:
    mine = phone()
    made, used = mine.create(asked_to_make(Member())), mine.get(asked_to_sign())
    for good, read in (
        (made, lambda answer: authenticators.read_new(answer, "AAAA")),
        (used, authenticators.named_in),
        (used, lambda answer: authenticators.signed_count(answer, "AAAA", "a0")),
    ):
        name = data.draw(st.sampled_from([*good, *good["response"]]))
        odd = json.loads(json.dumps(good))
        (odd if name in odd else odd["response"])[name] = data.draw(
            ODD | st.binary(max_size=200).map(base64url)
        )
        try:
            read(odd)
        except authenticators.Unreadable:
            continue


# Passkeys over HTTP


def made_over_http(client: Client, mine: Phone, name: str = "My phone") -> Any:
    options = post(client, "/me/passkeys/new/").json()
    return post(client, "/me/passkeys/", name=name, credential=mine.create(options))


def signed_in_over_http(client: Client, mine: Phone) -> Any:
    options = post(client, "/sign-in/passkey/challenge/").json()
    return post(client, "/sign-in/passkey/", credential=mine.get(options))


def test_passkey_opens_a_session_and_hands_out_what_it_sealed(people: CommitteeOfPeople) -> None:
    ada, mine = people.members[0], phone()
    browser = browser_of(ada)
    made = made_over_http(browser, mine)
    assert made.status_code == 201
    assert post(browser, made.json()["keep_root_at"], sealed_root=SEALED).status_code == 200
    stranger = Client()

    answer = signed_in_over_http(stranger, mine)

    assert answer.json() == {
        "committee": str(people.committee.pk),
        "number": 1,
        "handle": ada.member.handle,
        "member_key": ada.member.keys["member"],
        "passkey": made.json()["passkey"],
        "sealed_root": SEALED,
        "keep_root_at": made.json()["keep_root_at"],
    }
    assert stranger.get("/me/").status_code == 200
    assert "My phone" in text_of(stranger.get("/me/"))


def test_challenge_answers_once(people: CommitteeOfPeople) -> None:
    browser, mine, stranger = browser_of(people.members[0]), phone(), Client()
    made_over_http(browser, mine)
    options = post(stranger, "/sign-in/passkey/challenge/").json()
    answer = mine.get(options)
    wrong = {**answer, "response": {**answer["response"], "signature": "AAAA"}}

    assert refused(post(stranger, "/sign-in/passkey/", credential=wrong), 403, "passkey_unknown")
    assert refused(post(stranger, "/sign-in/passkey/", credential=answer), 409, "asked_too_long_ago")


def test_challenge_of_one_browser_is_worth_nothing_in_another(people: CommitteeOfPeople) -> None:
    browser, mine, stranger = browser_of(people.members[0]), phone(), Client()
    made_over_http(browser, mine)
    answer = mine.get(post(Client(), "/sign-in/passkey/challenge/").json())

    assert refused(post(stranger, "/sign-in/passkey/", credential=answer), 409, "asked_too_long_ago")
    post(stranger, "/sign-in/passkey/challenge/")
    assert refused(post(stranger, "/sign-in/passkey/", credential=answer), 403, "passkey_unknown")
    assert "sign-in" in stranger.get("/me/")["Location"]


def test_new_passkey_answers_its_challenge_once(people: CommitteeOfPeople) -> None:
    browser, mine = browser_of(people.members[0]), phone()
    options = post(browser, "/me/passkeys/new/").json()
    made = mine.create(options)

    assert post(browser, "/me/passkeys/", name="One", credential=made).status_code == 201
    assert refused(post(browser, "/me/passkeys/", name="Two", credential=made), 409, "asked_too_long_ago")
    assert Passkey.objects.count() == 1


def test_session_of_a_stranger_who_asks_for_a_challenge_is_short(people: CommitteeOfPeople) -> None:
    Session.objects.all().delete()

    post(Client(), "/sign-in/passkey/challenge/")

    assert Session.objects.get().expire_date <= datetime.now(UTC) + timedelta(days=2)


def test_passkey_is_its_members_alone_to_change(people: CommitteeOfPeople) -> None:
    ada, ben = (browser_of(person) for person in people.members[:2])
    keep_root_at = made_over_http(ada, phone()).json()["keep_root_at"]
    remove_at = keep_root_at.replace("/sealed/", "/remove/")

    assert refused(post(ben, keep_root_at, sealed_root=SEALED), 404, "not_found")
    assert ben.post(remove_at).status_code == 404
    assert Client().post(remove_at)["Location"].startswith("/sign-in/")
    assert Passkey.objects.get().sealed_root == ""
    assert ada.post(remove_at)["Location"] == "/me/"
    assert not Passkey.objects.exists()


@pytest.mark.parametrize("address", MEMBERS_ONLY)
def test_devices_of_members_are_refused_to_strangers_and_candidates(
    address: str, people: CommitteeOfPeople
) -> None:
    newcomer = browser_of(candidate(people.members[0], 9, now=people.now))

    assert refused(post(Client(), address), 401, "sign_in_first")
    assert refused(post(newcomer, address), 403, "vouches_missing")
    assert not Passkey.objects.exists()
    assert not HandOver.objects.exists()


@pytest.mark.parametrize("address", ["/me/devices/sign-out/", "/me/passkeys/1/remove/"])
def test_forms_about_devices_are_refused_to_strangers_and_candidates(
    address: str, people: CommitteeOfPeople
) -> None:
    newcomer = browser_of(candidate(people.members[0], 9, now=people.now))

    assert Client().post(address)["Location"].startswith("/sign-in/")
    assert newcomer.post(address)["Location"] == "/join/"


# Handing over


def opened(member: Member, code: str = CODE, *, now: datetime = NOW) -> None:
    actions.open_hand_over(member, code=code, key=KEY, now=now)


def sealed(member: Member, code: str = CODE, *, now: datetime = NOW) -> None:
    actions.seal_hand_over(member, code=code, envelope=ENVELOPE, now=now)


def test_envelope_is_given_out_once_and_kept_no_longer(member: Member, refuses: Refuses) -> None:
    assert actions.fetch_hand_over(CODE, now=NOW) is None
    opened(member)
    before = actions.fetch_hand_over(CODE, now=NOW)
    sealed(member)

    fetched = actions.fetch_hand_over(CODE, now=NOW)

    assert before is not None
    assert (before.hand_over.key, before.envelope) == (KEY, "")
    assert fetched is not None
    assert (fetched.hand_over.member, fetched.envelope) == (member, ENVELOPE)
    assert HandOver.objects.get().envelope == ""
    with refuses(errors.HandOverUsed):
        actions.fetch_hand_over(CODE, now=NOW)


def test_neither_the_code_nor_a_moment_is_kept(member: Member) -> None:
    opened(member)

    kept = HandOver.objects.get()
    assert CODE not in str(vars(kept))
    assert kept.expires_at == datetime(2026, 3, 2, 15, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("", KEY),
        ("a" * 21, KEY),
        ("a" * 21 + "!", KEY),
        ("a" * 23, KEY),
        (CODE, "cd" * 31),
        (CODE, "CD" * 32),
    ],
)
def test_code_or_key_that_is_none_is_refused(code: str, key: str, member: Member, refuses: Refuses) -> None:
    with refuses(errors.BadHandOver):
        actions.open_hand_over(member, code=code, key=key, now=NOW)


@pytest.mark.parametrize("envelope", ["", "x" * 1025, "é", "a\nb"])
def test_envelope_that_is_none_is_refused(envelope: str, member: Member, refuses: Refuses) -> None:
    opened(member)

    with refuses(errors.BadHandOver):
        actions.seal_hand_over(member, code=CODE, envelope=envelope, now=NOW)


def test_code_that_another_member_opened_is_taken(people: CommitteeOfPeople, refuses: Refuses) -> None:
    opened(people.members[1].member)

    with refuses(errors.HandOverTaken):
        opened(people.members[0].member)
    with refuses(errors.HandOverOver):
        sealed(people.members[0].member)


def test_code_is_sealed_for_once(member: Member, refuses: Refuses) -> None:
    opened(member)
    sealed(member)

    with refuses(errors.HandOverUsed):
        sealed(member)
    with refuses(errors.HandOverUsed):
        opened(member)


def test_later_code_of_a_member_takes_the_place_of_the_earlier(member: Member, refuses: Refuses) -> None:
    opened(member)
    opened(member, OTHER_CODE)

    with refuses(errors.HandOverOver):
        sealed(member)
    assert actions.fetch_hand_over(CODE, now=NOW) is None


def test_after_ten_minutes_nothing_is_left(people: CommitteeOfPeople) -> None:
    member = people.members[0].member
    opened(member)
    sealed(member)
    late = NOW + timedelta(minutes=10)

    assert actions.fetch_hand_over(CODE, now=late) is None
    with pytest.raises(errors.HandOverOver):
        sealed(member, now=late)
    opened(people.members[1].member, now=late)
    actions.forget_old_hand_overs(late + timedelta(minutes=10))
    assert not HandOver.objects.exists()


def test_stopped_hand_over_is_gone(people: CommitteeOfPeople) -> None:
    ada, ben = (person.member for person in people.members[:2])
    opened(ada)
    opened(ben, OTHER_CODE)

    actions.stop_hand_over(ada)

    assert actions.fetch_hand_over(CODE, now=NOW) is None
    assert actions.fetch_hand_over(OTHER_CODE, now=NOW) is not None


def test_key_goes_from_browser_to_browser(people: CommitteeOfPeople) -> None:
    old, new = browser_of(people.members[0]), Client()

    assert post(new, "/device/", code=CODE).json() == {"state": "waiting"}
    assert post(old, "/me/hand-over/", code=CODE, key=KEY).json() == {}
    committee = str(people.committee.pk)
    opened = {"state": "opened", "committee": committee, "key": KEY, "envelope": ""}
    assert post(new, "/device/", code=CODE).json() == opened
    assert post(old, "/me/hand-over/seal/", code=CODE, envelope=ENVELOPE).json() == {}
    assert post(new, "/device/", code=CODE).json() == {**opened, "state": "sealed", "envelope": ENVELOPE}
    assert refused(post(new, "/device/", code=CODE), 410, "hand_over_used")
    assert post(old, "/me/hand-over/stop/").json() == {}
    assert post(new, "/device/", code=CODE).json() == {"state": "waiting"}


def test_asking_for_a_key_is_no_failed_attempt(people: CommitteeOfPeople) -> None:
    for _ in range(30):
        post(Client(), "/device/", code=CODE)

    assert not StrangerBudget.objects.filter(failures__gt=0).exists()
    assert code_of(post(Client(), "/device/", code=1)) == "not_json"


# Ending sessions


def test_signing_out_elsewhere_ends_every_other_session(people: CommitteeOfPeople) -> None:
    here, lost = browser_of(people.members[0]), browser_of(people.members[0])
    ben = browser_of(people.members[1])

    assert here.post("/me/devices/sign-out/")["Location"] == "/me/"

    assert here.get("/me/").status_code == 200
    assert "sign-in" in lost.get("/me/")["Location"]
    assert ben.get("/me/").status_code == 200
    assert people.members[0].member.devices.count() == 1


def test_request_of_a_session_that_was_ended_while_it_ran_begins_nothing_new(
    people: CommitteeOfPeople, refuses: Refuses
) -> None:
    thief = people.members[0].member
    actions.shut_out(Member.objects.get(pk=thief.pk))

    with refuses(errors.SignInFirst):
        actions.sign_out_everywhere(thief)
    with refuses(errors.SignInFirst):
        add(thief, phone())
    with refuses(errors.SignInFirst):
        actions.open_hand_over(thief, code=CODE, key=KEY, now=NOW)


def test_signing_out_elsewhere_revives_no_session_that_was_ended_meanwhile(
    people: CommitteeOfPeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, sign_out = browser_of(people.members[0]), actions.sign_out_everywhere

    def shut_out_first(member: Member) -> None:
        actions.shut_out(Member.objects.get(pk=member.pk))
        sign_out(member)

    monkeypatch.setattr(actions, "sign_out_everywhere", shut_out_first)

    assert browser.post("/me/devices/sign-out/")["Location"] == "/sign-in/"
    assert "sign-in" in browser.get("/me/")["Location"]


def test_session_from_before_there_were_rounds_goes_on(people: CommitteeOfPeople) -> None:
    browser = browser_of(people.members[0])
    session = browser.session
    del session["round"]
    session.save()

    assert browser.get("/me/").status_code == 200


def test_sqlite_does_not_keep_the_order_in_which_sessions_began(people: CommitteeOfPeople) -> None:
    Session.objects.all().delete()
    keys = {browser_of(people.members[0]).session.session_key for _ in range(8)}

    assert set(Session.objects.values_list("pk", flat=True)) == keys
    if (
        connection.vendor == "sqlite"
    ):  # PostgreSQL numbers no rows; where they lie is in docs/explain/limits.md
        with connection.cursor() as cursor:
            cursor.execute("SELECT min(rowid) FROM django_session")
            assert cursor.fetchone()[0] > 2**40


# The formats, as another program reads them


def test_hand_over_of_the_vectors_is_opened_by_another_program() -> None:
    case = VECTORS["hand_over"]
    exchange = case["exchange"]
    transcript = canonical({"type": "openfloor/hand-over/1", **exchange})
    private = X25519PrivateKey.from_private_bytes(bytes.fromhex(case["new_secret"]))
    shared = private.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(exchange["old_key"])))
    derived = HKDF(SHA512(), 32, transcript.encode(), b"openfloor/1/hand-over").derive(shared)
    envelope = parse_canonical(case["envelope"])
    content = AESGCM(derived).decrypt(
        bytes.fromhex(envelope["nonce"]), bytes.fromhex(envelope["sealed"]), transcript.encode()
    )

    assert parse_canonical(content.decode()) == {name: case[name] for name in ("handle", "number", "root")}
    assert list(words_of(hash_of(transcript), 3)) == case["words"]


def test_sealed_root_of_the_vectors_is_opened_by_another_program() -> None:
    case = VECTORS["sealed_root"]
    key = HKDF(SHA512(), 32, None, b"openfloor/1/passkey-root").derive(bytes.fromhex(case["output"]))
    sealed_bytes = bytes.fromhex(case["sealed"])
    said = canonical({"type": "openfloor/sealed-root/1", **case["owner"]})

    root = AESGCM(key).decrypt(sealed_bytes[:12], sealed_bytes[12:], said.encode())

    assert root.hex() == case["root"]
    assert len(case["sealed"]) == len(SEALED)
