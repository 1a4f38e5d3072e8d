"""Who joins when, and who vouches for them, so that the real rules of the roll hold."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """One entry: its number, its day, and the numbers of those who vouch on that day."""

    number: int
    day: date
    vouchers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Those that say who may vouch: docs/specs/keys-and-roll.md, "What makes an entry valid"."""

    founding_members: int
    vouches: int
    vouch_from_day: int
    vouches_a_month: int


def plan(founded_on: date, *, days: int, members: int, rules: Rules) -> list[Joining]:
    """Spread *members* entries over *days* days, later where too few may vouch yet."""
    joined = [
        Joining(number=number, day=founded_on, vouchers=(1,) if number > 1 else ())
        for number in range(1, rules.founding_members + 1)
    ]
    given: Counter[int] = Counter()
    given_in_month: Counter[tuple[int, int, int]] = Counter()

    def able_on(day: date) -> list[int]:
        return [
            member.number
            for member in joined
            if _is_old_enough(member, day, rules)
            and given_in_month[member.number, day.year, day.month] < rules.vouches_a_month
        ]

    earliest = _spread(founded_on, days, members - rules.founding_members)
    for number, day in enumerate(earliest, start=rules.founding_members + 1):
        day = max(day, joined[-1].day)
        while len(able := able_on(day)) < rules.vouches:
            day += timedelta(days=1)
        # Those who have vouched least come first: the vouches shall not all hang on the founders.
        vouchers = sorted(able, key=lambda able_number: (given[able_number], able_number))[: rules.vouches]
        given.update(vouchers)
        given_in_month.update((voucher, day.year, day.month) for voucher in vouchers)
        joined.append(Joining(number=number, day=day, vouchers=tuple(vouchers)))
    return joined


def _spread(start: date, days: int, count: int) -> Iterator[date]:
    return (start + timedelta(days=days * step // count) for step in range(1, count + 1))


def _is_old_enough(member: Joining, day: date, rules: Rules) -> bool:
    return member.number <= rules.founding_members or (day - member.day).days >= rules.vouch_from_day
