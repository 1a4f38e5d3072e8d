"""Paper slips: the code on a slip, and the list of their public credentials (docs/specs/ballot.md).

A code is an ordinary Belenios credential, drawn from 32 of its 58 characters: none is told from another by
its case alone, none looks like 0, 1, I or O, and the last one checks the others.
"""

import re
import secrets
from collections.abc import Callable, Iterable
from functools import reduce

from openballot.checks import Refused
from openballot.credentials import compose_public_credentials, parse_public_credentials, secret_of_code
from openballot.groups import Group

CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
DRAWN = 21  # 105 random bits, and the character that checks them
MOST = 200
_PARTS = ((0, 5), (5, 11), (11, 16), (16, 22))
_BETWEEN = re.compile(r"[\s\-.\u2010-\u2015\u2212]+")


class BadSlipCode(ValueError):
    """What was typed is no code of a slip: a strange character, the wrong number of them, or a mistake."""


class BadSlips(ValueError):
    """A text that is not the canonical list of public credentials."""


def new_code(randbytes: Callable[[int], bytes] = secrets.token_bytes) -> str:
    values = [byte & 31 for byte in randbytes(DRAWN)]
    return _in_parts("".join(CHARACTERS[value] for value in [*values, _doubled(_remainder(values))]))


def parse_code(typed: str) -> str:
    """The code that was typed, in any case and with anything between its parts; raises BadSlipCode."""
    characters = _BETWEEN.sub("", typed[typed.find("#") + 1 :]).upper()
    if len(characters) != DRAWN + 1 or not set(characters) <= set(CHARACTERS):
        raise BadSlipCode(typed)
    if _remainder([CHARACTERS.index(character) for character in characters]) != 0:
        raise BadSlipCode(typed)
    return _in_parts(characters)


def credential_of(group: Group, uuid: str, code: str) -> str:
    """The public credential of a code, as Belenios 2.4 and later derive it."""
    return group.text(group.secret_power_generator(secret_of_code(group, uuid, code)))


def list_of(group: Group, credentials: Iterable[str]) -> str:
    """The canonical text of a list of public credentials."""
    return compose_public_credentials(group, list(credentials))


def read_list(group: Group, text: str) -> list[str]:
    """The public credentials in a list, each of weight one; raises BadSlips."""
    try:
        credentials = list(parse_public_credentials(group, text))
        is_exact = list_of(group, credentials) == text
    except Refused as error:
        raise BadSlips("This is not a list of public credentials.") from error
    if not is_exact:
        raise BadSlips("The list is not written in its one exact form.")
    return credentials


def _in_parts(characters: str) -> str:
    return "-".join(characters[start:end] for start, end in _PARTS)


def _remainder(values: Iterable[int]) -> int:
    """Zero for a whole code. A wrong character, or two that changed places, always leaves something."""
    return reduce(lambda rest, value: _doubled(rest) ^ value, values, 0)


def _doubled(value: int) -> int:
    # Times x in GF(2)[x] / (x^5 + x^2 + 1), where x has order 31: every place has its own weight.
    return ((value << 1) ^ (37 if value & 16 else 0)) & 31
