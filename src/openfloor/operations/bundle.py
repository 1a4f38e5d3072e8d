"""A backup's form (docs/specs/backup.md): an age file around a compressed tar, its manifest first.

The trap: encryption does not tell who made a file. What is unpacked here may be anybody's, so only names and
sizes that a backup can have are let through, and nothing counts before every hash fits.
"""

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyrage

from openfloor.operations import backupkey
from openfloor.operations.errors import Refused

TYPE = "openfloor/backup/1"
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 1_000_000
DATABASE_FILES = {"sqlite": "openfloor.sqlite3", "postgresql": "openfloor.pgdump"}
NAMES = {*DATABASE_FILES.values(), "address", backupkey.FILE}
# Never k, nor how far receipts were shown: nor anything else that somebody puts beside them.
SECRETS = re.compile(r"secrets/(django\.key|[0-9a-f-]{36}\.board)")
AT_ONCE = 1 << 20

NOT_WHOLE = "This backup is cut off or was changed. Nothing was restored; take another one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds and who made it; *migrations* are those applied, by app."""

    version: str
    at: str
    database: str
    migrations: Mapping[str, list[str]]
    files: Mapping[str, Mapping[str, Any]]  # {"size", "sha256"} by name

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.at)

    @property
    def database_file(self) -> str:
        return DATABASE_FILES[self.database]

    def text(self) -> str:
        return json.dumps({"type": TYPE, **asdict(self)}, indent=1, sort_keys=True)

    @classmethod
    def parse(cls, text: bytes) -> "Manifest":
        """Raises Refused for what is no manifest of ours."""
        try:
            fields = json.loads(text)
            if not isinstance(fields, dict) or fields.pop("type", None) != TYPE:
                raise ValueError
            manifest = cls(**fields)
            manifest._check()
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise Refused(
                "This is no backup that this version of Openfloor can read. Nothing was restored."
            ) from error
        return manifest

    def _check(self) -> None:
        is_sound = (
            isinstance(self.version, str)
            and self.made_at.tzinfo is not None
            and self.database_file in self.files
            and all(_is_allowed(name) for name in self.files)
            and all(
                type(about["size"]) is int and isinstance(about["sha256"], str)
                for about in self.files.values()
            )
        )
        if not is_sound:
            raise ValueError


def secrets_in(folder: Path) -> dict[str, Path]:
    """What of the folder of secrets belongs into a backup, by its name there: never k."""
    return {
        name: path
        for path in sorted(folder.iterdir())
        for name in [f"secrets/{path.name}"]
        if path.is_file() and _is_allowed(name)
    }


def describe(files: Mapping[str, Path]) -> dict[str, dict[str, Any]]:
    """Size and hash of each file, as a manifest has them."""
    return {
        name: {"size": path.stat().st_size, "sha256": _sha256(path)} for name, path in sorted(files.items())
    }


def pack(
    manifest: Manifest, files: Mapping[str, Path], recipients: Iterable[str], work: Path, target: Path
) -> None:
    """Write the backup to *target*, which must not exist; *work* is for what is not encrypted yet."""
    packed = work / "packed"
    with gzip.open(packed, "wb", compresslevel=6) as compressed, _tar(compressed, "w|") as tar:
        _add(tar, MANIFEST, io.BytesIO(manifest.text().encode()), len(manifest.text().encode()))
        for name, path in files.items():
            with path.open("rb") as content:
                _add(tar, name, content, manifest.files[name]["size"])
    keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    with packed.open("rb") as source, target.open("xb") as sink:
        pyrage.encrypt_io(source, sink, keys)


def unpack(source: Path, key: str, folder: Path) -> Manifest:
    """Open a backup into an empty folder and check every hash; raises Refused with one sentence."""
    packed = folder / "packed"
    _decrypt(source, key, packed)
    try:
        with gzip.open(packed, "rb") as compressed, _tar(compressed, "r|") as tar:
            manifest = _unpack(tar, folder)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Refused(NOT_WHOLE) from error
    finally:
        packed.unlink()
    _refuse_changed(manifest, folder)
    return manifest


def _decrypt(source: Path, key: str, target: Path) -> None:
    try:
        identity = pyrage.x25519.Identity.from_str(key.strip())
    except pyrage.IdentityError as error:
        raise Refused(
            "This is not a secret key of a backup: it begins with AGE-SECRET-KEY-1. Nothing was restored."
        ) from error
    with source.open("rb") as encrypted, target.open("xb") as plain:
        try:
            pyrage.decrypt_io(encrypted, plain, [identity])
        except pyrage.DecryptError as error:
            raise Refused(_why_not_opened(error)) from error
        except OSError as error:
            if error.errno is not None:  # the disk's own, like one that is full
                raise
            raise Refused(NOT_WHOLE) from error


def _why_not_opened(error: Exception) -> str:
    if "No matching keys" in str(error):
        return "This key does not open this backup. Nothing was restored; look for the right key."
    return "This is not a backup, or its beginning is damaged. Nothing was restored; check the file."


def _unpack(tar: tarfile.TarFile, folder: Path) -> Manifest:
    manifest: Manifest | None = None
    for member in tar:
        content = tar.extractfile(member) if member.isreg() else None
        if content is None:
            raise Refused(NOT_WHOLE)
        if manifest is None:
            if member.name != MANIFEST or member.size > LARGEST_MANIFEST:
                raise Refused(NOT_WHOLE)
            manifest = Manifest.parse(content.read())
        elif member.name not in manifest.files or member.size != manifest.files[member.name]["size"]:
            raise Refused(NOT_WHOLE)
        else:
            _write(content, folder / member.name)
    if manifest is None:
        raise Refused(NOT_WHOLE)
    return manifest


def _write(content: Any, path: Path) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with path.open("xb") as file:
        while part := content.read(AT_ONCE):
            file.write(part)
        file.flush()
        os.fsync(file.fileno())


def _refuse_changed(manifest: Manifest, folder: Path) -> None:
    for name, about in manifest.files.items():
        path = folder / name
        if not path.is_file() or _sha256(path) != about["sha256"]:
            raise Refused(NOT_WHOLE)


def _is_allowed(name: str) -> bool:
    return name in NAMES or SECRETS.fullmatch(name) is not None


def _tar(file: Any, mode: Any) -> tarfile.TarFile:
    return tarfile.open(fileobj=file, mode=mode, format=tarfile.PAX_FORMAT)


def _add(tar: tarfile.TarFile, name: str, content: Any, size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, content)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
