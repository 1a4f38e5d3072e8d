"""Does a web server on this machine write down who came? Reads its settings and looks for such logs.

The trap: nginx and Apache write access logs unless told not to. Caddy writes one only when told to, but tells
who asked with every error unless told not to.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from openfloor.operations.checkup.finding import Finding, good, to_do, unknown

WHY = "An access log says when each address came: with it, a subpoena tells who voted when."
LOGS = ("nginx/*access*", "apache2/*access*", "caddy/*access*", "haproxy.log")


def access_log_findings(settings: Path = Path("/etc"), logs: Path = Path("/var/log")) -> Iterator[Finding]:
    found = list(_faults(settings, logs))
    yield from found
    if not found:
        yield good("access_logs", "No access log of Caddy, nginx, Apache or HAProxy was found.")


def _faults(settings: Path, logs: Path) -> Iterator[Finding]:
    try:
        caddy = _texts(settings / "caddy")
        if caddy and not any(map(_caddy_keeps_errors_to_itself, caddy)):
            yield to_do(
                "access_logs",
                "Caddy writes down who asked when something fails.",
                why=WHY,
                remedy=f"Copy the log block of deploy/Caddyfile into {settings}/caddy/Caddyfile, "
                "then: sudo systemctl reload caddy",
            )
        if any(map(_caddy_logs_access, caddy)):
            yield to_do(
                "access_logs",
                "Caddy's settings have a log block for a site.",
                why=WHY,
                remedy=f"Take the log block out of {settings}/caddy, then: sudo systemctl reload caddy",
            )
        nginx = _texts(settings / "nginx")
        if nginx and not _nginx_logs_nothing(nginx):
            yield to_do(
                "access_logs",
                "nginx writes an access log.",
                why=WHY,
                remedy="Write access_log off; in the http block and nowhere another, then: "
                "sudo systemctl reload nginx",
            )
        written = [path for pattern in LOGS for path in sorted(logs.glob(pattern)) if path.stat().st_size]
        if written:
            yield to_do(
                "access_logs",
                f"An access log lies at {', '.join(map(str, written[:3]))}.",
                why=WHY,
                remedy=f"sudo shred -u {' '.join(map(str, written))}",
            )
    except PermissionError as error:
        yield unknown(
            "access_logs",
            f"{error.filename} may not be read by this user.",
            why=WHY,
            remedy="sudo openfloor doctor",
        )


def _texts(folder: Path) -> list[str]:
    """Every settings file in *folder* without its comments."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()] if folder.is_dir() else []
    return [re.sub(r"(?m)(^|\s)#.*$", "", path.read_text("utf-8", "replace")) for path in files]


def _caddy_logs_access(text: str) -> bool:
    """A `log` directive in a site's block. The one in the global options is about Caddy itself."""
    depth, is_global = 0, False
    for line in text.splitlines():
        words = line.split()
        if depth == 0 and words:
            is_global = words == ["{"]
        if depth > 0 and not is_global and words[:1] in (["log"], ["log{"]):
            return True
        depth += line.count("{") - line.count("}")
    return False


def _caddy_keeps_errors_to_itself(text: str) -> bool:
    return re.search(r"(?m)^\s*exclude\s[^\n]*\bhttp\.log\.error\b", text) is not None


def _nginx_logs_nothing(texts: list[str]) -> bool:
    directives = re.findall(r"\baccess_log\s+([^;\s]+)", "\n".join(texts))
    return bool(directives) and set(directives) == {"off"}
