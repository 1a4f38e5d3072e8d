"""Every package that is locked may be combined with ours, whose licence is AGPL-3.0-or-later."""

import json
import re
from importlib.metadata import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# All of them may be conveyed together with a work under the AGPL, version 3: permissive licences, the LGPL
# and the MPL of these versions (gnu.org, "Various Licenses and Comments about Them"), the OFL for a font.
COMPATIBLE = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PSF-2.0", "Unlicense"),
    *("Apache-2.0 WITH LLVM-exception", "CC0-1.0", "Zlib"),
    *("LGPL-3.0-only", "LGPL-3.0-or-later", "MPL-2.0", "OFL-1.1"),
}
# How packages wrote it before there were expressions.
OLD_WORDS = {
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
# Their packages name none; read in their repositories.
READ_BY_HAND = {"atheris": "Apache-2.0", "pyrage": "MIT"}


def locked() -> list[str]:
    texts = [lock.read_text(encoding="utf-8") for lock in (ROOT / "requirements").glob("*.txt")]
    return sorted(
        {name for text in texts for name in re.findall(r"^([a-z0-9._-]+)(?:\[.*\])?==", text, re.M)}
    )


def licence_of(package: str) -> str:
    fields = metadata(package)
    classifiers = [
        line.split(" :: ")[-1] for line in fields.get_all("Classifier") or [] if "License ::" in line
    ]
    expression, words = ("".join(fields.get_all(name) or []) for name in ("License-Expression", "License"))
    named = expression or " AND ".join(classifiers) or words
    return READ_BY_HAND.get(package) or OLD_WORDS.get(named, named)


def is_compatible(expression: str) -> bool:
    """One of the licences that OR offers, each of those that AND asks for."""
    choices = expression.strip("()").split(" OR ")
    return any(all(part.strip() in COMPATIBLE for part in choice.split(" AND ")) for choice in choices)


@pytest.mark.parametrize("package", locked())
def test_locked_python_package_is_compatible(package: str) -> None:
    assert is_compatible(licence_of(package)), licence_of(package)


def test_locked_browser_packages_are_compatible() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]

    licences = {name: package["license"] for name, package in packages.items() if name}
    assert licences
    assert {name: text for name, text in licences.items() if not is_compatible(text)} == {}


@pytest.mark.parametrize(
    "expression", ["GPL-2.0-only", "SSPL-1.0", "MIT AND GPL-2.0-only", "Proprietary", ""]
)
def test_licence_that_is_not_compatible_is_noticed(expression: str) -> None:
    assert not is_compatible(expression)


def test_choice_between_licences_is_compatible_when_one_is() -> None:
    assert is_compatible("GPL-2.0-only OR MIT")
    assert is_compatible("(MIT OR Apache-2.0)")
