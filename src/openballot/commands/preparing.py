"""Before the vote: the election's number, trustees' keys, voters' codes, and the archive's beginning."""

import argparse
import json
import time
from gettext import gettext as _
from typing import Any

from openballot import archive, credentials, groups, trustees, verifier
from openballot.checks import Refused
from openballot.commands import Parsers
from openballot.commands.files import read_text, write_both, write_new
from openballot.commands.outcome import CannotDo
from openballot.election import Election, compose_election, new_uuid
from openballot.questions import AnyQuestion, Question, read_question

GROUP_NAMES = ("BELENIOS-2048", "RFC-3526-2048", "Ed25519")


def register(parsers: Parsers) -> None:
    parsers.command("uuid", _uuid, file=False)
    key = parsers.command("trustee-key", _trustee_key, file=False)
    key.add_argument(
        "--out", required=True, metavar="NAME", help=_("writes NAME.private.json and NAME.public.json")
    )
    listed = parsers.command("credentials", _credentials, file=False)
    listed.add_argument("--uuid", required=True)
    number = listed.add_mutually_exclusive_group(required=True)
    number.add_argument("--count", type=int, metavar="N", help=_("how many, each of weight 1"))
    number.add_argument("--weights", type=_weights, metavar="W,W,…", help=_("one for each weight"))
    listed.add_argument(
        "--out", required=True, metavar="NAME", help=_("writes NAME.private.txt and NAME.public.json")
    )
    set_up = parsers.command("set-up", _set_up, file=False)
    set_up.add_argument("--uuid", required=True)
    set_up.add_argument(
        "--template", required=True, metavar="FILE", help=_("name, description and questions, as JSON")
    )
    set_up.add_argument(
        "--trustee",
        required=True,
        action="append",
        metavar="FILE",
        help=_("a trustee's or a threshold's public key; repeat"),
    )
    set_up.add_argument("--credentials", required=True, metavar="FILE", help=_("the public list"))
    set_up.add_argument("--out", required=True, metavar="FILE", help=_("the archive to write"))
    for with_group in (key, listed, set_up):
        with_group.add_argument("--group", choices=GROUP_NAMES, default=GROUP_NAMES[0])


def _uuid(options: argparse.Namespace) -> int:
    print(new_uuid())
    return 0


def _trustee_key(options: argparse.Namespace) -> int:
    group = groups.named(options.group)
    x = trustees.generate_key(group)
    write_both(
        (f"{options.out}.private.json", trustees.private_key_json(x)),
        (f"{options.out}.public.json", trustees.public_key_json(group, x)),
    )
    return 0


def _credentials(options: argparse.Namespace) -> int:
    group = groups.named(options.group)
    weights = options.weights or [1] * options.count
    codes = [credentials.new_code() for _each in weights]
    scalars = [credentials.secret_of_code(group, options.uuid, code) for code in codes]
    keys = [group.text(group.secret_power_generator(s)) for s in scalars]
    entries = [key if weight == 1 else f"{key},{weight}" for key, weight in zip(keys, weights, strict=True)]
    write_both(
        (f"{options.out}.private.txt", "".join(f"{code}\n" for code in codes)),
        (f"{options.out}.public.json", credentials.compose_public_credentials(group, entries)),
    )
    return 0


def _set_up(options: argparse.Namespace) -> int:
    group = groups.named(options.group)
    public_keys = [read_text(path) for path in options.trustee]
    credentials_text = read_text(options.credentials)
    template = _template(options.template, group)
    election_text = compose_election(
        uuid=options.uuid,
        group=group,
        public_key=trustees.combined_public_key(group, public_keys),
        **template,
    )
    data = archive.setup_data(election_text, trustees.compose_trustees(public_keys), credentials_text)
    timestamp = int(time.time())
    setup = archive.next_event(None, "Setup", data)
    credentials.refuse_too_heavy(verifier.read_setup(archive.Archive(timestamp, (setup,))).credentials)
    write_new(options.out, archive.header_member(timestamp) + archive.event_bytes(setup, timestamp))
    print(Election.parse(election_text).fingerprint)
    return 0


def _template(path: str, group: groups.Group) -> dict[str, Any]:
    """Read name, description and questions; spaces and the order of fields are free here."""
    try:
        value = json.loads(read_text(path))
        texts = {
            key: str(value[key])
            for key in ("name", "description", "administrator", "credential_authority")
            if key in value or key in ("name", "description")
        }
        questions = [_question(question, group) for question in value["questions"]]
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, RecursionError) as error:
        if isinstance(error, Refused):
            raise
        raise CannotDo(
            _(
                "The template needs name, description, and questions with question, answers, min and max, "
                "or with type and value."
            )
        ) from error
    return {**texts, "questions": questions}


def _question(given: dict[str, Any], group: groups.Group) -> AnyQuestion[Any]:
    if "type" not in given:
        return Question(
            question=str(given["question"]),
            answers=tuple(map(str, given["answers"])),
            min=int(given["min"]),
            max=int(given["max"]),
            blank=bool(given.get("blank", False)),
        )
    value = {name: given["value"][name] for name in ("answers", "question")}
    extra = {name: given[name] for name in ("extra",) if name in given}
    return read_question({"type": given["type"], "value": value, **extra}, group)


def _weights(text: str) -> list[int]:
    return [int(weight) for weight in text.split(",")]
