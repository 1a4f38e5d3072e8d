"""Looking for secrets in a heap of bytes, in every form in which one might have been written down."""

import base64
from collections.abc import Iterator, Mapping
from urllib.parse import quote, quote_plus

Secret = bytes | int | str
SEPARATORS = (" ", ", ", ",", "\n", "\r\n", "-", "+", "%20", '","', '", "', r"\",\"", r"\n")
WORDS_IN_A_ROW = 3


def leaks(content: bytes, secrets: Mapping[str, Secret]) -> list[str]:
    """The names of those secrets that stand in *content* in any form."""
    return [name for name, secret in secrets.items() if any(form in content for form in forms(secret))]


def forms(secret: Secret) -> set[bytes]:
    if isinstance(secret, str):
        return {quote(secret).encode(), quote_plus(secret).encode(), *_of_bytes(secret.encode())}
    if isinstance(secret, int):
        length = (secret.bit_length() + 7) // 8
        numeral = f"{secret:x}"
        in_bytes = (secret.to_bytes(length, "big"), secret.to_bytes(length, "little"))
        written = {str(secret).encode(), numeral.encode(), numeral.upper().encode()}
        return written.union(*map(_of_bytes, in_bytes))
    return {str(int.from_bytes(secret, "big")).encode(), *_of_bytes(secret)}


def rows_of_words(words: list[str]) -> dict[str, str]:
    """Any three of the twelve words in a row, however they are set apart."""
    starts = range(len(words) - WORDS_IN_A_ROW + 1)
    return {
        f"words {start + 1} to {start + WORDS_IN_A_ROW}, by {separator!r}": separator.join(
            words[start : start + WORDS_IN_A_ROW]
        )
        for start in starts
        for separator in SEPARATORS
    }


def _of_bytes(secret: bytes) -> set[bytes]:
    digits = secret.hex()
    return {secret, digits.encode(), digits.upper().encode(), *_in_base64(secret)}


def _in_base64(secret: bytes) -> Iterator[bytes]:
    """Also as part of something longer: base64 looks different at each of three places."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + secret)
        # The characters that also depend on what stands around the secret are left out.
        first = (0, 2, 3)[before]
        last = len(secret + bytes(before)) * 8 // 6
        yield encoded[first:last]
        yield encoded[first:last].translate(bytes.maketrans(b"+/", b"-_"))
