"""Many ballots at a time: by the fast kernels where they stand ready and it pays, else one by one.

The kernels only ever say of a ballot that it holds. Of any other `BallotChecker` says what is wrong with it.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from openballot.ballots import Ballot, BallotChecker, read_ballot
from openballot.checks import Finding
from openballot.election import Election
from openballot.fast import engines
from openballot.fast.ballotform import BallotForm
from openballot.fast.programs import Engine
from openballot.groups import Element, Group, product_of


def check_batch(checker: BallotChecker, texts: Sequence[str]) -> list[tuple[Ballot | None, list[Finding]]]:
    """Return for each text what `BallotChecker.examine` does."""
    engine = engines.engine_if_it_pays(checker.election.group, len(texts))
    if engine is None:
        return [checker.examine(text) for text in texts]
    held = _form(checker.election, engine).examine(checker.credentials, texts)
    return [
        checker.examine(text) if ballot is None else (ballot, [])
        for ballot, text in zip(held, texts, strict=True)
    ]


def read_batch(election: Election, credentials: Mapping[str, int], texts: Sequence[str]) -> list[Ballot]:
    """Read ballots that were checked before, as `read_ballot` does; raises BallotRefused."""
    engine = engines.engine_if_it_pays(election.group, len(texts))
    if engine is None:
        return [read_ballot(election, credentials, text) for text in texts]
    read = _form(election, engine).read(credentials, texts)
    return [
        read_ballot(election, credentials, text) if ballot is None else ballot
        for ballot, text in zip(read, texts, strict=True)
    ]


def proven_together(group: Group, texts: Sequence[str]) -> dict[str, Element]:
    """Return those elements that the kernels prove to be members, the identity not among them.

    Of others nothing is said: they may be members too.
    """
    engine = engines.engine_if_it_pays(group, len(texts))
    if engine is None:
        return {}
    readable = [text for text in texts if re.fullmatch(engine.element_pattern, text)]
    elements = engine.elements(readable)
    if not elements:
        return {}
    proven = zip(readable, elements, engine.are_members(elements), strict=True)
    return {text: element for text, element, holds in proven if holds and element != group.identity}


def products(group: Group, rows: Sequence[Sequence[Element]]) -> list[Element]:
    """Multiply each column of members over all rows, of which there is one at least."""
    engine = engines.engine_if_it_pays(group, len(rows))
    if engine is None:
        return [product_of(group, column) for column in zip(*rows, strict=True)]
    return engine.product(rows)


def kernel_of(group: Group) -> str:
    """Name the arithmetic that checks the ballots of this group on this machine."""
    return engines.name_of(group)


# The tables for an election's key are made once in each process.
@lru_cache(maxsize=4)
def _form(election: Election, engine: Engine) -> BallotForm:
    return BallotForm(election, engine)
