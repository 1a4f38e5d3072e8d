"""A whole proposal in, and everything out: cut into articles, looked at first, bombs refused."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st

from factories.bargaining import contract, put_forward, wages
from factories.workplace import found
from openfloor.audit.queries import last_entry
from openfloor.bargaining import actions, documents
from openfloor.bargaining.actions.proposals import hash_of
from openfloor.bargaining.documents import Document, TooLarge, Unreadable, read_document
from openfloor.bargaining.errors import BadProposal, NothingNew, OrganisersBargain, TooManyArticles
from openfloor.bargaining.models import Article, Contract, Proposal
from openfloor.bargaining.reading import (
    ArticleTwice,
    Cut,
    HeadingWithoutNumber,
    NoArticles,
    Part,
    articles_in,
)
from openfloor.workplace.models import Member

from .conftest import Refuses, browser_of

NOW = timezone.now()
WHOLE = """To the bargaining committee
7 October

Article 12: Wages
Wages rise by five percent.

They rise again a year later.

ARTICLE 14
Breaks
Everybody has thirty minutes.
Article 12 of this agreement applies to them.

# 15A. Floating
"""
TYPED = {"side": "theirs", "made_on": "2026-09-01", "source": "Session 3"}


def part(number: str, title: str = "Wages", text: str = "Five percent.") -> Part:
    return Part(number=number, title=title, text=text)


def imported(by: Member, about: Contract, *parts: Part, side: str = "theirs") -> list[Proposal]:
    made_on = date(2026, 9, 1)
    return actions.import_proposal(by, about, side, parts, made_on=made_on, source="", now=NOW)


def test_a_text_is_cut_where_an_article_begins_a_paragraph() -> None:
    assert articles_in(WHOLE) == Cut(
        before="To the bargaining committee\n7 October",
        parts=(
            part("12", "Wages", "Wages rise by five percent.\n\nThey rise again a year later."),
            part(
                "14", "Breaks", "Everybody has thirty minutes.\nArticle 12 of this agreement applies to them."
            ),
            part("15A", "Floating", ""),
        ),
    )


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("Wages rise.", NoArticles),
        ("# Proposal of the employer\nWages rise.", NoArticles),
        ("Article 12\nWages\n\n# Breaks\nThirty.", HeadingWithoutNumber),
        ("Article 12\nx\n\nArticle 12: Again\ny", ArticleTwice),
    ],
)
def test_a_text_that_cannot_be_cut_is_refused(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        articles_in(text)


def test_a_title_before_the_first_article_needs_no_number_and_a_hash_sign_is_no_heading() -> None:
    cut = articles_in("# Proposal of the employer\n\n# 12 Wages\n#1 priority")

    assert cut == Cut(before="# Proposal of the employer", parts=(part("12", "Wages", "#1 priority"),))


lines = st.lists(
    st.sampled_from(["Wages rise.", "", "Article 12: Wages", "# 14 Breaks", "and so on,"]), max_size=9
)


@given(lines)
def test_no_line_is_lost_by_cutting(given_: list[str]) -> None:
    try:
        cut = articles_in("\n".join(given_))
    except (NoArticles, ArticleTwice):
        return

    kept = [cut.before, *(each.text for each in cut.parts)]
    assert _sentences("\n".join(kept)) == _sentences("\n".join(given_))


def _sentences(text: str) -> list[str]:
    return [line for line in text.splitlines() if line in ("Wages rise.", "and so on,")]


# Documents


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def a_docx() -> bytes:
    document = docx.Document()
    document.add_heading("Article 12: Wages", level=1)
    document.add_paragraph("Wages rise by five percent.")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "RN 3", "48.20"
    return saved(document)


def zipped(entries: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return stream.getvalue()


def test_a_docx_is_read_with_its_headings_and_tables() -> None:
    read = read_document("Offer.DOCX", a_docx())

    assert read == Document(
        text="# Article 12: Wages\n\nWages rise by five percent.\n\nRN 3 | 48.20\n", has_tracked_changes=False
    )
    assert [each.number for each in articles_in(read.text).parts] == ["12"]


def test_tracked_changes_count_as_accepted_and_are_told() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Wages rise by ")
    for kind, tag, text in (("ins", "t", "five"), ("del", "delText", "nine")):
        paragraph._p.append(
            parse_xml(f"<w:{kind} {nsdecls('w')}><w:r><w:{tag}>{text}</w:{tag}></w:r></w:{kind}>")
        )

    read = read_document("offer.docx", saved(document))

    assert read == Document(text="Wages rise by five\n", has_tracked_changes=True)


@pytest.mark.parametrize("content", ["Löhne".encode(), "Löhne".encode("utf-8-sig"), "Löhne".encode("utf-16")])
def test_plain_text_is_read_in_unicode(content: bytes) -> None:
    assert read_document("offer.txt", content) == Document(text="Löhne")


BOMBS: dict[str, tuple[Callable[[], bytes], type[Exception]]] = {
    "too large itself": (lambda: b"a" * (documents.LARGEST_FILE + 1), TooLarge),
    "one entry unpacks to 11 MB": (lambda: zipped({"word/document.xml": b"a" * 11_000_000}), TooLarge),
    "one entry is 500 times smaller": (lambda: zipped({"word/document.xml": b"a" * 1_000_000}), TooLarge),
    "many entries are large together": (
        lambda: zipped({f"{n}.xml": bytes(range(256)) * 4_000 for n in range(21)}),
        TooLarge,
    ),
    "there are too many entries": (lambda: zipped({f"{n}": b"" for n in range(501)}), TooLarge),
    "it is no zip file": (lambda: b"PK\x03\x04 nonsense", Unreadable),
    "it is a zip file of something else": (lambda: zipped({"a.txt": b"a"}), Unreadable),
    "its XML is cut off": (lambda: a_docx()[:-200], Unreadable),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_or_nonsense_is_refused_before_it_is_unpacked(name: str) -> None:
    make, error = BOMBS[name]

    with pytest.raises(error):
        read_document("offer.docx", make())


def test_entities_of_a_docx_are_not_expanded() -> None:
    with zipfile.ZipFile(io.BytesIO(a_docx())) as packed:
        entries = {name: packed.read(name) for name in packed.namelist()}
    lol = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    xml = entries["word/document.xml"].replace(b"?>", b"?>" + lol, 1).replace(b"five", b"&b;")

    try:
        text = read_document("offer.docx", zipped({**entries, "word/document.xml": xml})).text
    except Unreadable:
        return
    assert "aaaaaaaaaa" not in text


def test_other_files_are_refused() -> None:
    for name, content in (("offer.pdf", b"%PDF"), ("offer.txt", b"\xff\x00\xff"), ("offer", b"Article 1")):
        with pytest.raises(Unreadable):
            read_document(name, content)


# Storing


@pytest.fixture
def about(organiser: Member) -> Contract:
    return contract(organiser)


def test_import_adds_articles_and_versions_in_one_entry(organiser: Member, about: Contract) -> None:
    article = wages(organiser, about)
    put_forward(organiser, article, "theirs", text="Five percent.")

    added = imported(
        organiser, about, part("12"), part("14", "Breaks", "Thirty minutes."), part("15", "Empty", "")
    )

    assert [(each.article.number, each.number) for each in added] == [("14", 1)]
    assert list(Article.objects.values_list("number", flat=True)) == ["12", "14"]
    entry = last_entry(organiser.committee_id)
    assert entry is not None
    assert entry.kind == "proposals_imported"
    assert json.loads(entry.payload or "")["versions"][0]["hash"] == hash_of(added[0])


def test_import_refuses_what_is_all_there_and_leaves_nothing_half_done(
    organiser: Member, member: Member, about: Contract, refuses: Refuses
) -> None:
    imported(organiser, about, part("12"))

    with refuses(NothingNew):
        imported(organiser, about, part("12"))
    with refuses(BadProposal):
        imported(organiser, about, part("13"), part("14", text="a" * 60_001))
    with refuses(TooManyArticles):
        imported(organiser, about, *(part(str(n)) for n in range(1_001)))
    for by in (member, found(name="Day shift", index=9).members[0].member):
        with refuses(OrganisersBargain):
            imported(by, about, part("13"))


def test_a_file_is_shown_first_and_stored_only_when_told(organiser: Member, about: Contract) -> None:
    browser = browser_of(organiser)
    address = f"/bargaining/contracts/{about.pk}/import/"
    file = SimpleUploadedFile("offer.docx", a_docx())

    shown = browser.post(address, {**TYPED, "file": file})

    assert "1 article says something new" in shown.text
    assert not Proposal.objects.exists()
    text = "# Article 12: Wages\n\nWages rise by five percent."
    assert text in shown.text
    browser.post(address, {**TYPED, "text": text.replace("\n", "\r\n"), "store": "yes"})
    assert Proposal.objects.get().text == "Wages rise by five percent."
    assert Proposal.objects.get().source == "Session 3"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"text": ""}, "No line here begins an article."),
        ({"text": "# 1 A\nx\n# B\ny"}, "Line 3, “B”, has no number."),
        ({"text": "# 1 A\nx\n# 1 B\ny"}, "Article 1 begins twice."),
        ({"file": SimpleUploadedFile("offer.pdf", b"%PDF")}, "This is no .docx"),
        (
            {"file": SimpleUploadedFile("offer.docx", zipped({"a": b"a" * 11_000_000}))},
            "This file is too large",
        ),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_stored(
    organiser: Member, about: Contract, sent: dict[str, Any], sentence: str
) -> None:
    answer = browser_of(organiser).post(
        f"/bargaining/contracts/{about.pk}/import/", {**TYPED, **sent, "store": "yes"}
    )

    assert sentence in answer.text
    assert not Proposal.objects.exists()


def test_a_file_whose_headings_lack_numbers_comes_back_as_text_to_correct(
    organiser: Member, about: Contract
) -> None:
    document = docx.Document()
    for heading in ("12 Wages", "Breaks"):
        document.add_heading(heading, level=1)
        document.add_paragraph("Words.")

    answer = browser_of(organiser).post(
        f"/bargaining/contracts/{about.pk}/import/",
        {**TYPED, "file": SimpleUploadedFile("offer.docx", saved(document))},
    )

    assert "“Breaks”, has no number" in answer.text
    assert "# Breaks\n\nWords." in answer.text


def test_four_hundred_articles_are_stored_and_shown(organiser: Member, about: Contract) -> None:
    text = "\n\n".join(f"# {n} Article of number {n}\nWords of {n}." for n in range(1, 401))
    browser = browser_of(organiser)

    browser.post(f"/bargaining/contracts/{about.pk}/import/", {**TYPED, "text": text, "store": "yes"})

    assert Proposal.objects.count() == 400
    assert "400 · Article of number 400" in browser.get(f"/bargaining/contracts/{about.pk}/").text


# Exports


def test_csv_has_a_row_a_version_and_starts_no_formula(organiser: Member, about: Contract) -> None:
    article = wages(organiser, about)
    put_forward(organiser, article, "ours", "10", "7", "7", "7")
    put_forward(organiser, article, "theirs", text="=HYPERLINK(1)")

    answer = browser_of(organiser).get(f"/bargaining/contracts/{about.pk}/proposals.csv")

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["version"], row["side"], row["stands"]) for row in rows] == [
        ("1", "ours", "yes"),
        ("2", "theirs", "yes"),
    ]
    assert rows[0]["raises_added_up_percent"] == "31"
    assert rows[0]["raises"].splitlines()[0] == "2026-10-01: 10 %"
    assert rows[1]["text"] == "'=HYPERLINK(1)"


def test_json_has_what_each_hash_is_of(organiser: Member, about: Contract) -> None:
    version = put_forward(organiser, wages(organiser, about), "ours", "10")

    answer = browser_of(organiser).get(f"/bargaining/contracts/{about.pk}/proposals.json")

    (article,) = answer.json()["articles"]
    (exported,) = article["versions"]
    assert exported.pop("hash") == version.hash
    assert exported.pop("written_by") == organiser.number
    assert exported["figures"] == {
        "starts_on": "2026-10-01",
        "ends_on": "2027-10-01",
        "raises": [{"on": "2026-10-01", "rate": "1/10"}],
    }
    assert article["stands"] == {"ours": 1, "theirs": None, "agreed": None}


def test_the_printed_page_has_what_each_side_says_now(organiser: Member, about: Contract) -> None:
    article = wages(organiser, about)
    put_forward(organiser, article, "ours", text="Ten percent.")
    put_forward(organiser, article, "ours", text="Nine percent.")

    page = browser_of(organiser).get(f"/bargaining/contracts/{about.pk}/print/").text

    assert "Nine percent." in page
    assert "Ten percent." not in page
