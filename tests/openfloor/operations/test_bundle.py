"""A backup's form: what was packed comes out again, and nothing else is let through."""

import hashlib
import io
import json
import secrets
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest

from openfloor.operations import bundle
from openfloor.operations.errors import Refused

NOT_WHOLE = "cut off or was changed"
KEY = pyrage.x25519.Identity.generate()
CONTENT = {
    "openfloor.sqlite3": secrets.token_bytes(200_000),
    "address": b"http://localhost:8000",
    "secrets/django.key": b"signing key",
}
Files = dict[str, bytes]


def whole(folder: Path) -> bytes:
    """A backup of CONTENT."""
    work = folder / "work"
    work.mkdir()
    paths = {name: work / str(number) for number, name in enumerate(CONTENT)}
    for name, path in paths.items():
        path.write_bytes(CONTENT[name])
    manifest = bundle.Manifest(
        version="0.2.0",
        at="2026-11-22T12:00:00+00:00",
        database="sqlite",
        migrations={"ballots": ["0001_initial"]},
        files=bundle.describe(paths),
    )
    bundle.pack(manifest, paths, [str(KEY.to_public())], work, folder / "whole")
    return (folder / "whole").read_bytes()


def files_of(backup: bytes) -> Files:
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(backup, [KEY]))) as tar:
        return {member.name: file.read() for member in tar if (file := tar.extractfile(member))}


def sealed(files: Files) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return bytes(pyrage.encrypt(packed.getvalue(), [KEY.to_public()]))


def test_unpack_gives_what_was_packed(tmp_path: Path) -> None:
    into = tmp_path / "into"
    into.mkdir()
    whole(tmp_path)

    manifest = bundle.unpack(tmp_path / "whole", f" {KEY}\n", into)

    files = {str(path.relative_to(into)): path.read_bytes() for path in into.rglob("*") if path.is_file()}
    assert files == CONTENT
    assert manifest.migrations == {"ballots": ["0001_initial"]}


def test_pack_refuses_to_write_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "whole").write_text("another")

    with pytest.raises(FileExistsError):
        whole(tmp_path)

    assert (tmp_path / "whole").read_text() == "another"


def test_unpack_refuses_a_link_that_leads_out(tmp_path: Path) -> None:
    files, packed, into = files_of(whole(tmp_path)), io.BytesIO(), tmp_path / "into"
    into.mkdir()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        manifest, link = tarfile.TarInfo("manifest.json"), tarfile.TarInfo("address")
        manifest.size = len(files["manifest.json"])
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(manifest, io.BytesIO(files["manifest.json"]))
        tar.addfile(link)
    (tmp_path / "backup").write_bytes(pyrage.encrypt(packed.getvalue(), [KEY.to_public()]))

    with pytest.raises(Refused, match=NOT_WHOLE):
        bundle.unpack(tmp_path / "backup", str(KEY), into)

    assert not (into / "address").is_symlink()


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (str(pyrage.x25519.Identity.generate()), "does not open"),
        ("AGE-SECRET-KEY-1NONSENSE", "not a secret key"),
        ("twelve words", "not a secret key"),
        ("", "not a secret key"),
    ],
    ids=["another", "nonsense", "words", "nothing"],
)
def test_unpack_refuses_the_wrong_key_and_what_is_no_key(tmp_path: Path, key: str, expected: str) -> None:
    into = tmp_path / "into"
    into.mkdir()
    whole(tmp_path)

    with pytest.raises(Refused, match=expected):
        bundle.unpack(tmp_path / "whole", key, into)


DAMAGES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda whole: b"", "not a backup"),
    "garbage": (lambda whole: bytes(range(256)) * 400, "not a backup"),
    "text": (lambda whole: b"age-encryption.org/v1\n-> nothing\n", "not a backup"),
    "cut in the header": (lambda whole: whole[:90], "not a backup"),
    "cut in the middle": (lambda whole: whole[: len(whole) // 2], NOT_WHOLE),
    "cut at the end": (lambda whole: whole[:-1], NOT_WHOLE),
    "one bit": (lambda whole: whole[:-500] + bytes([whole[-500] ^ 1]) + whole[-499:], NOT_WHOLE),
    "more behind it": (lambda whole: whole + b"more", NOT_WHOLE),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_unpack_refuses_a_damaged_backup(tmp_path: Path, damage: str) -> None:
    change, expected = DAMAGES[damage]
    backup, into = tmp_path / "backup", tmp_path / "into"
    into.mkdir()
    backup.write_bytes(change(whole(tmp_path)))

    with pytest.raises(Refused, match=expected):
        bundle.unpack(backup, str(KEY), into)


def _without_manifest(files: Files) -> Files:
    return {name: content for name, content in files.items() if name != "manifest.json"}


def _with_manifest(kept: Files, **fields: Any) -> Files:
    manifest = json.loads(kept["manifest.json"]) | fields
    return {"manifest.json": json.dumps(manifest).encode(), **_without_manifest(kept)}


def _with_file(files: Files, name: str, content: bytes) -> Files:
    """The manifest speaks for it too."""
    listed = json.loads(files["manifest.json"])["files"]
    about = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return {**_with_manifest(files, files={**listed, name: about}), name: content}


FORGERIES: dict[str, tuple[Callable[[Files], Files], str]] = {
    "no manifest": (_without_manifest, NOT_WHOLE),
    "no json": (lambda files: files | {"manifest.json": b"{"}, "no backup that this version"),
    "another type": (lambda files: _with_manifest(files, type="openfloor/backup/2"), "no backup that this"),
    "more fields": (lambda files: _with_manifest(files, more=1), "no backup that this version"),
    "no database": (lambda files: _with_manifest(files, files={}), "no backup that this version"),
    "a path upwards": (lambda files: _with_file(files, "../escaped", b"x"), "no backup that this version"),
    "an absolute path": (lambda files: _with_file(files, "/tmp/escaped", b"x"), "no backup that this"),  # noqa: S108
    "a k": (lambda files: _with_file(files, "secrets/abc.k", b"x" * 32), "no backup that this version"),
    "not listed": (lambda files: files | {"secrets/more": b"x"}, NOT_WHOLE),
    "another content": (lambda files: files | {"address": b"http://localhost:8001"}, NOT_WHOLE),
    "missing": (lambda files: {name: files[name] for name in list(files)[:-1]}, NOT_WHOLE),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_unpack_refuses_a_backup_that_somebody_made_up(tmp_path: Path, forgery: str) -> None:
    change, expected = FORGERIES[forgery]
    backup, into = tmp_path / "backup", tmp_path / "into"
    into.mkdir()
    backup.write_bytes(sealed(change(files_of(whole(tmp_path)))))

    with pytest.raises(Refused, match=expected):
        bundle.unpack(backup, str(KEY), into)

    assert not (tmp_path / "escaped").exists()
    assert not (into / "packed").exists()
