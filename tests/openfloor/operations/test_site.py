"""A site that serves the release passes; each way to serve something else is named, whoever it is for."""

import gzip
import hashlib
import http.server
import json
import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

import openfloor.ui as openfloor_ui
from journeys.server import BIN, Server, free_port
from openfloor.operations.errors import Refused
from openfloor.operations.site import comparing, pages, policy, released
from openfloor.operations.site.visitor import AGENTS, DidNotAnswer, Visitor

SEED = bytes(range(32))
KEY = SigningKey(SEED).verify_key.encode().hex()
POLICY = {"default-src": ["'none'"], "script-src": ["'self'"], "require-trusted-types-for": ["'script'"]}
STRICT = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'"
SCRIPT, STYLE = b"export const answer = 42;\n", b"body { margin: 0 }\n"
HOME = """<!doctype html><link rel=stylesheet href="/static/look.css"><a href="/board/abc/#x">b</a>
<a href="https://elsewhere.example/">away</a><script type=module src="/static/vote.js"></script>"""
FILES = {"/static/vote.js": SCRIPT, "/static/look.css": STYLE}
RELEASE = released.Released(
    version="9.9",
    policies={"*": POLICY},
    files={path: hashlib.sha256(content).hexdigest() for path, content in FILES.items()},
)


@dataclass
class Site:
    """A site made for a test. *swap* may change any answer: (path, request headers, content, headers)."""

    files: dict[str, bytes] = field(default_factory=lambda: dict(FILES))
    page: str = HOME
    policy: str = STRICT
    kind: str = "text/html; charset=utf-8"
    more_headers: dict[str, str] = field(default_factory=dict)
    redirect: dict[str, str] = field(default_factory=dict)
    swap: Callable[[str, Any, bytes], bytes] = lambda path, headers, content: content
    asked: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def served(site: Site) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append((self.path, self.headers["User-Agent"]))
            is_file = self.path in site.files or self.path.startswith("/static/")
            status = 404 if is_file and self.path not in site.files else 200
            content = site.files.get(self.path, site.page.encode())
            content = site.swap(self.path, self.headers, content)
            encoding = "br" if "br" in self.headers["Accept-Encoding"] else "gzip"
            body = brotli.compress(content) if encoding == "br" else gzip.compress(content)
            self.send_response(302 if self.path in site.redirect else status)
            self.send_header("Content-Type", "application/octet-stream" if is_file else site.kind)
            self.send_header("Content-Encoding", encoding)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", site.policy)
            for name, value in site.more_headers.items():
                self.send_header(name, value)
            if self.path in site.redirect:
                self.send_header("Location", site.redirect[self.path])
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def differences(site: Site) -> list[tuple[str, str]]:
    with served(site) as address:
        found = comparing.compare(address, RELEASE).differences
    return [(difference.kind, difference.name) for difference in found]


def kinds(site: Site) -> set[str]:
    return {kind for kind, _name in differences(site)}


def test_site_that_serves_the_release_passes_and_its_pages_are_followed() -> None:
    site = Site()

    with served(site) as address:
        compared = comparing.compare(address, RELEASE)

    assert compared.differences == []
    assert compared.pages == ["/", "/board/abc/", "/found/", "/join/", "/no-such-page/", "/sign-in/"]


def test_every_file_is_fetched_by_every_kind_of_visitor_in_no_fixed_order() -> None:
    site, again = Site(), Site()
    for one in (site, again):
        differences(one)

    fetched = {(path, agent) for path, agent in site.asked if path in FILES}
    assert fetched == {(path, agent) for path in FILES for agent in AGENTS.values()}
    assert [one for one in site.asked if one[0] in FILES] != [one for one in again.asked if one[0] in FILES]


def test_script_with_one_byte_changed_is_named() -> None:
    site = Site(files=FILES | {"/static/vote.js": SCRIPT.replace(b"42", b"43")})

    assert differences(site) == [("changed", "/static/vote.js")]


def test_file_that_is_missing_is_named() -> None:
    site = Site(files={"/static/vote.js": SCRIPT})

    assert differences(site) == [("missing", "/static/look.css")]


@pytest.mark.parametrize("only_for", [["iPhone"], ["Firefox"], ["Android", "iPhone"]])
def test_script_served_to_some_browsers_only_is_named_with_them(only_for: list[str]) -> None:
    def swap(path: str, headers: Any, content: bytes) -> bytes:
        is_victim = any(word in headers["User-Agent"] for word in only_for)
        return content.replace(b"42", b"43") if path == "/static/vote.js" and is_victim else content

    with served(Site(swap=swap)) as address:
        found = comparing.compare(address, RELEASE).differences

    assert [(one.kind, one.name) for one in found] == [
        ("changed", "/static/vote.js"),
        ("to_some", "/static/vote.js"),
    ]
    assert all(word in found[1].sentence for word in only_for)


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_script_changed_in_one_compressed_form_only_is_named(encoding: str) -> None:
    def swap(path: str, headers: Any, content: bytes) -> bytes:
        is_br = "br" in headers["Accept-Encoding"]
        return content + b"//" if path in FILES and is_br == (encoding == "br") else content

    assert kinds(Site(swap=swap)) == {"changed", "to_some"}


@pytest.mark.parametrize(
    "added",
    [
        "<script>alert(1)</script>",
        "<SCRIPT TYPE=module>alert(1)</SCRIPT>",
        '<script type="importmap">{}</script>',
        "<style>p { color: red }</style>",
        '<p style="color:red">',
        "<p onclick=alert(1)>",
        "<svg/onload=alert(1)>",
        '<a href=" java\nscript:alert(1)">',
        '<form action="javascript:alert(1)">',
        '<iframe src="/static/look.css"></iframe>',
        '<iframe srcdoc="x"></iframe>',
        '<base href="https://elsewhere.example/">',
        '<meta http-equiv="refresh" content="0;url=/">',
        "<object data=x></object>",
        "<embed src=x>",
        '<script href="/static/vote.js">alert(1)</script>',
        '<svg><script src="/static/vote.js">alert(1)</script></svg>',
        '<!--><script src="/static/extra.js"></script>-->',
        '<script type="application/json"></script x><script src="/static/extra.js"></script>',
        "<p title='x'y=\"><script src=/static/extra.js></script>",
    ],
)
def test_page_that_acts_by_itself_is_named(added: str) -> None:
    assert "acting" in kinds(Site(page=HOME + added))


def test_script_that_some_programs_take_for_text_is_named() -> None:
    hidden = '<svg><title><script src="/static/extra.js"></script></title></svg>'

    assert kinds(Site(page=HOME + hidden)) & {"acting", "extra"}


@pytest.mark.parametrize(
    ("added", "kind"),
    [
        ('<script src="/static/extra.js"></script>', "extra"),
        ('<script src="vote.js"></script>', "extra"),
        ('<script src="/static/vote.js?for=you"></script>', "extra"),
        ('<script src="/static/evil.js" src="/static/vote.js"></script>', "extra"),
        ('<link rel="stylesheet" href="/static/extra.css">', "extra"),
        ('<link rel="modulepreload" href="/static/extra.js">', "extra"),
        ('<link rel="serviceworker" href="/static/extra.js">', "extra"),
        ('<img src="/pixel">', "extra"),
        ('<img srcset="/pixel 2x, /static/look.css">', "extra"),
        ('<svg><use href="/sprite.svg#x"></svg>', "extra"),
        ('<script src="https://elsewhere.example/static/vote.js"></script>', "elsewhere"),
        ('<link rel="preconnect" href="//elsewhere.example">', "elsewhere"),
        ('<form action="https://elsewhere.example/">', "elsewhere"),
        ('<button formaction="https://elsewhere.example/">', "elsewhere"),
    ],
)
def test_page_that_loads_or_sends_more_is_named(added: str, kind: str) -> None:
    assert kinds(Site(page=HOME + added)) == {kind}


def test_page_that_loads_by_a_header_is_named() -> None:
    assert kinds(Site(more_headers={"Link": "</static/extra.css>; rel=stylesheet"})) == {"extra"}
    assert kinds(Site(more_headers={"Refresh": "0; url=/"})) == {"acting"}


@pytest.mark.parametrize(
    "kind", ["text/html", "Text/HTML; charset=utf-7", "text/html; charset=utf-16", "text/xml", ""]
)
def test_page_of_a_type_that_a_browser_may_read_in_another_way_is_named(kind: str) -> None:
    assert kinds(Site(kind=kind)) == {"acting"}


def test_page_in_another_encoding_is_named() -> None:
    page = (HOME + "<script>alert(1)</script>").encode("utf-16")

    assert kinds(Site(swap=lambda path, headers, content: content if path in FILES else page)) == {"acting"}


def test_page_shown_to_some_browsers_only_is_named() -> None:
    def swap(path: str, headers: Any, content: bytes) -> bytes:
        is_victim = path == "/sign-in/" and "Firefox" in headers["User-Agent"]
        return content + b"<script>alert(1)</script>" if is_victim else content

    assert differences(Site(swap=swap)) == [("acting", "/sign-in/")]


def test_page_that_leads_to_another_site_is_named_and_not_followed() -> None:
    assert differences(Site(redirect={"/join/": "https://elsewhere.example/join/"})) == [
        ("elsewhere", "/join/")
    ]


def test_page_that_leads_to_another_page_is_followed() -> None:
    site = Site(redirect={"/join/": "/other/"})

    assert differences(site) == []
    assert "/other/" in {path for path, _agent in site.asked}


def test_data_block_and_plain_links_are_no_difference() -> None:
    page = HOME + '<script type="application/json">{}</script><link rel="alternate" href="/feed">'

    assert differences(Site(page=page)) == []


# The policy


@pytest.mark.parametrize(
    ("found", "missing"),
    [
        (STRICT, []),
        (STRICT + "; img-src 'none'; upgrade-insecure-requests", []),
        ("default-src 'none'; require-trusted-types-for 'script'", []),
        (STRICT.replace("script-src 'self'", "script-src 'none'"), []),
        (STRICT.replace("'self'", "'self' 'unsafe-inline'"), ["script-src"]),
        (STRICT.replace("'self'", "'self' https://elsewhere.example"), ["script-src"]),
        (STRICT.replace("'none'", "'self'"), ["default-src"]),
        (STRICT.replace("; require-trusted-types-for 'script'", ""), ["require-trusted-types-for"]),
        (f"script-src *; {STRICT}", ["script-src"]),
        (f"{STRICT}; script-src-elem 'self'", []),
        (f"{STRICT}; script-src-elem 'self' 'unsafe-inline'", ["script-src-elem"]),
        (f"{STRICT}; worker-src *", ["worker-src"]),
        (f"{STRICT}; report-uri https://elsewhere.example/", ["report-uri"]),
        (f"default-src *, {STRICT}", []),
        ("", list(POLICY)),
    ],
)
def test_policy_is_weaker_where_it_allows_more(found: str, missing: list[str]) -> None:
    assert policy.weaker(policy.read_policies([found]), POLICY) == missing


def test_weakened_policy_of_a_page_is_named() -> None:
    site = Site(policy=STRICT.replace("'self'", "'self' 'unsafe-inline'"))

    with served(site) as address:
        found = comparing.compare(address, RELEASE).differences

    assert {one.kind for one in found} == {"policy"}
    assert "script-src" in found[0].sentence


def test_page_with_a_policy_of_its_own_is_held_to_it() -> None:
    looser = {"*": POLICY, "/": POLICY | {"script-src": ["'self'", "'unsafe-inline'"]}}
    release = replace(RELEASE, policies=looser)

    with served(Site(policy=STRICT.replace("'self'", "'self' 'unsafe-inline'"))) as address:
        found = comparing.compare(address, release).differences

    assert {one.kind for one in found} == {"policy"}
    assert "/" not in {one.name for one in found}


def test_policy_of_boards_is_that_of_any_one_name() -> None:
    own = POLICY | {"worker-src": ["'self'"]}
    release = replace(RELEASE, policies={"*": POLICY, "/board/*/": own})

    found = [
        release.policy_of(path) for path in ("/board/abc/", "/board/", "/board/abc", "/board/abc/slip/", "/")
    ]

    assert found == [own, POLICY, POLICY, POLICY, POLICY]


def test_policy_that_only_reports_is_none() -> None:
    site = Site(policy="", more_headers={"Content-Security-Policy-Report-Only": STRICT})

    assert kinds(site) == {"policy"}


@given(st.text())
def test_no_page_breaks_the_reader(html: str) -> None:
    pages.read_page("https://a.example/", html)


# The list


def test_list_is_read_back_when_its_key_signed_it() -> None:
    assert released.read_signed(released.signed(RELEASE, SEED), KEY) == RELEASE


@pytest.mark.parametrize(
    ("change", "key", "sentence"),
    [
        (lambda fields: fields["list"]["files"].update({"/static/vote.js": "0" * 64}), KEY, "not signed"),
        (lambda fields: fields["list"]["policies"].update({"/": {}}), KEY, "not signed"),
        (lambda fields: fields.update(signature=None), KEY, "not signed"),
        (lambda fields: fields.update(signature="zz"), KEY, "not a release's list"),
        (lambda fields: fields.update(list={}), KEY, "not a release's list"),
        (lambda fields: fields["list"].update(files={"/x": "no hash"}), KEY, "not a release's list"),
        (lambda fields: None, "0" * 64, "not signed"),
        (lambda fields: None, "short", "64 hexadecimal"),
    ],
)
def test_list_that_was_changed_or_signed_by_another_key_is_refused(
    change: Callable[[Any], Any], key: str, sentence: str
) -> None:
    fields = json.loads(released.signed(RELEASE, SEED))
    change(fields)

    with pytest.raises(Refused, match=sentence):
        released.read_signed(json.dumps(fields), key)


@pytest.mark.parametrize("text", ["", "[]", "{}", "[" * 100_000])
def test_file_that_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="not a release's list"):
        released.read_signed(text, KEY)


# The visitor


def test_visitor_looks_like_a_browser_and_sends_no_cookie() -> None:
    seen: list[dict[str, str]] = []

    def swap(path: str, headers: Any, content: bytes) -> bytes:
        seen.append({name.lower(): value for name, value in headers.items()})
        return content

    with served(Site(swap=swap, more_headers={"Set-Cookie": "seen=yes"})) as address:
        visitor = Visitor(address, "Firefox on Windows")
        visitor.fetch(f"{address}/")
        visitor.fetch(f"{address}/static/vote.js")
        visitor.fetch(f"{address}/service-worker.js?release=1")
        visitor.leave()

    assert set(seen[0]) == {
        *("host", "user-agent", "accept", "accept-language", "accept-encoding"),
        *("sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site"),
    }
    assert (seen[0]["sec-fetch-dest"], seen[1]["sec-fetch-dest"]) == ("document", "script")
    assert (seen[2]["sec-fetch-dest"], seen[2]["service-worker"]) == ("serviceworker", "script")
    assert "cookie" not in seen[1]
    assert "python" not in json.dumps(seen).lower()


def test_answer_that_cannot_be_read_is_no_answer() -> None:
    site = Site(more_headers={"Content-Encoding": "rot13"})

    with served(site) as address:
        visitor = Visitor(address, "Firefox on Windows")
        with pytest.raises(DidNotAnswer):
            visitor.fetch(f"{address}/")
        visitor.leave()


# The commands, on a real server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("site")).start()
    yield server
    server.stop()


def openfloor(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OPENFLOOR_")}
    return subprocess.run(
        [BIN / "openfloor", *words],
        cwd=folder,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_verify_site_finds_our_own_server_the_same_by_package_and_by_list(
    server: Server, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text(SEED.hex(), encoding="ascii")
    listed = openfloor(tmp_path, "release-list", OPENFLOOR_RELEASE_KEY=str(tmp_path / "key"))
    (tmp_path / "list.json").write_text(listed.stdout, encoding="utf-8")

    by_package = openfloor(tmp_path, "verify-site", server.url)
    by_list = openfloor(tmp_path, "verify-site", server.url, "--list", "list.json", "--key", KEY, "--json")

    assert by_package.returncode == 0, by_package.stdout + by_package.stderr
    assert "The site serves this release" in by_package.stdout
    report = json.loads(by_list.stdout)
    assert (by_list.returncode, report["verdict"], report["differences"]) == (0, "same", [])
    assert {"/", "/sign-in/", "/join/"} <= set(report["pages"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key", "list.json"]


def test_release_list_names_every_bundle_and_the_manifest_and_says_when_it_is_not_signed(
    tmp_path: Path,
) -> None:
    run = openfloor(tmp_path, "release-list")

    fields = json.loads(run.stdout)
    assert fields["signature"] is None
    assert "Not signed" in run.stderr
    served = set(fields["list"]["files"])
    bundles = Path(openfloor_ui.__file__).parent / "static/ui/bundles"
    assert {f"/static/ui/bundles/{file.name}" for file in bundles.iterdir()} <= served
    assert "/site.webmanifest" in served
    assert [path for path in served if re.fullmatch(r"/service-worker\.js\?release=\w{12}&language=tl", path)]
    assert not [path for path in served if path.endswith((".br", ".gz"))]


def test_release_list_refuses_a_file_that_holds_no_key(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hunter2", encoding="ascii")

    run = openfloor(tmp_path, "release-list", OPENFLOOR_RELEASE_KEY=str(tmp_path / "key"))

    assert (run.returncode, run.stdout) == (2, "")
    assert "hunter2" not in run.stderr


def test_verify_site_exits_1_with_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text(released.signed(RELEASE, SEED), encoding="utf-8")
    site = Site(files=FILES | {"/static/vote.js": b"\x1b[2J"}, page=HOME + "<script>\x1b</script>")

    with served(site) as address:
        run = openfloor(tmp_path, "verify-site", address, "--list", "list.json", "--key", KEY)

    assert run.returncode == 1
    assert "/static/vote.js is not the release's" in run.stdout
    assert "inline script" in run.stdout
    assert "\x1b" not in run.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["http://vote.example.org"], "Write the address like https://"),
        (["vote.example.org"], "Write the address like https://"),
        (["file:///etc/passwd"], "Write the address like https://"),
        (["http://localhost:1", "--key", KEY], "needs the --key"),
        (["http://localhost:1", "--list", "gone.json", "--key", KEY], "gone.json"),
    ],
)
def test_verify_site_exits_2_when_nothing_can_be_compared(
    words: list[str], sentence: str, tmp_path: Path
) -> None:
    run = openfloor(tmp_path, "verify-site", *words)

    assert (run.returncode, run.stdout) == (2, "")
    assert sentence in run.stderr


def test_verify_site_says_when_nothing_answers(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text(released.signed(RELEASE, SEED), encoding="utf-8")
    address = f"http://localhost:{free_port()}"

    run = openfloor(tmp_path, "verify-site", address, "--list", "list.json", "--key", KEY)

    assert run.returncode == 2
    assert "does not answer" in run.stderr
