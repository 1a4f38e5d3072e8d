"""What a page makes a browser load and run, read as a browser does: whatever could act is named."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

# Links that load nothing.
JUST_LINKS = {"alternate", "author", "canonical", "help", "license", "next", "prev", "search"}
ACTING = {"applet", "base", "embed", "fencedframe", "frame", "iframe", "object", "portal"}
HIDING = "markup in which something may be hidden from this comparison"
DATA_BLOCKS = {"application/json", "application/ld+json"}
LOADING = {
    "script": ("src", "href", "xlink:href"),
    "img": ("src",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
    "source": ("src",),
    "track": ("src",),
    "audio": ("src",),
    "video": ("src", "poster"),
    "input": ("src",),
    "body": ("background",),
}
# What every program reads alike. A comment, say, ends in one place for a browser and in another for us.
_SPACE = r"[ \t\r\n\f]"
_ATTRIBUTE = rf'{_SPACE}+[a-z@:_][a-z0-9@:._-]*(?:=(?:"[^"]*"|[a-z0-9#._-]+))?'
_TAG = rf"<[a-z][a-z0-9-]*(?:{_ATTRIBUTE})*{_SPACE}*/?>|</[a-z][a-z0-9-]*{_SPACE}*>"
PLAIN = re.compile(rf"{_SPACE}*(?:<!doctype html>)?(?:[^<]|{_TAG})*+", re.IGNORECASE | re.ASCII)
PRESSED = {"a": "href", "area": "href", "form": "action", "button": "formaction", "input": "formaction"}


@dataclass(slots=True)
class Page:
    """Addresses are absolute. *acting* names what the page does beside loading."""

    address: str
    loads: set[str] = field(default_factory=set)
    leads_to: set[str] = field(default_factory=set)
    sends_to: set[str] = field(default_factory=set)
    acting: set[str] = field(default_factory=set)


def read_page(address: str, html: str) -> Page:
    reader = _Reader(address)
    if not PLAIN.fullmatch(html):
        reader.page.acting.add(HIDING)
    reader.feed(html)
    reader.close()
    return reader.page


def loads_of_link_header(address: str, value: str) -> set[str]:
    """A Link header loads style sheets and scripts as a link element does."""
    return {
        urljoin(address, part.partition("<")[2].partition(">")[0]) for part in value.split(",") if "<" in part
    }


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=False)
        self.page = Page(address)
        self._is_in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Of an attribute that stands twice, browsers take the first.
        attributes = {name: value or "" for name, value in reversed(attrs)}
        self._note_acting(tag, attributes)
        for name in LOADING.get(tag, ()):
            if attributes.get(name):
                self._load(attributes[name])
        for candidate in attributes.get("srcset", "").split(","):
            if candidate.strip():
                self._load(candidate.split()[0])
        relations = set(attributes.get("rel", "").lower().split())
        if tag == "link" and attributes.get("href") and relations - JUST_LINKS:
            self._load(attributes["href"])
        if tag in PRESSED and attributes.get(PRESSED[tag]):
            self._press(tag, attributes[PRESSED[tag]])

    def handle_endtag(self, tag: str) -> None:
        self._is_in_script = False

    def handle_data(self, data: str) -> None:
        if self._is_in_script and data.strip():
            self.page.acting.add("inline script")
        if "<" in data:  # text for us; a browser may take it for an element
            self.page.acting.add(HIDING)

    def _note_acting(self, tag: str, attributes: dict[str, str]) -> None:
        is_data = attributes.get("type", "").strip().lower() in DATA_BLOCKS
        self._is_in_script = tag == "script" and not is_data
        # Outside of a picture a browser knows no other attribute that loads a script.
        if self._is_in_script and "src" not in attributes:
            self.page.acting.add("inline script")
        if tag == "style":
            self.page.acting.add("inline style")
        if tag in ACTING:
            self.page.acting.add(f"<{tag}>")
        if tag == "meta" and attributes.get("http-equiv"):
            self.page.acting.add(f"<meta http-equiv={attributes['http-equiv'].lower()}>")
        for name, value in attributes.items():
            if name.startswith("on"):
                self.page.acting.add(f"inline script ({name})")
            if name == "style":
                self.page.acting.add("inline style")
            if name == "srcdoc" or _is_script_address(value):
                self.page.acting.add(f"inline script ({name})")

    def _load(self, value: str) -> None:
        self.page.loads.add(urljoin(self.page.address, value.strip()))

    def _press(self, tag: str, value: str) -> None:
        target = urljoin(self.page.address, value.strip())
        if tag in ("a", "area"):
            self.page.leads_to.add(urlsplit(target)._replace(fragment="").geturl())
        else:
            self.page.sends_to.add(target)


def _is_script_address(value: str) -> bool:
    """Browsers skip blanks and control characters inside of `javascript:`."""
    plain = "".join(character for character in value if character > " ").lower()
    return plain.startswith(("javascript:", "vbscript:"))
