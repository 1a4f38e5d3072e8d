"""Threshold keys made by the code under test, and messages by a trustee who breaks exactly one rule."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from openballot import ceremony, channels, groups, pedersen, pki
from openballot.canonical import compact
from openballot.ceremony import Ceremony, Participant
from openballot.groups import RandomBytes
from openballot.verificationkeys import compose_key


@dataclass(frozen=True)
class Made:
    """A whole ceremony: who took part, the messages of its three rounds, and what came of it."""

    participants: list[Participant]
    rounds: tuple[list[str], list[str], list[str]]
    parameters: str

    @property
    def ceremony(self) -> Ceremony:
        return self.participants[0].ceremony

    @property
    def shares(self) -> list[int]:
        group = self.ceremony.group
        return [
            ceremony.open_share(group, own.seed, ceremony.sealed_share(text))
            for own, text in zip(self.participants, self.rounds[2], strict=True)
        ]


def run(held: Ceremony, label: str) -> Made:
    """Run a ceremony with seeds that follow from the label."""
    own = [Participant(held, i, seed(f"{label} {i}")) for i in range(1, held.size + 1)]
    first = [ceremony.certificate_message(each) for each in own]
    second = [ceremony.coefficients_message(each, first) for each in own]
    third = [ceremony.key_message(each, first, second) for each in own]
    return Made(own, (first, second, third), ceremony.compose_parameters(held, first, second, third))


def of(group_name: str, threshold: int, size: int, label: str = "trustee") -> Made:
    group = groups.named(group_name)
    return run(Ceremony(id=f"{label}.1", group=group, size=size, threshold=threshold), label)


def seed(label: str) -> str:
    return pki.new_seed(drawing(label))


def drawing(label: str) -> RandomBytes:
    """Bytes that look random and are the same every time."""
    numbers = count()
    return lambda size: hashlib.shake_256(f"{label}|{next(numbers)}".encode()).digest(size)


def older_form(made: Made) -> str:
    """The parameters as Belenios 2.0 writes them."""
    group, value = made.ceremony.group, json.loads(made.parameters)

    def certificate(own: Participant, newer: dict[str, Any]) -> object:
        keys = {name: key for name, key in json.loads(newer["message"]).items() if name != "context"}
        return pki.signed_message(group, own.sk, compact(keys), drawing(f"older {own.index}"))

    pairs = zip(made.participants, value["certs"], strict=True)
    value["certs"] = [certificate(own, newer) for own, newer in pairs]
    del value["signatures"]
    for key in value["verification_keys"]:
        del key["signature"]
    return compact(value)


# --- messages that break one rule, signed again by whoever breaks it


@dataclass(frozen=True)
class Case:
    """*replaced* are the texts of a round by place, None for a message that never came."""

    round: int
    why: str
    replaced: dict[int, str | None]
    findings: list[tuple[str, str]]

    def rounds(self, made: Made) -> tuple[list[str], list[str], list[str]]:
        first, second, third = ([*texts] for texts in made.rounds)
        texts = (first, second, third)[self.round - 1]
        texts[:] = [
            text
            for place, right in enumerate(texts, start=1)
            if (text := self.replaced.get(place, right)) is not None
        ]
        return first, second, third


def resigned(own: Participant, text: str, change: Callable[[dict[str, Any]], object]) -> str:
    """Change the body of a message and sign it again."""
    body = json.loads(json.loads(text)["message"])
    change(body)
    signed = pki.signed_message(own.ceremony.group, own.sk, compact(body), drawing("again"))
    return compact(signed)


def plus_one(proof: dict[str, str], q: int) -> None:
    proof["response"] = str((int(proof["response"]) + 1) % q)


def refused(made: Made, outside: str) -> list[Case]:
    """Every refusal of a ceremony; the trustee at place 2 breaks the rules. *outside* is no element."""
    return [*_refused_first(made, outside), *_refused_second(made, outside), *_refused_third(made)]


def _refused_first(made: Made, outside: str) -> list[Case]:
    own, group = made.participants[1], made.ceremony.group
    right = made.rounds[0][1]
    place = made.ceremony.place(2)

    def case(why: str, text: str | None, *checks: str) -> Case:
        return Case(1, why, {2: text}, [(check, "trustee 2") for check in checks])

    def changed(change: Callable[[dict[str, Any]], object]) -> str:
        return resigned(own, right, change)

    def certified(keys: dict[str, object]) -> str:
        cert = pki.signed_message(group, own.sk, compact(keys), drawing("cert"))
        return changed(lambda body: body.update(certificate=cert))

    keys = json.loads(json.loads(json.loads(right)["message"])["certificate"]["message"])
    other_place = pedersen.compose_certificate(made.ceremony.place(3), own.seed, drawing("cert"))
    own_again = ceremony.certificate_message(Participant(made.ceremony, 1, seed("another")))
    of_two = ceremony.certificate_message(Participant(made.ceremony, 3, own.seed))
    return [
        case("a trustee is missing", None, "ceremony_missing"),
        Case(
            1,
            "one trustee's message in another's place too",
            {3: right},
            [("ceremony_repeated", "trustee 2"), ("ceremony_missing", "trustee 3")],
        ),
        Case(
            1,
            "a space",
            {2: right.replace(",", ", ", 1)},
            [("ceremony_text", "message 2"), ("ceremony_missing", "trustee 2")],
        ),
        Case(
            1,
            "of another ceremony",
            {2: changed(lambda body: body.update(ceremony="another"))},
            [("ceremony_other", "message 2"), ("ceremony_missing", "trustee 2")],
        ),
        Case(
            1,
            "of another round",
            {2: made.rounds[1][1]},
            [("ceremony_other", "message 2"), ("ceremony_missing", "trustee 2")],
        ),
        Case(
            1,
            "from a place that there is not",
            {2: changed(lambda body: body.update(index=4))},
            [("ceremony_other", "message 2"), ("ceremony_missing", "trustee 2")],
        ),
        case(
            "signed by another",
            resigned(made.participants[2], right, lambda body: None),
            "ceremony_signature",
        ),
        case(
            "a certificate for another place",
            changed(lambda body: body.update(certificate=other_place)),
            "certificate_context",
        ),
        case(
            "a certificate for another threshold",
            certified({**keys, "context": {**place.as_json(), "threshold": 3}}),
            "certificate_context",
        ),
        case(
            "a certificate that says true for 1",
            certified({**keys, "context": {**place.as_json(), "index": True}}),
            "certificate_context",
        ),
        case(
            "a certificate of the older form",
            certified({name: keys[name] for name in ("verification", "encryption")}),
            "trustees_text",
        ),
        case(
            "the identity as a key",
            certified({**keys, "encryption": group.text(group.identity)}),
            "certificate_key",
        ),
        case("a key outside the group", certified({**keys, "encryption": outside}), "certificate_key"),
        case(
            "a certificate with another signature",
            changed(lambda body: plus_one(body["certificate"]["signature"], group.q)),
            "certificate_signature",
        ),
        Case(1, "two places with one seed", {3: of_two}, [("trustee_repeated", "trustee 3")]),
        Case(1, "the own message exchanged", {1: own_again}, [("ceremony_seed", "trustee 1")]),
    ]


def _refused_second(made: Made, outside: str) -> list[Case]:
    own, group = made.participants[1], made.ceremony.group
    first, right = made.rounds[0], made.rounds[1][1]
    polynomial = own.polynomial()
    certs = [json.loads(json.loads(text)["message"])["certificate"] for text in first]
    encryption = group.element(json.loads(certs[0]["message"])["encryption"])
    other_encryption = group.element(json.loads(certs[1]["message"])["encryption"])

    def case(why: str, change: Callable[[dict[str, Any]], object], check: str) -> Case:
        return Case(2, why, {2: resigned(own, right, change)}, [(check, "trustee 2")])

    def coefficients(texts: Sequence[str]) -> Callable[[dict[str, Any]], object]:
        message = compact({"coefexps": list(texts)})
        signed = pki.signed_message(group, own.sk, message, drawing("coefexps"))
        return lambda body: body.update(coefexps=signed)

    def sealed(text: str) -> Callable[[dict[str, Any]], object]:
        return lambda body: body["secrets"].__setitem__(0, text)

    def share(value: int) -> str:
        return compact({"secret": str(value)})

    shown = json.loads(pedersen.coefficients_text(group, polynomial))["coefexps"]
    right_share = pedersen.value_at(group, polynomial, 1)
    draw = drawing("sealed")
    for_another = pki.signed_message(
        group,
        own.sk,
        compact({"recipient": group.text(other_encryption), "message": share(right_share)}),
        draw,
    )
    return [
        Case(2, "a trustee is missing", {2: None}, [("ceremony_missing", "trustee 2")]),
        case(
            "after another first round",
            lambda body: body.update(previous=hashlib.sha256(b"").hexdigest()),
            "ceremony_previous",
        ),
        Case(
            2,
            "a share too few",
            {2: resigned(own, right, lambda body: body["secrets"].pop())},
            [("ceremony_text", "message 2"), ("ceremony_missing", "trustee 2")],
        ),
        case(
            "other coefficients than committed to",
            coefficients([group.text(group.power_generator(a + 1)) for a in polynomial]),
            "ceremony_commitment",
        ),
        case("a coefficient too few", coefficients(shown[:-1]), "trustees_threshold"),
        case(
            "the identity as a coefficient",
            coefficients([shown[0], group.text(group.identity)]),
            "coefficient_element",
        ),
        case("a coefficient outside the group", coefficients([shown[0], outside]), "coefficient_element"),
        case(
            "coefficients with another signature",
            lambda body: plus_one(body["coefexps"]["signature"], group.q),
            "coefficients_signature",
        ),
        case(
            "another signature of the certificates",
            lambda body: plus_one(body["signature"], group.q),
            "certificates_signature",
        ),
        case(
            "a share of another polynomial",
            sealed(channels.send(group, own.sk, encryption, share((right_share + 1) % group.q), draw)),
            "ceremony_share",
        ),
        case(
            "a share with a leading zero",
            sealed(channels.send(group, own.sk, encryption, compact({"secret": f"0{right_share}"}), draw)),
            "ceremony_share_sealed",
        ),
        case(
            "a share sealed for another",
            sealed(channels.send(group, own.sk, other_encryption, share(right_share), draw)),
            "ceremony_share_sealed",
        ),
        case("no sealed text at all", sealed("{}"), "ceremony_share_sealed"),
        case(
            "a share that names another recipient",
            sealed(channels.seal(group, encryption, compact(for_another), draw)),
            "ceremony_share_signature",
        ),
        case(
            "a share signed by another",
            sealed(channels.send(group, made.participants[2].sk, encryption, share(right_share), draw)),
            "ceremony_share_signature",
        ),
    ]


def _refused_third(made: Made) -> list[Case]:
    own, group = made.participants[1], made.ceremony.group
    right = made.rounds[2][1]

    def case(why: str, change: Callable[[dict[str, Any]], object], check: str) -> Case:
        return Case(3, why, {2: resigned(own, right, change)}, [(check, "trustee 2")])

    return [
        Case(3, "a trustee is missing", {2: None}, [("ceremony_missing", "trustee 2")]),
        case(
            "after another second round",
            lambda body: body.update(previous=hashlib.sha256(b"").hexdigest()),
            "ceremony_previous",
        ),
        case(
            "another proof of the share",
            lambda body: plus_one(body["public_key"]["pok"], group.q),
            "trustee_proof",
        ),
        case(
            "another signature of the key",
            lambda body: plus_one(body["public_key"]["signature"], group.q),
            "share_key_signature",
        ),
        case(
            "the key of another number",
            lambda body: body["public_key"].update(compose_key(group, 7, drawing("seven"))),
            "share_key",
        ),
    ]
