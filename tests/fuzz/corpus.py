"""Archives that are wrong in one thing, and some right ones that look odd; `python -m fuzz.corpus`.

Each function makes one kind out of a seed; its name and its sentence stand in the corpus's README, and what
the verifier says in expected.json. Everything but the one thing is right: hashed, chained, signed again.
"""

import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, TypeAlias

from fuzz import mutations
from fuzz.drafts import (
    RAW,
    Draft,
    Readable,
    Step,
    edit,
    recompute,
    recount,
    redecrypt,
    resign,
    signed,
)
from fuzz.openly import record_bytes
from fuzz.seeds import CORPUS, seed
from openballot import groups
from openballot.verifier import Report, verify

Make: TypeAlias = Callable[[], bytes]

ARCHIVES = CORPUS / "archives"
KINDS: dict[str, Make] = {}

GROUP = groups.named("Ed25519")
P = 2**255 - 19
# A point of order 8.
SMALL = "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826"


def beside(text: str) -> str:
    """A member plus the point of order 2, (0, -1)."""
    number = int(text, 16)
    y, sign = number % 2**255, number >> 255
    return f"{(P - y) | (1 - sign) << 255:064x}"


def kind(make: Make) -> Make:
    KINDS[make.__name__.replace("_", "-")] = make
    return make


def begun(name: str = "plain") -> Draft:
    """An election that nobody has voted in yet."""
    draft = Draft.of(seed(name))
    del draft.steps[1:]
    return draft


def voted(name: str = "plain") -> Draft:
    """An election with one paper."""
    draft = Draft.of(seed(name))
    del draft.steps[2:]
    return draft


def finished(name: str) -> Draft:
    return Draft.of(seed(name))


def with_records(change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    draft = begun()
    draft.file_edits.append(change)
    return draft.written()


def put(index: int, place: int, data: bytes) -> bytes:
    """Put bytes into one record."""

    def change(blocks: list[bytes]) -> list[bytes]:
        block = blocks[index]
        return [*blocks[:index], block[:place] + data + block[place + len(data) :], *blocks[index + 1 :]]

    return with_records(change)


def header_that_says(text: str) -> bytes:
    return with_records(lambda blocks: [record_bytes("BELENIOS", text.encode(), 1_795_000_000), *blocks[1:]])


def election_with(**fields: object) -> bytes:
    draft = begun()
    edit(draft.steps[0], 0, lambda value: value.update(fields))
    return draft.written()


def more_of_a_question(raw: str) -> bytes:
    draft = begun("lists")
    edit(draft.steps[0], 0, lambda value: value["questions"][0].update(extra=RAW + raw))
    return draft.written()


def election_text(change: Callable[[str], str]) -> bytes:
    draft = begun()
    draft.steps[0].texts[0] = change(draft.steps[0].texts[0])
    return draft.written()


def credentials_that(change: Callable[[list[Any]], object]) -> bytes:
    draft = begun()
    edit(draft.steps[0], 2, change)
    return draft.written()


def ballot_that(change: Callable[[Any], object], name: str = "plain") -> bytes:
    """The one paper, changed and signed again by its voter."""
    draft = voted(name)
    edit(draft.steps[1], 0, change)
    resign(draft, Random(1))  # noqa: S311 - no secret
    return draft.written()


# --- the file


@kind
def record_of_another_mode() -> bytes:
    """A record's mode is 0000600."""
    return put(1, 100, b"0000600")


@kind
def record_of_another_type() -> bytes:
    """A record is an extended header to other programs."""
    return put(2, 156, b"x")


@kind
def record_with_magic() -> bytes:
    """A record says "ustar", as other programs write."""
    return put(1, 257, b"ustar\x0000")


@kind
def record_with_the_largest_size() -> bytes:
    """A record claims eight gigabytes."""
    return put(1, 124, b"77777777777")


@kind
def record_with_a_sign_in_its_size() -> bytes:
    """A record's size is written with a sign."""
    return put(1, 124, b"-0000000001")


@kind
def record_with_a_binary_size() -> bytes:
    """A record's size is written in the binary way of later tars."""
    return put(1, 124, b"\x80" + bytes(9) + b"\xff")


@kind
def record_with_a_zero_byte_in_its_name() -> bytes:
    """A record's name goes on behind a zero byte."""
    return put(1, 80, b"x")


@kind
def record_whose_name_is_no_text() -> bytes:
    """A record's name is not UTF-8."""
    return put(1, 0, b"\xff")


@kind
def record_padded_with_something() -> bytes:
    """What fills a block up is not zeros."""
    return with_records(lambda blocks: [blocks[0][:-1] + b"x", *blocks[1:]])


@kind
def record_of_another_time() -> bytes:
    """One record was written at another time than the others."""
    return put(3, 136, b"00000000001")


@kind
def header_twice() -> bytes:
    """The header comes twice."""
    return with_records(lambda blocks: [blocks[0], *blocks])


@kind
def header_with_digits_of_another_script() -> bytes:
    """The header's time is written in fullwidth digits."""
    return header_that_says('{"version":1,"timestamp":"１７９５００００００"}')


@kind
def header_with_a_leading_zero() -> bytes:
    """The header's time begins with 0."""
    return header_that_says('{"version":1,"timestamp":"01795000000"}')


@kind
def header_of_version_true() -> bytes:
    """The header's version is true, which equals 1 in some languages."""
    return header_that_says('{"version":true,"timestamp":"1795000000"}')


@kind
def zeros_at_the_end() -> bytes:
    """Two blocks of zeros close the file, as tars usually are."""
    return with_records(lambda blocks: [*blocks, bytes(1024)])


@kind
def cut_in_a_record() -> bytes:
    """The file ends in the middle of a record."""
    return begun().written()[:-600]


@kind
def compressed() -> bytes:
    """The file begins like one that gzip wrote."""
    return b"\x1f\x8b" + begun().written()


# --- how texts are written


@kind
def json_nested_deeply() -> bytes:
    """The list of credentials is nested three thousand deep."""
    return credentials_that(lambda value: value.append(f"{RAW}{'[' * 3000}{']' * 3000}"))


@kind
def json_with_a_long_number() -> bytes:
    """The election's version has five thousand digits."""
    return election_with(version=f"{RAW}{'1' * 5000}")


@kind
def json_with_a_fraction() -> bytes:
    """The election's version is 1.0."""
    return election_with(version=f"{RAW}1.0")


@kind
def json_with_an_exponent() -> bytes:
    """The election's version is 1e0."""
    return election_with(version=f"{RAW}1e0")


@kind
def json_with_minus_zero() -> bytes:
    """The election's version is -0."""
    return election_with(version=f"{RAW}-0")


@kind
def json_with_no_number() -> bytes:
    """The election's version is NaN."""
    return election_with(version=f"{RAW}NaN")


@kind
def json_with_true_for_one() -> bytes:
    """The election's version is true."""
    return election_with(version=True)


@kind
def json_with_a_field_twice() -> bytes:
    """The election has two names."""
    return election_text(lambda text: text.replace('"name":', '"name":"Other","name":', 1))


@kind
def json_with_fields_in_another_order() -> bytes:
    """The election's fields are in another order."""
    draft = begun()
    edit(draft.steps[0], 0, lambda value: value.__setitem__("version", value.pop("version")))
    return draft.written()


@kind
def json_with_a_field_that_means_more() -> bytes:
    """The election has a field "__proto__"."""
    return election_text(lambda text: text[:-1] + ',"__proto__":{"version":1}}')


@kind
def json_with_an_escaped_letter() -> bytes:
    """A letter of the election's name is escaped, though it need not be."""
    return election_text(lambda text: text.replace("Assembly", "\\u0041ssembly", 1))


@kind
def json_with_half_a_character() -> bytes:
    """The election's name has half a pair of surrogates."""
    return election_with(name=f'{RAW}"\\ud800"')


@kind
def json_with_a_space() -> bytes:
    """There is a space after a comma."""
    return election_text(lambda text: text.replace(",", ", ", 1))


@kind
def json_with_a_byte_order_mark() -> bytes:
    """The election's text begins with a byte order mark."""
    return election_text(lambda text: f"\ufeff{text}")


@kind
def json_with_a_line_end() -> bytes:
    """The election's text ends with a new line."""
    return election_text(lambda text: f"{text}\n")


@kind
def json_nested_as_deeply_as_may_be() -> bytes:
    """What a question says besides is nested as deeply as any text may be: right."""
    return more_of_a_question("[" * 61 + "]" * 61)


@kind
def json_nested_a_little_too_deeply() -> bytes:
    """What a question says besides is nested one deeper."""
    return more_of_a_question("[" * 62 + "]" * 62)


@kind
def json_with_the_largest_number() -> bytes:
    """What a question says besides is the largest number there may be: right."""
    return more_of_a_question(str(2**53 - 1))


@kind
def json_with_a_number_too_large() -> bytes:
    """What a question says besides is a number that some programs round."""
    return more_of_a_question(str(2**53))


@kind
def json_with_fields_named_by_numbers() -> bytes:
    """What a question says besides has fields that some programs put in another order."""
    return more_of_a_question('{"b":0,"1":0}')


@kind
def json_with_a_raw_delete() -> bytes:
    """The election's name has the character DEL, not escaped."""
    return election_text(lambda text: text.replace("Assembly", "Assembly\x7f", 1))


@kind
def json_with_an_escaped_delete() -> bytes:
    """The election's name has the character DEL, escaped as it should be: right."""
    return election_text(lambda text: text.replace("Assembly", "Assembly\\u007f", 1))


# --- elements and credentials


def other_credential(change: Callable[[str], str]) -> bytes:
    """The last credential, otherwise; the list stays sorted as far as it can be read."""
    return credentials_that(lambda entries: entries.__setitem__(-1, change(entries[-1])))


@kind
def element_of_small_order() -> bytes:
    """A credential is a point of order 8."""
    return other_credential(lambda _text: SMALL)


@kind
def element_beside_the_subgroup() -> bytes:
    """A credential is a member plus the point of order 2."""
    return other_credential(beside)


@kind
def element_not_below_p() -> bytes:
    """A credential's y is p + 1, which is 1 otherwise written."""
    return other_credential(lambda _text: f"{P + 1:064x}")


@kind
def element_that_is_the_identity() -> bytes:
    """A credential is the identity."""
    return credentials_that(lambda entries: entries.insert(0, GROUP.text(GROUP.identity)))


@kind
def element_that_is_no_point() -> bytes:
    """A credential's y belongs to no point."""
    return other_credential(lambda _text: f"{2:064x}")


@kind
def element_in_capitals() -> bytes:
    """A credential is written in capital letters."""
    return other_credential(str.upper)


@kind
def credential_twice() -> bytes:
    """A credential is listed twice."""
    return credentials_that(lambda entries: entries.append(entries[-1]))


@kind
def credentials_not_sorted() -> bytes:
    """The credentials are listed in another order."""
    return credentials_that(lambda entries: entries.reverse())


@kind
def credential_of_negative_weight() -> bytes:
    """A credential weighs -1."""
    return other_credential(lambda text: f"{text},-1")


@kind
def credential_of_weight_07() -> bytes:
    """A credential's weight begins with 0."""
    return other_credential(lambda text: f"{text},07")


@kind
def credential_with_a_name() -> bytes:
    """A credential has the third column of older lists: right, and not read."""
    return other_credential(lambda text: f"{text},,Ana, of the night shift")


@kind
def trustee_without_a_proof_that_holds() -> bytes:
    """A trustee's proof of knowledge is for another key."""
    draft = begun()
    edit(draft.steps[0], 1, lambda value: value[0][1]["pok"].update(challenge="1"))
    return draft.written()


@kind
def trustee_with_a_name() -> bytes:
    """A trustee has a name, which nobody signs: right."""
    draft = begun()
    edit(draft.steps[0], 1, lambda value: value[0][1].update(name="Ana"))
    return draft.written()


# --- papers, signed again by their voters


@kind
def ballot_with_a_response_plus_q() -> bytes:
    """A proof's response is larger by q, which changes nothing modulo q."""

    def change(value: Any) -> None:
        proof = value["answers"][0]["individual_proofs"][0][0]
        proof["response"] = str(int(proof["response"]) + GROUP.q)

    return ballot_that(change)


@kind
def ballot_whose_choice_was_moved() -> bytes:
    """A choice encrypts one more than its proof says."""

    def change(value: Any) -> None:
        choice = value["answers"][0]["choices"][0]
        choice["beta"] = GROUP.text(GROUP.multiply(GROUP.element(choice["beta"]), GROUP.generator))

    return ballot_that(change)


@kind
def ballot_with_a_choice_beside_the_subgroup() -> bytes:
    """A choice's alpha is a member plus the point of order 2."""

    def change(value: Any) -> None:
        choice = value["answers"][0]["choices"][0]
        choice["alpha"] = beside(choice["alpha"])

    return ballot_that(change)


@kind
def ballot_with_a_field_more() -> bytes:
    """A paper has a field that nobody knows."""
    return ballot_that(lambda value: value.update(note=""))


@kind
def ballot_with_the_answers_of_another() -> bytes:
    """A voter signs another voter's answers as their own."""
    draft = voted()
    value = json.loads(draft.steps[1].texts[0])
    voter, s = next(item for item in draft.seed.keys.voters.items() if item[0] != value["credential"])
    body = {name: item for name, item in value.items() if name != "signature"}
    draft.steps.append(Step("Ballot", [signed(draft, {**body, "credential": voter}, s, Random(1))]))  # noqa: S311
    return draft.written()


@kind
def ballot_of_a_stranger() -> bytes:
    """A paper is signed by a key that is not listed."""
    draft = begun()
    mutations.vote_as_a_stranger(draft, Random(1))  # noqa: S311
    return draft.written()


@kind
def ballot_twice() -> bytes:
    """The same paper comes twice."""
    draft = voted()
    draft.steps.append(draft.steps[-1])
    return draft.written()


# --- the count


@kind
def tally_without_the_last_paper() -> bytes:
    """The tally is of the papers before the last, decrypted and counted by all trustees."""
    draft = finished("weights")
    last = draft.of_type("Ballot")[-1]
    place = draft.steps.index(last)
    draft.steps.remove(last)
    recount(draft)
    redecrypt(draft, Random(1))  # noqa: S311
    recompute(draft)
    draft.steps.insert(place, last)
    return draft.written()


@kind
def tally_of_papers_in_another_order() -> bytes:
    """Two voters' papers changed places on the board: right, for their sum is the same."""
    draft = finished("blank")
    draft.steps[1], draft.steps[2] = draft.steps[2], draft.steps[1]
    return draft.written()


@kind
def factor_beside_the_subgroup() -> bytes:
    """A decryption factor is a member plus the point of order 2."""
    draft = finished("plain")

    def change(value: Any) -> None:
        row = value["decryption_factors"][0]
        row[0] = beside(row[0])

    edit(draft.of_type("PartialDecryption")[0], 0, change)
    return draft.written()


@kind
def decryption_of_owner_true() -> bytes:
    """A decryption's owner is true, which equals 1 in some languages."""
    draft = finished("plain")
    edit(draft.of_type("PartialDecryption")[0], 1, lambda value: value.update(owner=True))
    return draft.written()


@kind
def decryption_twice() -> bytes:
    """A trustee's decryption comes twice: right, the last one counts."""
    draft = finished("plain")
    mutations.repeat_decryption(draft, Random(1))  # noqa: S311
    return draft.written()


@kind
def decryption_that_the_count_does_without() -> bytes:
    """One of three trustees hands in a wrong decryption, and two are enough: right, with a warning."""
    draft = finished("threshold")
    wrong = draft.of_type("PartialDecryption")[0]
    draft.steps.insert(-1, Step(wrong.type, list(wrong.texts)))
    edit(draft.steps[-2], 1, lambda value: value.update(owner=2))
    return draft.written()


@kind
def result_with_one_more() -> bytes:
    """A count is one more than what was decrypted."""
    draft = finished("plain")
    edit(draft.of_type("Result")[0], 0, lambda value: value["result"][0].__setitem__(0, 2))
    return draft.written()


@kind
def result_as_text() -> bytes:
    """A small count is written as a text."""
    draft = finished("plain")
    edit(draft.of_type("Result")[0], 0, lambda value: value["result"][0].__setitem__(0, "1"))
    return draft.written()


@kind
def shuffle_that_replaces_an_answer() -> bytes:
    """A shuffle holds another answer in place of one of the voters'."""
    draft = finished("ranking")
    readable = Readable.of(draft)
    assert readable

    def change(value: Any) -> None:
        y = readable.election.public_key
        answer = GROUP.multiply(y, GROUP.encode([1, 1]))
        value["ciphertexts"][0][0] = {"alpha": GROUP.text(GROUP.generator), "beta": GROUP.text(answer)}

    del draft.steps[draft.steps.index(draft.of_type("Shuffle")[0]) + 1 :]
    edit(draft.of_type("Shuffle")[0], 0, change)
    return draft.written()


# --- writing


def expected(report: Report) -> Mapping[str, object]:
    return {
        "verdict": report.verdict,
        "checks": sorted({finding.check for finding in report.findings}),
        "warnings": sorted({finding.check for finding in report.warnings}),
    }


def sentence(make: Make) -> str:
    return (make.__doc__ or "").strip()


def readme() -> str:
    before, _table, *_after = (CORPUS / "README.md").read_text(encoding="utf-8").partition("| kind |")
    rows = "".join(f"| `{name}` | {sentence(make)} |\n" for name, make in KINDS.items())
    return f"{before}| kind | what it is |\n| --- | --- |\n{rows}"


def write() -> None:
    ARCHIVES.mkdir(exist_ok=True)
    said = {}
    for name, make in KINDS.items():
        data = make()
        (ARCHIVES / f"{name}.bel").write_bytes(data)
        said[name] = expected(verify(data))
    (CORPUS / "expected.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    (CORPUS / "README.md").write_text(readme(), encoding="utf-8")


if __name__ == "__main__":
    write()
