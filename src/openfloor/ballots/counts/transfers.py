"""A count of single transferable votes, round by round."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openfloor.ballots.counts.shown import (
    MARK,
    WIDTH,
    Bar,
    Part,
    Pictured,
    Round,
    Shown,
    Table,
    in_votes,
    listed,
    papers,
    share,
    votes,
)
from workrules.counting import stv


def stv_in_words(count: stv.Count, names: Sequence[str]) -> Shown:
    """Show who is elected and how every round came about. *names* are the answers of the question."""
    return Shown(
        outcome=_elected(count, names),
        facts=(papers(count), *_quota(count), *_empty_seats(count)),
        pictures=_vote_bars(count, names),
        places=(),
        rounds=tuple(_round(count, number, names) for number in range(1, len(count.stages) + 1)),
        tables=_round_table(count, names),
    )


def _elected(count: stv.Count, names: Sequence[str]) -> str:
    if not count.elected:
        return _("Nobody is elected: there is no valid paper.")
    return _("Elected: %(names)s.") % {"names": listed(count.elected, names)}


def _quota(count: stv.Count) -> list[str]:
    if not count.valid:
        return []
    needed = _("Whoever has %(votes)s is elected.") % {"votes": in_votes(count.quota)}
    most = ngettext(
        "No more than %(seats)s person can have so many.",
        "No more than %(seats)s people can have so many.",
        count.seats,
    ) % {"seats": localize(count.seats)}
    return [f"{needed} {most}"]


def _empty_seats(count: stv.Count) -> list[str]:
    empty = count.seats - len(count.elected)
    if not empty or not count.valid:
        return []
    sentence = ngettext(
        "%(seats)s seat stays empty: there are not enough names.",
        "%(seats)s seats stay empty: there are not enough names.",
        empty,
    )
    return [sentence % {"seats": localize(empty)}]


def _vote_bars(count: stv.Count, names: Sequence[str]) -> tuple[Pictured, ...]:
    if not count.stages:
        return ()
    peaks = [max(stage.votes[candidate] for stage in count.stages) for candidate in range(count.candidates)]
    longest = max(*peaks, Decimal(count.quota))
    mark = Part(kind="mark", start=min(share(count.quota, longest), WIDTH - MARK), width=MARK)
    bars = []
    for candidate, name in enumerate(names):
        first = count.stages[0].votes[candidate]
        begins, ends = share(first, longest), share(peaks[candidate], longest)
        parts = (
            Part(kind="first", start=0, width=begins),
            Part(kind="later", start=begins, width=ends - begins),
            mark,
        )
        figures = _("%(first)s first choices, %(later)s more later") % {
            "first": votes(first),
            "later": votes(peaks[candidate] - first),
        }
        bars.append(
            Bar(name=name, note=_fate(count, candidate), description=f"{name}: {figures}", parts=parts)
        )
    sentence = _("The full part is first choices, the faint part came later. The mark is at %(votes)s.") % {
        "votes": in_votes(count.quota)
    }
    return (Pictured(sentence=sentence, bars=tuple(bars)),)


def _fate(count: stv.Count, candidate: int) -> str:
    for number, stage in enumerate(count.stages, start=1):
        if candidate in stage.elected or candidate in stage.elected_last:
            return _("elected in round %(round)s, with %(votes)s") % {
                "round": number,
                "votes": in_votes(stage.votes[candidate]),
            }
        if stage.step is stv.Step.EXCLUSION and stage.candidate == candidate:
            return _("out in round %(round)s, with %(votes)s") % {
                "round": number,
                "votes": in_votes(-stage.changes[candidate]),
            }
    return _("not elected, %(votes)s at the end") % {"votes": in_votes(count.stages[-1].votes[candidate])}


def _round(count: stv.Count, number: int, names: Sequence[str]) -> Round:
    stage = count.stages[number - 1]
    sentences = [
        *_stage_tie(stage, names),
        _what_happens(stage, names),
        *_moves(count, number, names),
        *_reached(count, stage, names),
    ]
    return Round(heading=_("Round %(number)s") % {"number": number}, sentences=tuple(sentences))


def _what_happens(stage: stv.Stage, names: Sequence[str]) -> str:
    if stage.candidate is None:
        return _("The first choices are counted.")
    name = names[stage.candidate]
    if stage.step is stv.Step.SURPLUS:
        return _(
            "%(name)s has %(votes)s more than needed. They move to the next name on each of these "
            "papers, an equal share of every paper."
        ) % {"name": name, "votes": in_votes(-stage.changes[stage.candidate])}
    if stage.tie is not None:
        return _("%(name)s is out. The papers move to the next name on each of them.") % {"name": name}
    return _(
        "%(name)s has the fewest votes and is out. The papers move to the next name on each of them."
    ) % {"name": name}


def _stage_tie(stage: stv.Stage, names: Sequence[str]) -> list[str]:
    if stage.tie is None:
        return []
    level = {"names": listed(stage.tie.candidates, names), "round": stage.tie.stage}
    if stage.tie.stage is None:
        return [
            _(
                "%(names)s are level, and earlier rounds do not tell them apart. A lot decides; anybody can "
                "draw it again."
            )
            % level
        ]
    return [_("%(names)s are level. Their votes in round %(round)s decide.") % level]


def _moves(count: stv.Count, number: int, names: Sequence[str]) -> list[str]:
    if number == 1:
        return []
    stage, before = count.stages[number - 1], count.stages[number - 2]
    gains = [
        f"{name} +{votes(change)}" for name, change in zip(names, stage.changes, strict=True) if change > 0
    ]
    lost = stage.non_transferable - before.non_transferable
    nowhere = _("No next name: %(votes)s.") % {"votes": in_votes(lost)}
    return [*([", ".join(gains) + "."] if gains else []), *([nowhere] if lost else [])]


def _reached(count: stv.Count, stage: stv.Stage, names: Sequence[str]) -> list[str]:
    sentences = []
    if stage.elected:
        sentence = ngettext(
            "%(names)s has enough votes and is elected.",
            "%(names)s have enough votes and are elected.",
            len(stage.elected),
        )
        sentences.append(sentence % {"names": listed(stage.elected, names)})
    if stage.elected_last:
        sentence = ngettext(
            "Nobody else is left for the last seat: %(names)s is elected.",
            "Nobody else is left for the last seats: %(names)s are elected.",
            len(stage.elected_last),
        )
        sentences.append(sentence % {"names": listed(stage.elected_last, names)})
    return sentences


def _round_table(count: stv.Count, names: Sequence[str]) -> tuple[Table, ...]:
    if not count.stages:
        return ()
    rounds = [_("Round %(number)s") % {"number": number} for number in range(1, len(count.stages) + 1)]
    rows = [
        (name, tuple(votes(stage.votes[candidate]) for stage in count.stages))
        for candidate, name in enumerate(names)
    ]
    rows.append((_("No next name"), tuple(votes(stage.non_transferable) for stage in count.stages)))
    rows.append((_("Cut off after five places"), tuple(votes(stage.rounded_away) for stage in count.stages)))
    caption = _("Votes at the end of each round. Shown with two places, counted with five.")
    return (Table(caption=caption, columns=(_("Name"), *rounds), rows=tuple(rows)),)
