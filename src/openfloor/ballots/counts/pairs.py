"""A count by the Schulze method, pair by pair."""

from collections.abc import Sequence

from django.utils.formats import localize
from django.utils.translation import gettext as _

from openfloor.ballots.counts.shown import (
    WIDTH,
    Bar,
    Part,
    Pictured,
    Shown,
    Table,
    first_place,
    papers,
    places,
    share,
)
from workrules.counting import schulze

ONE_LINK = 2  # names


def schulze_in_words(count: schulze.Count, names: Sequence[str]) -> Shown:
    """Show who is preferred, and against each other name why. *names* are the answers of the question."""
    return Shown(
        outcome=first_place(count.ranking[0], count.valid, names),
        facts=(papers(count), *_all_beaten(count, names)),
        pictures=tuple(_comparisons(count, winner, names) for winner in count.ranking[0] if count.valid),
        places=places(count.ranking, names),
        rounds=(),
        tables=(_pairs_table(count, names), _paths_table(count, names)),
    )


def _all_beaten(count: schulze.Count, names: Sequence[str]) -> list[str]:
    if not count.valid:
        return []
    best = count.beats_everybody
    if best is not None:
        return [_("Against each other name, more papers prefer %(name)s.") % {"name": names[best]}]
    return [
        _(
            "No name is preferred to each of the others. So chains are compared: in a chain, more papers "
            "prefer each name to the next than not. A chain is as strong as its weakest link."
        )
    ]


def _comparisons(count: schulze.Count, winner: int, names: Sequence[str]) -> Pictured:
    sentence = _(
        "%(name)s against each other name. A bar begins with the papers that prefer %(name)s and ends with "
        "those that prefer the other."
    ) % {"name": names[winner]}
    others = [candidate for place in count.ranking for candidate in place if candidate != winner]
    return Pictured(
        sentence=sentence, bars=tuple(_comparison(count, winner, other, names) for other in others)
    )


def _comparison(count: schulze.Count, winner: int, other: int, names: Sequence[str]) -> Bar:
    won, lost = count.preferred[winner][other], count.preferred[other][winner]
    for_winner, for_other = share(won, count.valid), share(lost, count.valid)
    figures = {
        "won": localize(won),
        "name": names[winner],
        "lost": localize(lost),
        "other": names[other],
    }
    description = _("%(won)s prefer %(name)s, %(lost)s prefer %(other)s") % figures
    return Bar(
        name=names[other],
        note=description,
        under=_chains(count.paths[winner][other], count.paths[other][winner], names),
        description=description,
        parts=(
            Part(kind="first", start=0, width=for_winner),
            Part(kind="against", start=WIDTH - for_other, width=for_other),
        ),
    )


def _chains(forth: schulze.Path | None, back: schulze.Path | None, names: Sequence[str]) -> str:
    """Explain what two bars do not show: a way over other names, or a draw."""
    if forth is None or back is None:
        return ""
    chains = {"forth": _chain(forth, names), "back": _chain(back, names)}
    if (forth.won, forth.against) == (back.won, back.against):
        return _("These chains are equally strong: %(forth)s and %(back)s.") % chains
    is_direct = len(forth.candidates) == ONE_LINK
    return "" if is_direct else _("The chain %(forth)s is stronger than %(back)s.") % chains


def _chain(path: schulze.Path, names: Sequence[str]) -> str:
    way = " › ".join(names[candidate] for candidate in path.candidates)
    return _("%(way)s (weakest link %(won)s to %(against)s)") % {
        "way": way,
        "won": localize(path.won),
        "against": localize(path.against),
    }


def _pairs_table(count: schulze.Count, names: Sequence[str]) -> Table:
    return Table(
        caption=_("How many papers prefer the name of the row to that of the column."),
        columns=(_("Name"), *names),
        rows=tuple(
            (name, tuple("–" if a == b else localize(number) for b, number in enumerate(row)))
            for a, (name, row) in enumerate(zip(names, count.preferred, strict=True))
        ),
    )


def _paths_table(count: schulze.Count, names: Sequence[str]) -> Table:
    return Table(
        caption=_("The weakest link of the strongest chain from the name of the row to that of the column."),
        columns=(_("Name"), *names),
        rows=tuple(
            (name, tuple(f"{localize(path.won)} : {localize(path.against)}" if path else "–" for path in row))
            for name, row in zip(names, count.paths, strict=True)
        ),
    )
