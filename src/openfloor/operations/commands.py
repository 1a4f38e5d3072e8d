"""The commands of backup, restore and upgrade, as a person types them."""

import argparse
import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openfloor import env
from openfloor.operations import backupkey, doctor, starting
from openfloor.operations.errors import Refused
from openfloor.operations.site import command as site

DONE = 0


def add_commands(commands: Any) -> None:
    """Register them with the command line."""
    doctor.add_command(commands)
    site.add_commands(commands)

    command = commands.add_parser("backup-key", help="make the key that opens the backups, once, on paper")
    command.add_argument(
        "--add", metavar="AGE1…", help="a public key made elsewhere, for example by age-keygen"
    )
    command.add_argument("--replace", action="store_true", help="a new key instead of those there are")
    command.set_defaults(run=backup_key)

    command = commands.add_parser("backup", help="write an encrypted backup, also while the server runs")
    command.add_argument("--to", type=Path, help="a folder, or a file that ends with .age (data/backups)")
    command.add_argument("--keep", type=_count, help="how many backups stay in the folder; older ones go")
    command.set_defaults(run=backup)

    command = commands.add_parser("restore", help="put a backup back, into an empty folder")
    command.add_argument("file", type=Path)
    command.add_argument("--into", type=Path, required=True, help="an empty folder, or one to be made")
    command.add_argument("--key-file", type=Path, help="a file with the secret key, instead of typing it")
    command.set_defaults(run=restore)

    command = commands.add_parser("upgrade", help="bring the data to this version: backup, change, check")
    command.add_argument("--to", type=Path, help="where the backup goes, as in `openfloor backup`")
    command.add_argument("--without-backup", action="store_true", help="when you have made one already")
    command.set_defaults(run=upgrade)


def backup_key(options: argparse.Namespace) -> int:
    """Make the backups' key, print its secret half once, and keep the public half."""
    if options.add:
        backupkey.add(options.add)
        print("Backups from now on open with this key too.")
        return DONE
    if backupkey.kept() and not options.replace:
        raise Refused(
            "There is a key already. Add another with --add, or begin anew with --replace: older backups "
            "still need the old key."
        )
    secret, public = backupkey.make()
    backupkey.write([public])
    print("This is the secret key to every backup from now on. It is shown once and kept nowhere here.")
    print("Write it down or print it, twice, for two members who keep it apart from this machine:")
    print()
    print(f"    {secret}")
    print()
    print("Who has it and a backup can read all that the server knows. Without it no backup can be opened.")
    print("Then clear this screen, make a backup (openfloor backup), and try to restore it into a folder.")
    return DONE


def backup(options: argparse.Namespace) -> int:
    """Write a backup."""
    backupkey.recipients()
    starting.set_up()
    from openfloor.operations.backup import back_up

    made = back_up(options.to, options.keep, datetime.now(UTC))
    print(f"{made}  ({made.stat().st_size:,} bytes)")
    if made.is_relative_to(env.data_folder()):
        print("It lies on the machine it is to save you from losing. Copy it to another one.")
    return DONE


def restore(options: argparse.Namespace) -> int:
    """Put a backup back and say what was found."""
    if not options.file.is_file():
        raise Refused(f"There is no file {options.file}.")
    key = _secret_key(options.key_file)
    from openfloor.operations.restore import restore as put_back

    restored = put_back(options.file, key, options.into, datetime.now(UTC), _say)
    made = restored.manifest
    print(f"Restored: the backup of {made.made_at:%d %B %Y, %H:%M} UTC, made by version {made.version}.")
    print("\n".join(restored.facts))
    print("All of it holds together." if not restored.void else "All that is there holds together. But:")
    for sentence in restored.void:
        print(f"  {sentence}")
    print("Everybody has to sign in again. Whatever came after the backup is lost; the ledger says so.")
    print(f"Start it with: OPENFLOOR_DATA={options.into.resolve()} openfloor serve")
    return DONE


def upgrade(options: argparse.Namespace) -> int:
    """Bring the data to this version."""
    if not options.without_backup:
        backupkey.recipients()
    from openfloor.operations.serving import nobody_serves

    with nobody_serves(env.data_folder()):
        starting.set_up()
        from openfloor.operations.upgrade import upgrade as bring_up

        done = bring_up(
            with_backup=not options.without_backup, to=options.to, now=datetime.now(UTC), say=_say
        )
    if not done.steps:
        print("The data is of this version already. It was checked, and it holds:")
    elif done.backup is None:
        print("Upgraded and checked:")
    else:
        print(f"Upgraded and checked. The backup from before is {done.backup}")
    print("\n".join(done.facts))
    return DONE


def _secret_key(file: Path | None) -> str:
    """From a file or typed: as an argument it would stand in the list of what runs."""
    if file is None:
        return getpass.getpass("The secret key (AGE-SECRET-KEY-1…): ")
    lines = [line.strip() for line in file.read_text(encoding="utf-8", errors="replace").splitlines()]
    return next((line for line in lines if line.startswith("AGE-SECRET-KEY-")), "")


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least one backup stays")
    return number
