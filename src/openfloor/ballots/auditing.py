"""What a teller's program checks where voters are too many for a browser: the whole roll, and the whole list.

The trap: the server made all three files. That election, charter and trustees fit together is for the page
to see; the code says of which election this was the list.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import Any, TypeVar

from openballot import blinding
from openballot.credentials import compose_public_credentials
from openballot.election import Election
from openballot.groups import named
from openfloor.ballots import charter, slips, statements
from openfloor.workplace import roll
from openfloor.workplace.memberkeys import canonical, hash_of
from openfloor.workplace.rolltree import Tree

AT_ONCE = 50  # members that a core takes at a time

Progress = Callable[[str, int, int], None]
R = TypeVar("R")


class NotAnAudit(ValueError):
    """The files are not of one ballot, or are no such files at all."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What does not hold, by name; how many may vote; the hash of what the teller may sign if all holds."""

    findings: tuple[str, ...]
    voters: int
    code: str


@dataclass(frozen=True, slots=True)
class _Files:
    """The roll's lines up to where the charter ends it, and what is to be held against them."""

    election: Election
    charter_text: str
    terms: Mapping[str, Any]
    credentials: str
    slips: tuple[str, ...]
    k: bytes
    number: int
    lines: Sequence[str]


def audit(
    setup: Mapping[str, Any],
    lines: Sequence[str],
    material: Mapping[str, Any],
    *,
    say: Progress = lambda *_: None,
) -> Audit:
    """
    Check every entry and recompute every S' on all cores; raises NotAnAudit.

    *setup* is the board's setup.json, *lines* the roll, *material* what the teller's page saved. *say* is
    told the name of a step, how many of its members are done, and of how many.

    Source: docs/specs/ballot.md, "A long list of voters".
    """
    files = _read(setup, lines, material)
    with ProcessPoolExecutor() as cores:
        return _audit(files, cores, say)


def _read(setup: Mapping[str, Any], lines: Sequence[str], material: Mapping[str, Any]) -> _Files:
    try:
        election, terms = Election.parse(setup["election"]), charter.parse(setup["charter"])
        files = _Files(
            election=election,
            charter_text=setup["charter"],
            terms=terms,
            credentials=setup["credentials"],
            slips=tuple(made["credentials"] for made in setup.get("slips", [])),
            k=bytes.fromhex(material["k"]),
            number=int(material["number"]),
            lines=lines[: int(terms["roll"]["position"]) + 1],
        )
        is_one = material["ballot"] == election.uuid == terms["ballot"]
    except (KeyError, TypeError, ValueError) as error:
        raise NotAnAudit("One of the files is not what its name says.") from error
    if not is_one:
        raise NotAnAudit("The files are of different ballots.")
    return files


def _audit(files: _Files, cores: ProcessPoolExecutor, say: Progress) -> Audit:
    group, day = files.election.group, date.fromisoformat(files.terms["roll"]["day"])
    report = roll.verify(files.lines, groups=())
    members = roll.records_with_keys(files.lines)
    of_keys = _on(cores, _key_findings, (members, repeat(group.name)), len(members), "roll", say)
    voters = [entry.keys_on(day)["credentials"][group.name] for entry in roll.entitled(report.state, day)]
    findings = [
        *(finding.check for finding in report.findings),
        *(check for checks in of_keys for check in checks),
        *_differences(files, report.state, len(voters)),
    ]
    if not findings:
        asked = (voters, repeat(group.name), repeat(files.election.uuid), repeat(files.k))
        blinded = _on(cores, _blinded, asked, len(voters), "list", say)
        is_same = compose_public_credentials(group, [*blinded, *_slip_keys(files)]) == files.credentials
        findings += [] if is_same else ["credentials_changed"]
    return Audit(tuple(dict.fromkeys(findings)), len(voters), _code(files))


def _on(
    cores: ProcessPoolExecutor,
    deed: Callable[..., R],
    arguments: tuple[Iterable[Any], ...],
    total: int,
    step: str,
    say: Progress,
) -> list[R]:
    results = []
    for done, result in enumerate(cores.map(deed, *arguments, chunksize=AT_ONCE), start=1):
        results.append(result)
        say(step, done, total)
    return results


def _key_findings(record: roll.Record, group: str) -> list[str]:
    number, keys, proofs = record["number"], record["keys"], record["proofs"]
    return list(roll.key_checks(record["committee"], number, keys, proofs, groups=(group,)))


def _blinded(key_text: str, group: str, uuid: str, k: bytes) -> str:
    return blinding.blinded_key(named(group), uuid, key_text, blinding.nonce(k, key_text))


def _differences(files: _Files, state: roll.RollState, voters: int) -> Iterator[str]:
    """Between the charter, which the election's description names, and the roll that was read."""
    fixed = files.terms["roll"]
    if files.election.description != charter.description(files.terms["title"], files.charter_text):
        yield "charter_hash"
    if (state.size, state.head) != (fixed["position"] + 1, fixed["head"]):
        yield "roll_head"
    if "tree" in fixed and Tree(files.lines).root(len(files.lines)) != fixed["tree"]:
        yield "roll_tree"
    if voters != fixed["entitled"]:
        yield "roll_entitled"
    lists = {charter.text_hash(text) for text in files.slips}
    if lists != {made["list"] for made in files.terms.get("slips", [])}:
        yield "slips"


def _slip_keys(files: _Files) -> Iterator[str]:
    for text in files.slips:
        try:
            yield from slips.read_list(files.election.group, text)
        except slips.BadSlips:
            continue  # then the list of voters differs


def _code(files: _Files) -> str:
    said = statements.audit(
        ballot=files.election.uuid,
        election_hash=files.election.fingerprint,
        credentials=charter.text_hash(files.credentials),
        roll=files.terms["roll"]["head"],
        entitled=files.terms["roll"]["entitled"],
        number=files.number,
    )
    return hash_of(canonical(said))
