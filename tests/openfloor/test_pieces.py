"""Long files on their way out: as they are, whatever the caller's pace, and without a page's thread."""

import asyncio
from pathlib import Path
from typing import Any

from factories.loops import in_own_loop
from openfloor import pieces
from openfloor.ui.growing import GrowingFile, Part

LONG = bytes(range(256)) * 4096


class Answer:
    """What Django hands to its server for a file, once it was offered to cut it."""

    def __init__(self, file: Any) -> None:
        self.file = file

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        return environ["wsgi.file_wrapper"](self.file, 4096)


class Plain:
    """A file that somebody else opened."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.is_closed = False

    def read(self, count: int) -> bytes:
        data, self.data = self.data[:count], self.data[count:]
        return data

    def close(self) -> None:
        self.is_closed = True


def part(folder: Path) -> Part:
    return GrowingFile(folder, b"header").up_to(0, lambda height: [LONG])


def cut(file: Any, method: str = "GET") -> list[Any]:
    return list(pieces.offered(Answer(file))({"REQUEST_METHOD": method}, print))


def sent(bodies: list[Any]) -> list[bytes]:
    messages: list[bytes] = []

    async def send(message: Any) -> None:
        messages.append(message["body"])

    async def story() -> None:
        for body in bodies:
            await pieces.reading(send)({"type": "http.response.body", "body": body})

    in_own_loop(asyncio.wait_for(story(), 10))
    return messages


def test_long_file_is_read_only_when_it_is_sent(tmp_path: Path) -> None:
    queued = cut(part(tmp_path))

    assert all(isinstance(one, pieces.Piece) for one in queued)
    assert len(queued) == 5
    assert b"".join(sent(queued)) == b"header" + LONG


def test_other_files_are_read_at_once_and_closed() -> None:
    file = Plain(LONG)

    assert b"".join(cut(file)) == LONG
    assert file.is_closed


def test_nothing_is_read_for_who_asks_for_the_headers_alone(tmp_path: Path) -> None:
    file = Plain(LONG)

    assert cut(file, "HEAD") == []
    assert cut(part(tmp_path), "HEAD") == []
    assert file.data == LONG


def test_what_is_no_piece_is_sent_as_it_is() -> None:
    assert sent([b"page"]) == [b"page"]
