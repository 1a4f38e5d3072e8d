"""A lot that anybody can draw again, and that nobody could have chosen.

It is drawn from the head of the board before the decryption began and from the papers that came out of it.
Whoever could still change that head did not know the papers, and whoever knows the papers can no longer
change it.
"""

import json
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256


class BadHead(ValueError):
    """A head is the hash of an event: 64 lower-case hexadecimal digits."""


def lot_seed(head: str, answers: Iterable[Sequence[int]]) -> str:
    """The text that every lot of one count is drawn from: *head*, and the hash of all answers in order."""
    if re.fullmatch("[0-9a-f]{64}", head) is None:
        raise BadHead("the head is the hash of an event: 64 hexadecimal digits, 0 to 9 and a to f")
    text = json.dumps(sorted(map(list, answers)), separators=(",", ":"))
    return f"openfloor|lot|{head}|{sha256(text.encode()).hexdigest()}"


def draw(seed: str, stage: int, tied: Iterable[int]) -> int:
    """Draw one of the *tied* candidates at a stage; in the text both are numbered from 1."""

    def ticket(candidate: int) -> str:
        return sha256(f"{seed}|{stage}|{candidate + 1}".encode()).hexdigest()

    return min(tied, key=ticket)
