"""Many elements at a time, proven or multiplied by the fast kernels where they stand ready and it pays."""

import re
from collections.abc import Sequence

from openballot.fast import engines
from openballot.groups import Element, Group, product_of


def proven_together(group: Group, texts: Sequence[str]) -> dict[str, Element]:
    """Return those elements that the kernels prove to be members, the identity not among them.

    Of others nothing is said: they may be members too.
    """
    engine = engines.engine_if_it_pays(group, len(texts))
    if engine is None:
        return {}
    readable = [text for text in texts if re.fullmatch(engine.element_pattern, text)]
    elements = engine.elements(readable)
    if not elements:
        return {}
    proven = zip(readable, elements, engine.are_members(elements), strict=True)
    return {text: element for text, element, holds in proven if holds and element != group.identity}


def products(group: Group, rows: Sequence[Sequence[Element]]) -> list[Element]:
    """Multiply each column of members over all rows, of which there is one at least.

    Raises NotInGroup for what cannot be multiplied.
    """
    engine = engines.engine_if_it_pays(group, len(rows))
    if engine is None:
        return [product_of(group.trusting(), column) for column in zip(*rows, strict=True)]
    return engine.product(rows)
