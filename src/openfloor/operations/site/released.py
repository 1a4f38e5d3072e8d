"""What a release serves: the SHA-256 of every fixed file by its address, and the policies of its pages.

The trap: a list that nobody signed proves only that the site and the list come from the same hand.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

import rfc8785
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from openfloor.operations.errors import Refused

FORMAT = "openfloor/site-list/1"
SIGNED_AS = b"openfloor|site-list|"
HEX_64 = re.compile(r"[0-9a-f]{64}")
EVERYWHERE = "*"
STARTING_A_WORKER = ("/", "/board/*/", "/ballots/*/trustee/")  # the pages that start one
COMPRESSED = {".br", ".gz"}

Policy = dict[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    version: str
    policies: dict[str, Policy]  # by page, where * is any one name; EVERYWHERE for all that are not named
    files: dict[str, str]

    def policy_of(self, path: str) -> Policy:
        named = (
            policy for page, policy in self.policies.items() if page != EVERYWHERE and _is_of(path, page)
        )
        return next(named, self.policies[EVERYWHERE])

    def as_json(self) -> dict[str, Any]:
        return {"format": FORMAT, "version": self.version, "policies": self.policies, "files": self.files}

    @classmethod
    def from_json(cls, fields: Any) -> Self:
        """Raises Refused unless it is such a list."""
        try:
            is_list = fields["format"] == FORMAT and all(map(HEX_64.fullmatch, fields["files"].values()))
            made = cls(
                version=str(fields["version"]),
                policies={path: _read_policy(policy) for path, policy in fields["policies"].items()},
                files={str(path): str(value) for path, value in fields["files"].items()},
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise Refused("This is not a release's list of files.") from error
        if not is_list or not made.files or not made.policies.get(EVERYWHERE):
            raise Refused("This is not a release's list of files.")
        return made


def installed() -> Released:
    """The list of the package that is installed here. Needs a process of its own: it sets Django up."""
    with tempfile.TemporaryDirectory(prefix="openfloor-release-") as folder:
        _set_up_apart(Path(folder))
        from django.conf import settings
        from django.core.management import call_command

        from openfloor.ui import policy

        call_command("collectstatic", interactive=False, verbosity=0)
        files = {
            f"/{settings.STATIC_URL.strip('/')}/{path.relative_to(settings.STATIC_ROOT)}": path.read_bytes()
            for path in sorted(settings.STATIC_ROOT.rglob("*"))
            if path.is_file() and path.suffix not in COMPRESSED and path.name != "staticfiles.json"
        }
        fixed = files | _fixed_answers()
        general = _read_policy(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])
        starting = general | _read_policy(policy.STARTING_A_WORKER)
        return Released(
            version=version("openfloor"),
            policies={EVERYWHERE: general, **dict.fromkeys(STARTING_A_WORKER, starting)},
            files={path: hashlib.sha256(content).hexdigest() for path, content in fixed.items()},
        )


def signed(released: Released, seed: bytes | None) -> str:
    """The list as a file, with the signature of the Ed25519 key that *seed* makes, if there is one."""
    signature = None if seed is None else SigningKey(seed).sign(_to_sign(released)).signature.hex()
    return json.dumps({"list": released.as_json(), "signature": signature}, indent=1) + "\n"


def read_signed(text: str, key: str) -> Released:
    """The list in a file that *key*, in hexadecimal, has signed; raises Refused."""
    try:
        fields = json.loads(text)
        released, signature = Released.from_json(fields["list"]), bytes.fromhex(fields["signature"] or "")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused("This is not a release's list of files.") from error
    if not HEX_64.fullmatch(key):
        raise Refused("A key has 64 hexadecimal digits. Nothing was compared.")
    try:
        VerifyKey(bytes.fromhex(key)).verify(_to_sign(released), signature)
    except (BadSignatureError, ValueError) as error:
        raise Refused(
            "The list is not signed by that key. Nothing was compared; get the list from another place."
        ) from error
    return released


def _is_of(path: str, page: str) -> bool:
    names, wanted = path.split("/"), page.split("/")
    return len(names) == len(wanted) and all(
        want in ("*", name) for name, want in zip(names, wanted, strict=True)
    )


def _read_policy(directives: Mapping[str, Iterable[Any]]) -> Policy:
    return {str(name): list(map(str, values)) for name, values in directives.items()}


def _to_sign(released: Released) -> bytes:
    return SIGNED_AS + rfc8785.dumps(released.as_json())


def _set_up_apart(folder: Path) -> None:
    """Django over nothing: no committee's folder is looked for, and none is made."""
    for name in [name for name in os.environ if name.startswith("OPENFLOOR_")]:
        del os.environ[name]
    os.environ["OPENFLOOR_DATA"] = str(folder)
    from openfloor.operations import starting

    starting.set_up()


def _fixed_answers() -> dict[str, bytes]:
    """What a view writes and is the same everywhere: all of the small files but the server's health."""
    from django.test import Client

    from openfloor.ui import health, languages, offline, urls

    # Under the very addresses that browsers ask for: a site may tell them apart.
    answers = {
        offline.worker_address_in(code): offline.WORKER.read_bytes() for code, _name in languages.LANGUAGES
    }
    for pattern in urls.urlpatterns:
        if pattern.callback is health.healthz:
            continue
        answer = Client(SERVER_NAME="localhost").get(f"/{pattern.pattern}")
        if answer.status_code == 200:
            answers[f"/{pattern.pattern}"] = answer.content
    return answers
