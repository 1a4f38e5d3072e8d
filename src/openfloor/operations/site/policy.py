"""Is a Content-Security-Policy at least as strict as the release's?"""

from collections.abc import Iterable

from openfloor.operations.site.released import Policy

FALLS_BACK = ("-src", "-src-elem", "-src-attr")
NEEDED_AT_LEAST = {"require-trusted-types-for"}  # its values demand; all others' allow


def read_policies(headers: Iterable[str]) -> list[Policy]:
    """Every policy in the headers; a browser obeys all of them. The first of a directive's name counts."""
    policies = []
    for text in ",".join(headers).split(","):
        policy: Policy = {}
        for directive in text.split(";"):
            name, *values = directive.split() or [""]
            policy.setdefault(name.lower(), values)
        policy.pop("", None)
        if policy:
            policies.append(policy)
    return policies


def weaker(found: list[Policy], released: Policy) -> list[str]:
    """The directives of the release that no policy in *found* holds, of the one that holds most."""
    return min(
        ([name for name in released if not _holds(policy, released, name)] for policy in found),
        key=len,
        default=list(released),
    )


def _holds(policy: Policy, released: Policy, name: str) -> bool:
    values = policy.get(name)
    if values is None and name.endswith(FALLS_BACK):
        values = policy.get("default-src")
    if values is None:
        return False
    allowed, asked = set(values) - {"'none'"}, set(released[name]) - {"'none'"}
    return asked <= allowed if name in NEEDED_AT_LEAST else allowed <= asked
