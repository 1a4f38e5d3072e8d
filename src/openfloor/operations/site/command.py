"""`openfloor verify-site` and `openfloor release-list`."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from openfloor import env
from openfloor.operations.errors import Refused
from openfloor.operations.site import comparing, released
from openfloor.operations.site.visitor import AGENTS

SAME, DIFFERS = 0, 1
MOST_SENTENCES = 40
KEY_FILE = "OPENFLOOR_RELEASE_KEY"


def add_commands(commands: Any) -> None:
    command = commands.add_parser("verify-site", help="compare what a site serves with the release")
    command.add_argument("url", help="the site, or one of its boards")
    command.add_argument("--list", type=Path, metavar="FILE", help="the signed list of a release")
    command.add_argument("--key", metavar="HEX", help="the key that signed it")
    command.add_argument("--json", action="store_true", help="for programs")
    command.set_defaults(run=verify_site)

    command = commands.add_parser(
        "release-list", help=f"print what this release serves, signed with the key in ${KEY_FILE}"
    )
    command.set_defaults(run=release_list)


def verify_site(options: argparse.Namespace) -> int:
    """Exit 0 when the site serves the release, 1 with every difference, 2 when nothing could be compared."""
    _refuse_bad_address(options.url)
    if bool(options.list) != bool(options.key):
        raise Refused("A list needs the --key that signed it, and a key the --list. Nothing was compared.")
    if options.list:
        release = released.read_signed(options.list.read_text(encoding="utf-8"), options.key)
    else:
        release = released.installed()
    try:
        compared = comparing.compare(options.url, release, progress=_progress)
    except comparing.NoSuchSite as error:
        raise Refused(f"{options.url} does not answer ({error}). Nothing was compared.") from error
    if options.json:
        print(json.dumps(_as_json(compared, release), ensure_ascii=False))
    else:
        _print(compared, release, is_signed=bool(options.list))
    return DIFFERS if compared.differences else SAME


def release_list(_options: argparse.Namespace) -> int:
    """Print the list of this package's files."""
    seed = _seed()  # first: what was set for this machine is forgotten then
    print(released.signed(released.installed(), seed), end="")
    return SAME


def _seed() -> bytes | None:
    if not (path := os.environ.get(KEY_FILE)):
        print(f"Not signed: {KEY_FILE} names no file with a key.", file=sys.stderr)
        return None
    text = Path(path).read_text(encoding="ascii").strip()
    if not released.HEX_64.fullmatch(text):
        raise Refused(f"{path} does not hold a key: 64 hexadecimal digits.")
    return bytes.fromhex(text)


def _refuse_bad_address(url: str) -> None:
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (
        parts.scheme == "http" and (env.is_local(url) or (parts.hostname or "").endswith(".onion"))
    )
    if not (is_safe and parts.hostname):
        raise Refused("Write the address like https://vote.example.org")


def _as_json(compared: comparing.Compared, release: released.Released) -> dict[str, Any]:
    return {
        "verdict": "differs" if compared.differences else "same",
        "version": release.version,
        "files": compared.files,
        "pages": compared.pages,
        "differences": [difference.as_json() for difference in compared.differences],
    }


def _print(compared: comparing.Compared, release: released.Released, *, is_signed: bool) -> None:
    source = "the signed list of" if is_signed else "what is installed here of"
    print(
        f"Compared with {source} version {release.version}: "
        f"{compared.files} files, {len(compared.pages)} pages, each as {len(AGENTS)} visitors."
    )
    for difference in compared.differences[:MOST_SENTENCES]:
        print(_shown(difference.sentence))
    if len(compared.differences) > MOST_SENTENCES:
        print(f"And {len(compared.differences) - MOST_SENTENCES} more. Add --json to see all of them.")
    if not compared.differences:
        print("The site serves this release, and nothing else was found.")
    elif any(difference.kind == "missing" for difference in compared.differences):
        print("If the site runs another version, compare it with the list of that version.")


def _shown(sentence: str) -> str:
    """Take out what would steer the reader's terminal: the site chose some of these words."""
    return "".join(character if character.isprintable() else "\ufffd" for character in sentence)


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r{done}/{total} files", end=end, file=sys.stderr, flush=True)
