"""The goals that stand in issues and plans, each against what a benchmark has just measured.

Each is printed where it is measured; `make bench` lists them all again at its end.
"""

import json
import os
from typing import NamedTuple

# Where `_all.py` collects them.
LIST = "OPENFLOOR_GOALS"


class Goal(NamedTuple):
    """*measured* is a ratio, *asked* says what it has to be."""

    what: str
    asked: str
    measured: str
    is_met: bool

    def __str__(self) -> str:
        return f"{self.what}: {self.measured} (asked: {self.asked}) — {'met' if self.is_met else 'NOT MET'}"


def at_least(what: str, wanted: float, measured: float) -> None:
    _say(Goal(what, f"at least {wanted:g}x", f"{measured:.2f}x", measured >= wanted))


def at_most(what: str, wanted: float, measured: float) -> None:
    _say(Goal(what, f"at most {wanted:g}x", f"{measured:.2f}x", measured <= wanted))


def table(goals: list[Goal]) -> str:
    lines = ["| goal | asked | measured | |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {goal.what} | {goal.asked} | {goal.measured} | {'met' if goal.is_met else 'not met'} |"
        for goal in goals
    ]
    return "\n".join(lines)


def _say(goal: Goal) -> None:
    print(f"  {goal}", flush=True)
    if LIST in os.environ:
        with open(os.environ[LIST], "a", encoding="utf-8") as file:
            file.write(json.dumps(goal) + "\n")
