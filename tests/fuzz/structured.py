"""Mutants that are right but for what was changed on purpose: `python -m fuzz.structured N [SEED [FOLDER]]`.

Each seed is taken apart, changed in up to three ways, and put together again: hashes, chain, signatures,
tally, decryptions and result, as far as was drawn. The verifier must answer every mutant in limited time and
memory; what it accepts must say what the keys say, and nothing but its seed's unless a key was used.
"""

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path
from random import Random, randrange
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from fuzz import drafts
from fuzz.drafts import Draft
from fuzz.judging import hold, hold_since
from fuzz.limits import limit_memory, limited_time
from fuzz.mutations import HARMLESS, MUTATIONS
from fuzz.openly import demand
from fuzz.seeds import NAMES, seed
from openballot.verifier import Report, verify

KEPT = Path("build/fuzz")

EVERYTHING = ("resign", "recount", "reshuffle", "redecrypt", "recompute")
# From nothing made again to everything.
REPAIRS: tuple[tuple[str, ...], ...] = (
    (),
    ("resign",),
    ("recount", "reshuffle"),
    ("resign", "recount", "reshuffle"),
    ("resign", "recount", "reshuffle", "redecrypt"),
    EVERYTHING,
    EVERYTHING,
    ("recompute",),
)


class Tried:
    """What was tried so far, and what the verifier said."""

    def __init__(self) -> None:
        self.mutants: set[bytes] = set()
        self.verdicts: Counter[str] = Counter()
        self.checks: Counter[str] = Counter()
        self.accepted_by: Counter[str] = Counter()

    def add(self, data: bytes, names: list[str], report: Report) -> None:
        self.mutants.add(hashlib.sha256(data).digest())
        self.verdicts[report.verdict] += 1
        self.checks.update({finding.check for finding in report.findings})
        if report.verdict == "valid":
            self.accepted_by.update(set(names))


def mutant(name: str, mutations: list[tuple[str, int]], repairs: tuple[str, ...]) -> Draft:
    draft = Draft.of(seed(name))
    for mutation, number in mutations:
        MUTATIONS[mutation](draft, Random(number))  # noqa: S311 - no secret
    random = Random(hashlib.sha256(repr((name, mutations)).encode()).digest())  # noqa: S311
    for repair in repairs:
        _REPAIRS[repair](draft, random)
    return draft


_REPAIRS: dict[str, Any] = {
    "resign": drafts.resign,
    "recount": lambda draft, _random: drafts.recount(draft),
    "reshuffle": drafts.reshuffle,
    "redecrypt": drafts.redecrypt,
    "recompute": lambda draft, _random: drafts.recompute(draft),
}


def examine(draft: Draft, data: bytes, names: list[str], repairs: tuple[str, ...]) -> Report:
    """Verify a mutant, and hold the answer against what is known of it."""
    is_right = repairs in ((), EVERYTHING)
    with limited_time():
        report = verify(data)
        hold_since(data, report, draft.seed)
    if is_right and set(names) <= HARMLESS.keys():
        demand(report.verdict == "valid", f"refused, though nothing is wrong: {report.findings}")
    hold(data, report, draft.seed, draft.authored, keyed=draft.keyed)
    return report


# What only a cheating voter can do is tried more often: proofs are all that keeps it out.
NAMED = [*sorted(MUTATIONS), *8 * ["vote_as_nobody_may"], *4 * ["vote_in_anothers_name"]]


def keep(folder: Path, data: bytes, report: Report) -> None:
    """Write a mutant, and what is to be said of it in any language."""
    fields = report.as_json() | {"head": report.head}
    for name in ("findings", "warnings"):
        fields[name] = [[finding["check"], finding["object"]] for finding in fields[name]]
    name = hashlib.sha256(data).hexdigest()
    (folder / f"{name}.bel").write_bytes(data)
    (folder / f"{name}.json").write_text(json.dumps(fields), encoding="utf-8")


mutations = st.lists(st.tuples(st.sampled_from(NAMED), st.integers(0, 2**32)), min_size=1, max_size=3)


def fuzz(examples: int, number: int, kept: Path | None = None) -> Tried:
    """Try so many mutants, the same ones for the same number; raises for the first answered wrongly.

    Each mutant and its report are written into the folder *kept*.
    """
    tried = Tried()

    @seeded(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(NAMES), mutations, st.sampled_from(REPAIRS))
    def one(name: str, changes: list[tuple[str, int]], repairs: tuple[str, ...]) -> None:
        draft = mutant(name, changes, repairs)
        data, names = draft.written(), [mutation for mutation, _number in changes]
        try:
            report = examine(draft, data, names, repairs)
            tried.add(data, names, report)
            if kept:
                keep(kept, data, report)
        except BaseException:
            KEPT.mkdir(parents=True, exist_ok=True)
            (KEPT / f"{hashlib.sha256(data).hexdigest()}.bel").write_bytes(data)
            print(name, changes, repairs)  # noqa: T201
            raise

    one()
    return tried


def main(examples: str, number: str | None = None, folder: str | None = None) -> None:
    limit_memory()
    seed_number = randrange(2**32) if number is None else int(number)  # noqa: S311 - no secret
    done = fuzz(int(examples), seed_number, Path(folder) if folder else None)
    figures = {
        "mutants": done.verdicts.total(),
        "different": len(done.mutants),
        "verdicts": done.verdicts,
        "accepted": done.accepted_by,
        "checks": done.checks,
    }
    print(json.dumps(figures, indent=1))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
