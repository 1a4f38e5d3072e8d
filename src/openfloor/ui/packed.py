"""An answer that many get alike: compressed once. Only for pages without secrets, whose length may tell."""

import gzip
import hashlib
from dataclasses import dataclass
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

A = TypeVar("A", bound=HttpResponseBase)


@dataclass(frozen=True, slots=True)
class Packed:
    """The body and type of an answer, and what names this very body."""

    gzipped: bytes
    content_type: str
    etag: str

    @classmethod
    def of(cls, answer: HttpResponse) -> "Packed":
        body = answer.content
        etag = f'W/"{hashlib.sha256(body).hexdigest()}"'
        return cls(gzip.compress(body, 6, mtime=0), answer.headers["Content-Type"], etag)

    def answer(self, request: HttpRequest) -> HttpResponse:
        takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
        body = self.gzipped if takes_gzip else gzip.decompress(self.gzipped)
        answer = HttpResponse(body, content_type=self.content_type)
        if takes_gzip:
            answer.headers["Content-Encoding"] = "gzip"
        patch_vary_headers(answer, ["Accept-Encoding"])
        return answer

    def answer_if_new(self, request: HttpRequest) -> HttpResponse:
        """The same, or 304 to whoever has it; everybody asks again each time."""
        return only_if_new(request, self.etag) or asked_again(self.answer(request), self.etag)


def only_if_new(request: HttpRequest, etag: str) -> HttpResponse | None:
    """The answer to whoever has the body that *etag* names already; None to all others."""
    unchanged: HttpResponse | None = get_conditional_response(request, etag=etag)
    return unchanged and asked_again(unchanged, etag)


def asked_again(answer: A, etag: str) -> A:
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = "no-cache"
    return answer
