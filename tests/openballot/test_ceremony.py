"""The ceremony of a threshold key: the messages of the vectors, and every refusal by name."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from elections import ceremonies, theirs
from openballot import ceremony, channels, groups, pki, trustees
from openballot.canonical import NotCanonical
from openballot.ceremony import Ceremony, CeremonyRefused, ImpossibleCeremony, Participant
from openballot.checks import Refused

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "threshold.json").read_text(encoding="utf-8")
)
ED25519 = next(vector for vector in VECTORS if vector["group"] == "Ed25519")
each_group = pytest.mark.parametrize("vector", VECTORS, ids=[vector["group"] for vector in VECTORS])


def participants(vector: dict[str, Any]) -> list[Participant]:
    held = Ceremony(
        id=vector["ceremony"],
        group=groups.named(vector["group"]),
        size=vector["size"],
        threshold=vector["threshold"],
    )
    return [Participant(held, index, seed) for index, seed in enumerate(vector["seeds"], start=1)]


@pytest.fixture(scope="module")
def made() -> ceremonies.Made:
    return ceremonies.of("Ed25519", 2, 3)


@each_group
def test_messages_and_what_comes_of_them_are_those_of_the_vectors(vector: dict[str, Any]) -> None:
    own = participants(vector)
    first, second, third = vector["certificates"], vector["coefficients"], vector["keys"]

    assert [ceremony.certificate_message(each) for each in own] == first
    assert [ceremony.coefficients_message(each, first) for each in own] == second
    assert [ceremony.key_message(each, first, second) for each in own] == third
    held = own[0].ceremony
    assert ceremony.compose_parameters(held, first, second, third) == vector["parameters"]
    settled = ceremony.settle(held, first, second)
    assert settled.public_key == vector["settled"]["public_key"]
    assert list(settled.share_keys) == vector["settled"]["share_keys"]
    for each, text, share in zip(own, third, vector["shares"], strict=True):
        assert str(ceremony.open_share(held.group, each.seed, ceremony.sealed_share(text))) == share


@pytest.mark.parametrize("case", ED25519["refused"], ids=lambda case: case["why"])
def test_message_that_breaks_a_rule_is_refused_by_its_name(case: dict[str, Any]) -> None:
    own = participants(ED25519)[0]
    rounds = [[*ED25519[name]] for name in ("certificates", "coefficients", "keys")]
    for place, text in case["replaced"].items():
        rounds[case["round"] - 1][int(place) - 1] = text
    first, second, third = ([text for text in texts if text is not None] for texts in rounds)

    next_step: Callable[[], str] = {
        1: lambda: ceremony.coefficients_message(own, first),
        2: lambda: ceremony.key_message(own, first, second),
        3: lambda: ceremony.compose_parameters(own.ceremony, first, second, third),
    }[case["round"]]

    with pytest.raises(CeremonyRefused) as caught:
        next_step()

    assert [[finding.check, finding.object] for finding in caught.value.findings] == case["findings"]


BY_ONE = [case for case in ED25519["refused"] if case["replaced"].get("2")]


@pytest.mark.parametrize("case", BY_ONE, ids=lambda case: case["why"])
def test_message_that_comes_alone_is_refused_by_the_same_name(case: dict[str, Any]) -> None:
    """All but shares, which only those they are sealed for can check."""
    held = participants(ED25519)[0].ceremony
    certificates = ceremony.read_certificates(held, ED25519["certificates"])
    coefficients = ceremony.read_coefficients(held, certificates, ED25519["coefficients"])
    check: Callable[[str], object] = {
        1: lambda text: ceremony.check_certificate(held, 2, text),
        2: lambda text: ceremony.check_coefficients(held, certificates, 2, text),
        3: lambda text: ceremony.check_key(held, certificates, coefficients, 2, text),
    }[case["round"]]
    ((name, _where), *_) = case["findings"]

    if name.startswith("ceremony_share"):
        check(case["replaced"]["2"])
        return
    with pytest.raises(Refused) as caught:
        check(case["replaced"]["2"])

    assert (caught.value.finding.check, caught.value.finding.object) == (name, "trustee 2")


def test_message_that_comes_alone_is_by_the_trustee_it_is_said_to_be_by(made: ceremonies.Made) -> None:
    first, second, third = made.rounds
    certificates = ceremony.read_certificates(made.ceremony, first)
    coefficients = ceremony.read_coefficients(made.ceremony, certificates, second)

    ceremony.check_certificate(made.ceremony, 1, first[0])
    ceremony.check_coefficients(made.ceremony, certificates, 1, second[0])
    ceremony.check_key(made.ceremony, certificates, coefficients, 1, third[0])
    said = "another ceremony, round or trustee"
    with pytest.raises(Refused, match=said):
        ceremony.check_certificate(made.ceremony, 2, first[0])
    with pytest.raises(Refused, match=said):
        ceremony.check_coefficients(made.ceremony, certificates, 2, second[0])
    with pytest.raises(Refused, match=said):
        ceremony.check_key(made.ceremony, certificates, coefficients, 2, third[0])


def test_every_trustee_who_is_missing_is_named(made: ceremonies.Made) -> None:
    with pytest.raises(CeremonyRefused) as caught:
        ceremony.coefficients_message(made.participants[0], made.rounds[0][:1])

    assert [(item.check, item.object) for item in caught.value.findings] == [
        ("ceremony_missing", "trustee 2"),
        ("ceremony_missing", "trustee 3"),
    ]


def test_messages_are_read_in_any_order(made: ceremonies.Made) -> None:
    first, second, third = ([*reversed(texts)] for texts in made.rounds)

    assert ceremony.compose_parameters(made.ceremony, first, second, third) == made.parameters


def test_another_place_another_ceremony_and_another_seed_draw_other_coefficients() -> None:
    group = groups.named("Ed25519")
    held = Ceremony(id="a", group=group, size=3, threshold=2)
    seed = ceremonies.seed("one")
    others = [
        Participant(held, 2, seed),
        Participant(Ceremony(id="b", group=group, size=3, threshold=2), 1, seed),
        Participant(Ceremony(id="a", group=group, size=4, threshold=2), 1, seed),
        Participant(held, 1, ceremonies.seed("two")),
    ]

    drawn = [each.polynomial() for each in (Participant(held, 1, seed), *others)]

    assert len({a for polynomial in drawn for a in polynomial}) == 2 * len(drawn)


@pytest.mark.parametrize(
    ("id_", "size", "threshold"),
    [
        ("", 3, 2),
        ("a|b", 3, 2),
        ("x" * 65, 3, 2),
        ("é", 3, 2),
        ("a", 3, 1),
        ("a", 3, 4),
        ("a", 21, 2),
        ("a", 1, 1),
    ],
)
def test_impossible_ceremony_cannot_be_named(id_: str, size: int, threshold: int) -> None:
    with pytest.raises(ImpossibleCeremony):
        Ceremony(id=id_, group=groups.named("Ed25519"), size=size, threshold=threshold)


@pytest.mark.parametrize("index", [0, 4])
def test_nobody_takes_part_at_a_place_that_there_is_not(made: ceremonies.Made, index: int) -> None:
    with pytest.raises(ImpossibleCeremony):
        Participant(made.ceremony, index, made.participants[0].seed)


def test_seed_is_not_shown_with_its_participant(made: ceremonies.Made) -> None:
    own = made.participants[0]

    assert own.seed not in repr(own)
    assert repr(own).startswith("Participant(ceremony=Ceremony(id='trustee.1'")


def test_share_opens_with_its_own_seed_only(made: ceremonies.Made) -> None:
    group, (first, second, _third) = made.ceremony.group, made.participants
    sealed = ceremony.sealed_share(made.rounds[2][0])

    assert group.power_generator(ceremony.open_share(group, first.seed, sealed)) == group.power_generator(
        made.shares[0]
    )
    with pytest.raises(channels.StaysSealed):
        ceremony.open_share(group, second.seed, sealed)
    with pytest.raises(channels.StaysSealed):
        ceremony.open_share(group, first.seed, sealed.replace('"data":"', '"data":"00'))
    with pytest.raises(channels.StaysSealed):
        ceremony.open_share(group, first.seed, sealed.replace("AES-GCM", "AES-XYZ"))


def test_share_that_another_sealed_for_this_trustee_is_refused(made: ceremonies.Made) -> None:
    group, (first, second, _third) = made.ceremony.group, made.participants
    encryption = group.power_generator(first.dk)

    with pytest.raises(channels.WrongSender):
        ceremony.open_share(
            group, first.seed, channels.send(group, second.sk, encryption, '{"decryption_key":"1"}')
        )
    with pytest.raises(channels.StaysSealed):
        ceremony.open_share(group, first.seed, channels.send(group, first.sk, encryption, "another thing"))


def test_sealed_bytes_in_upper_case_are_another_text(made: ceremonies.Made) -> None:
    group, first = made.ceremony.group, made.participants[0]
    sealed = json.loads(ceremony.sealed_share(made.rounds[2][0]))
    upper = json.dumps({**sealed, "data": sealed["data"].upper()}, separators=(",", ":"))

    with pytest.raises(channels.StaysSealed):
        ceremony.open_share(group, first.seed, upper)


def test_seed_is_read_however_it_was_typed_and_refused_when_it_is_none() -> None:
    seed = ceremonies.seed("typed")

    assert pki.read_seed(f" {seed[:5]} {seed[5:]}\n") == seed
    for wrong in ("", seed[:-1], f"{seed}1", f"0{seed[1:]}", f"{seed[:-1]}l"):
        with pytest.raises(NotCanonical):
            pki.read_seed(wrong)


def test_key_is_the_sum_of_what_nobody_holds_alone(made: ceremonies.Made) -> None:
    group = made.ceremony.group
    secret = sum(own.polynomial()[0] for own in made.participants) % group.q

    listed = trustees.parse_trustees(group, trustees.compose_trustees([made.parameters]))

    assert listed.public_key(group) == group.power_generator(secret)
    assert [trustee.public_key for trustee in listed] == [group.power_generator(x) for x in made.shares]


def test_their_program_accepts_our_certificates(tmp_path: Path) -> None:
    made = ceremonies.of("BELENIOS-2048", 2, 3)
    bodies = [json.loads(json.loads(text)["message"]) for text in made.rounds[0]]
    certificates = [json.dumps(body["certificate"], separators=(",", ":")) for body in bodies]
    (tmp_path / "certs").write_text("".join(f"{certificate}\n" for certificate in certificates))

    theirs.run(
        tmp_path,
        *("setup", "generate-trustee-key-threshold", "--group", "BELENIOS-2048"),
        *("--step", "2", "--certs", "certs"),
    )
