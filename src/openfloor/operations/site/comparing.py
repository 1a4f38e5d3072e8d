"""Holding a site against a release: every file for every kind of visitor, every page a stranger can reach.

The trap: a site may serve something else to a few. What differs between visitors is named first.
"""

import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from openfloor.operations.site import pages, policy
from openfloor.operations.site.released import Released
from openfloor.operations.site.visitor import AGENTS, MODERN, OLDER, Answer, DidNotAnswer, Visitor

ENTRIES = ("/", "/sign-in/", "/join/", "/found/", "/no-such-page/")
MOST_PAGES = 60
PAGE = "text/html; charset=utf-8"
JUST_FILES = {"application/json", "application/octet-stream", "application/x-tar", "text/plain"}
REDIRECTS = (301, 302, 303, 307, 308)

Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """*kind* is one of: unreachable, to_some, changed, missing, extra, acting, policy, elsewhere."""

    kind: str
    name: str
    sentence: str

    def as_json(self) -> dict[str, str]:
        return {"kind": self.kind, "name": self.name, "sentence": self.sentence}


@dataclass(slots=True)
class Compared:
    files: int
    pages: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


class NoSuchSite(Exception):
    """Nothing answers at the address at all."""


def compare(address: str, released: Released, *, progress: Progress = lambda done, total: None) -> Compared:
    """Raises NoSuchSite; *address* may lead to a page, such as a board, which is looked at too."""
    base = origin(address)
    visitors = [Visitor(base, agent) for agent in AGENTS]
    try:
        try:
            visitors[0].fetch(f"{base}/")
        except DidNotAnswer as error:
            raise NoSuchSite(str(error)) from error
        looked_at, found = _look_at_pages(base, urlsplit(address).path, visitors, released)
        differences = [*_look_at_files(base, visitors, released, progress), *found]
    finally:
        for visitor in visitors:
            visitor.leave()
    return Compared(files=len(released.files), pages=looked_at, differences=sorted(set(differences)))


def origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


# Files


def _look_at_files(
    base: str, visitors: list[Visitor], released: Released, progress: Progress
) -> Iterator[Difference]:
    """Each file to each visitor, in a form for new and one for older browsers, in no order."""
    errands = [
        (path, visitor, encodings)
        for path in released.files
        for visitor in visitors
        for encodings in (MODERN, OLDER)
    ]
    random.SystemRandom().shuffle(errands)
    results: dict[str, dict[str, list[Visitor]]] = {path: {} for path in released.files}
    for done, (path, visitor, encodings) in enumerate(errands, start=1):
        results[path].setdefault(_outcome(visitor, base + path, encodings), []).append(visitor)
        progress(done, len(errands))
    for path, outcomes in results.items():
        yield from _file_differences(path, released.files[path], outcomes)


def _outcome(visitor: Visitor, address: str, encodings: str) -> str:
    """The hash of what came, or why nothing did."""
    try:
        answer = visitor.fetch(address, encodings)
    except DidNotAnswer as error:
        return f"no answer ({error})"
    if answer.status != 200:
        return f"status {answer.status}"
    return hashlib.sha256(answer.content).hexdigest()


def _file_differences(path: str, expected: str, outcomes: dict[str, list[Visitor]]) -> Iterator[Difference]:
    if set(outcomes) == {expected}:
        return
    if len(outcomes) > 1:
        others = [
            visitor.agent for outcome, who in outcomes.items() if outcome != expected for visitor in who
        ]
        whom = ", ".join(sorted(set(others)))
        yield Difference("to_some", path, f"{path} is not the same for every visitor: another for {whom}.")
    for outcome in sorted(set(outcomes) - {expected}):
        if len(outcome) == len(expected):
            yield Difference("changed", path, f"{path} is not the release's: its SHA-256 is {outcome}.")
        else:
            yield Difference("missing", path, f"{path} of the release is not served: {outcome}.")


# Pages


def _look_at_pages(
    base: str, first: str, visitors: list[Visitor], released: Released
) -> tuple[list[str], list[Difference]]:
    waiting = [*dict.fromkeys([first or "/", *ENTRIES])]
    seen: list[str] = []
    differences: list[Difference] = []
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(random.SystemRandom().randrange(len(waiting)))
        seen.append(path)
        for visitor in visitors:
            further, found = _look_at_page(base, path, visitor, released)
            differences += found
            waiting += sorted(further - {*waiting, *seen})
    return sorted(seen), differences


def _look_at_page(
    base: str, path: str, visitor: Visitor, released: Released
) -> tuple[set[str], list[Difference]]:
    """The further pages it leads to on this site, and what is wrong with it."""
    address = base + path
    try:
        answer = visitor.fetch(address)
    except DidNotAnswer as error:
        return set(), [Difference("unreachable", path, f"The page {path} did not answer ({error}).")]
    if answer.status in REDIRECTS:
        return _follow(base, path, urljoin(address, answer.header("location")))
    kind = answer.header("content-type").lower()
    if kind.partition(";")[0].strip() in JUST_FILES:
        return set(), []
    page = pages.read_page(address, answer.content.decode("utf-8", "replace"))
    if kind != PAGE or not _is_utf8(answer.content):
        page.acting.add(f"the type {kind or 'none'}, or text that is not UTF-8")
    page.loads |= pages.loads_of_link_header(address, answer.header("link"))
    return _further(base, page), list(_page_differences(base, path, page, answer, released))


def _is_utf8(content: bytes) -> bool:
    """A browser that is told, or guesses, another encoding reads another page."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _follow(base: str, path: str, target: str) -> tuple[set[str], list[Difference]]:
    if origin(target) == base:
        return {urlsplit(target).path}, []
    return set(), [Difference("elsewhere", path, f"The page {path} leads to another site: {origin(target)}.")]


def _further(base: str, page: pages.Page) -> set[str]:
    return {urlsplit(target).path or "/" for target in page.leads_to if origin(target) == base}


def _asked_for(target: str) -> str:
    """With its question mark: behind one, a site may serve another file under the same path."""
    return urlsplit(target)._replace(scheme="", netloc="", fragment="").geturl()


def _page_differences(
    base: str, path: str, page: pages.Page, answer: Answer, released: Released
) -> Iterator[Difference]:
    for target in page.loads:
        if origin(target) != base:
            yield Difference("elsewhere", path, f"The page {path} loads from elsewhere: {target}.")
        elif (name := _asked_for(target)) not in released.files:
            yield Difference("extra", path, f"The page {path} loads what no release has: {name}.")
    for target in page.sends_to:
        if origin(target) != base:
            yield Difference("elsewhere", path, f"A form on {path} sends to another site: {origin(target)}.")
    for name in page.acting:
        yield Difference("acting", path, f"The page {path} has what no page of ours has: {name}.")
    if answer.header("refresh"):
        yield Difference("acting", path, f"The page {path} has what no page of ours has: a Refresh header.")
    headers = answer.headers.get("content-security-policy", [])
    if missing := policy.weaker(policy.read_policies(headers), released.policy_of(path)):
        yield Difference(
            "policy",
            path,
            f"The page {path} lets the browser do more than ours (Content-Security-Policy): "
            f"{', '.join(missing)}.",
        )
