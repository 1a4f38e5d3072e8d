"""The text of a file that somebody chose: .txt, or .docx as word processors make it.

A .docx is a zip file of XML, made by strangers: its sizes are looked at before anything is unpacked, and what
the library trips over is one refusal. What tracked changes put in is read, what they took out is not.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import docx
from docx.table import Table
from docx.text.paragraph import Paragraph

LARGEST_FILE = 1_900_000
MOST_ENTRIES = 500
LARGEST_ENTRY = 10_000_000
LARGEST_UNPACKED = 20_000_000
MOST_TIMES_SMALLER = 200
_ENOUGH_TO_COMPARE = 100_000  # a short part may be smaller by any factor


class Unreadable(ValueError):
    """This is no text and no .docx that we can read."""


class TooLarge(ValueError):
    """It is larger than a contract, or would be once it is unpacked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    text: str
    has_tracked_changes: bool = False


def read_document(name: str, content: bytes) -> Document:
    """Raises Unreadable and TooLarge."""
    if len(content) > LARGEST_FILE:
        raise TooLarge
    if name.lower().endswith(".docx"):
        return _read_docx(content)
    if name.lower().endswith((".txt", ".md")):
        return Document(text=_decoded(content))
    raise Unreadable


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable from error


def _read_docx(content: bytes) -> Document:
    _refuse_bombs(content)
    try:
        opened = docx.Document(io.BytesIO(content))
        lines = [line for block in opened.iter_inner_content() for line in _lines(block)]
        has_changes = bool(opened.element.body.xpath(".//w:ins | .//w:del | .//w:moveFrom"))
    except Exception as error:  # whatever trips the library in a stranger's file
        raise Unreadable from error
    return Document(text="\n".join(lines), has_tracked_changes=has_changes)


def _refuse_bombs(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Unreadable from error
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise TooLarge
    if any(_is_bomb(entry) for entry in entries):
        raise TooLarge


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    # Python reads no more of an entry than the size that it states here.
    if entry.file_size > LARGEST_ENTRY:
        return True
    is_worth_comparing = entry.file_size > _ENOUGH_TO_COMPARE
    return is_worth_comparing and entry.file_size > MOST_TIMES_SMALLER * max(entry.compress_size, 1)


def _lines(block: Paragraph | Table) -> Iterator[str]:
    if isinstance(block, Paragraph):
        text = _text_of(block)
        yield f"# {text}" if _is_heading(block) and text.strip() else text
        yield ""
        return
    for row in block.rows:
        yield " | ".join(" ".join(map(_text_of, cell.paragraphs)) for cell in row.cells)
    yield ""


def _text_of(paragraph: Paragraph) -> str:
    """With what was put in by tracked changes, which the library's own property leaves out."""
    pieces = paragraph._p.xpath(
        ".//*[(self::w:t or self::w:tab or self::w:br) and not(ancestor::w:moveFrom)]"
    )
    return "".join(str(piece.text or "") if piece.tag.endswith("}t") else " " for piece in pieces)


def _is_heading(paragraph: Paragraph) -> bool:
    style = paragraph.style
    return style is not None and (style.name or "").lower() in ("heading 1", "heading 2")
