"""What is wrong with an archive, in the one order in which every verifier reports it, whenever it was found.

A stream finds things as they come, and several processes in any order; the report does not depend on it.
"""

from collections.abc import Sequence

from openballot.checks import Finding, finding

STAGES = (
    "records",
    "forms",
    "events",
    "chain",
    "order",
    "earlier",
    "setup",
    "ballots",
    "tally",
    "shuffles",
    "decryptions",
    "result",
)
# Nobody reads more, and a hostile file could ask for any number of them.
MOST = 1_000


class Findings:
    """Findings by the stage of verification that they belong to; within a stage as they were added."""

    def __init__(self) -> None:
        self._found: dict[str, list[Finding]] = {stage: [] for stage in STAGES}

    def find(self, stage: str, check: str, where: str) -> None:
        """Add that this check fails there."""
        self.add(stage, [finding(check, where)])

    def add(self, stage: str, found: Sequence[Finding]) -> None:
        # One more than are reported is enough to know that there are more.
        held = self._found[stage]
        held += found[: MOST + 1 - len(held)]

    def __len__(self) -> int:
        return sum(map(len, self._found.values()))

    def in_order(self) -> list[Finding]:
        """Return the first thousand; when there are more, the last one says so."""
        found = [each for stage in STAGES for each in self._found[stage]]
        return found if len(found) <= MOST else [*found[:MOST], finding("more_findings", "file")]
