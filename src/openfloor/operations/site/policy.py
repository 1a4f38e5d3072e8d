"""Is a Content-Security-Policy at least as strict as the release's?"""

from collections.abc import Iterable

from openfloor.operations.site.released import Policy

FALLS_BACK = ("-src", "-src-elem", "-src-attr")
TELLING = {"report-to", "report-uri"}  # they allow nothing, but tell another site who looked at what
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
    """
    The directives that no policy in *found* holds as the release does, of the one that holds most.

    Also those that the release leaves to default-src: named, they allow what they name.
    """
    return min(
        (
            [name for name in _all_names(released, policy) if not _holds(policy, released, name)]
            for policy in found
        ),
        key=len,
        default=list(released),
    )


def _all_names(released: Policy, found: Policy) -> list[str]:
    more = [name for name in found if name.endswith(FALLS_BACK) or name in TELLING]
    return list(dict.fromkeys([*released, *more]))


def _holds(policy: Policy, released: Policy, name: str) -> bool:
    values, wanted = _values(policy, name), _values(released, name)
    if values is None:
        return wanted is None
    allowed, asked = set(values) - {"'none'"}, set(wanted or ()) - {"'none'"}
    return asked <= allowed if name in NEEDED_AT_LEAST else allowed <= asked


def _values(policy: Policy, name: str) -> list[str] | None:
    """Those that count for *name*: its own, else those of whatever stands in for it."""
    broader = name.removesuffix("-elem").removesuffix("-attr")
    stand_ins = [name, broader, *(["default-src"] if name.endswith(FALLS_BACK) else [])]
    return next((policy[each] for each in stand_ins if each in policy), None)
