"""The made-up committee, made by the real actions with the clock set back.

It holds nothing that a real committee could not hold: its roll, its ledger and its counted archive verify.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.urls import reverse

from openfloor.ballots import actions, tasks
from openfloor.ballots.models import Ballot, MandateBreach
from openfloor.demonstration import apart, folder, keyfile, story, voting
from openfloor.demonstration.apart import Work
from openfloor.demonstration.calendar import Calendar
from openfloor.demonstration.errors import NotAsDemonstration, NotTheDemonstration
from openfloor.demonstration.folder import KeyFile, Made, Persona
from openfloor.demonstration.people import (
    MEMBER,
    MEMBERS,
    ORGANISER,
    TRUSTEES,
    Person,
    found,
    give_roles,
)
from openfloor.demonstration.table import Table
from openfloor.demonstration.voting import SharedKey
from openfloor.workplace.models import Committee

COUNTED_YES, COUNTED_NO = 32, 1  # 97 %
CLOSED_YES, CLOSED_NO = 31, 8
OPEN_YES, OPEN_NO = 29, 7
ACCEPT, STAND = 9, 24
STRIKE_YES, STRIKE_NO = 31, 3
RANKED = 34
VOTES = (
    *(COUNTED_YES, COUNTED_NO, RANKED, ACCEPT, STAND, STRIKE_YES, STRIKE_NO),
    *(CLOSED_YES, CLOSED_NO, OPEN_YES, OPEN_NO),
)
BALLOTS = 6  # that are voted in
STEPS = MEMBERS + sum(VOTES) + BALLOTS * voting.CHANGED_MINDS
LAST_TRUSTEE = TRUSTEES[-1]
ENOUGH = len(TRUSTEES) // 2 + 1  # of the trustees, as new ballots have it
PASSPHRASE = "seven quiet harbors"  # noqa: S105 - shown on the page

Tell = Callable[[int, int], None]  # how many steps are done, of how many


def load(now: datetime, tell: Tell = lambda done, of: None) -> None:
    """Make the demonstration in an empty database; raises NotAsDemonstration and NotTheDemonstration."""
    if not settings.DEMONSTRATION:
        raise NotAsDemonstration
    if Committee.objects.exists():
        raise NotTheDemonstration(settings.DATA)
    folder.begin(settings.DATA)
    _write_without_waiting_for_the_disk()
    with apart.helper() as helper:
        work = Work(calendar=Calendar.at(now), helper=helper, step=_Steps(tell))
        folder.finish(settings.DATA, _make(work, now))


def _make(work: Work, now: datetime) -> Made:
    people = found(work, lambda committee: folder.begin(settings.DATA, str(committee.pk)))
    give_roles(work, people)
    table = Table(work, people)
    counted = _counted(work, people)
    _elected(work, people)
    table.they_answer_31_with_20()
    table.members_ask_whether_it_binds()
    table.we_go_down_to_27()
    _stand_by_31(work, people, counted)
    _strike(work, people)
    table.we_give_notice_of_a_strike()
    closed, keys = _to_be_closed(work, people)
    table.they_offer_21_and_a_half()
    table.both_agree_on_it_until_it_is_ratified()
    opened = _opened(work, people, table)
    _close_and_let_one_trustee_open(work, people, closed, keys)
    table.a_session_goes_on(now)
    draft = voting.draft(
        people, story.DRAFT, opens=work.calendar.moment(-8, 7), closes=work.calendar.moment(-15, 20), now=now
    )
    tasks.tick(now)
    return Made(
        good_until=opened.closes_at,
        personas={
            "member": _persona(people[MEMBER], reverse("ballot_vote", args=[opened.uuid])),
            "organiser": _persona(people[ORGANISER], reverse("ballot", args=[draft.uuid])),
            "trustee": _persona(people[LAST_TRUSTEE], reverse("ballot_trustee", args=[closed.uuid])),
            "observer": Persona(start=reverse("board", args=[counted.uuid])),
        },
        trustee_key=_key_file(closed, keys[LAST_TRUSTEE]),
    )


class _Steps:
    """Counts what is done."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.done = 0

    def __call__(self) -> None:
        self.done += 1
        self.tell(self.done, STEPS)


def _counted(work: Work, people: voting.People) -> Ballot:
    ballot = voting.draft(
        people,
        story.COUNTED,
        opens=work.calendar.moment(268, 7),
        closes=work.calendar.moment(261, 20),
        now=work.calendar.moment(270, 18),
    )
    keys = voting.open_up(people, ballot, announced_at=work.calendar.moment(270, 19))
    voting.cast(work, people, ballot, voting.yes_and_no(COUNTED_YES, COUNTED_NO))
    _count(work, people, ballot, keys, opened_days_ago=261)
    return ballot


def _elected(work: Work, people: voting.People) -> None:
    """Three delegates, by ranking: the trustees mixed the votes before two of them opened them."""
    ballot = voting.draft(
        people,
        story.ELECTED,
        opens=work.calendar.moment(256, 7),
        closes=work.calendar.moment(250, 20),
        now=work.calendar.moment(258, 18),
    )
    keys = voting.open_up(people, ballot, announced_at=work.calendar.moment(258, 19))
    voting.cast(work, people, ballot, voting.rankings(story.ELECTED, RANKED))
    voting.close(ballot)
    now = work.calendar.moment(250, 21)
    voting.mix(people, ballot, TRUSTEES[:ENOUGH], now=now)
    enough = {number: keys[number] for number in TRUSTEES[:ENOUGH]}
    voting.decrypt(people, ballot, enough, now=now)


def _stand_by_31(work: Work, people: voting.People, counted: Ballot) -> None:
    """The move to 27 percent is put to all members, who do not accept it."""
    organiser = people[ORGANISER].member
    actions.show_mandates(organiser, to_everybody=True, now=work.calendar.moment(150, 21))
    breach = MandateBreach.objects.get(mandate__ballot=counted)
    called_at = work.calendar.moment(149, 9)
    actions.call_for_vote(breach, organiser, called_at)
    ballot = Ballot.objects.get(state=Ballot.State.ANNOUNCED)
    keys = voting.prepare(people, ballot, called_at)
    voting.cast(work, people, ballot, voting.accept_or_stand(ACCEPT, STAND))
    _count(work, people, ballot, keys, opened_days_ago=144)


def _strike(work: Work, people: voting.People) -> None:
    ballot = voting.draft(
        people,
        story.STRIKE,
        opens=work.calendar.moment(96, 7),
        closes=work.calendar.moment(89, 20),
        now=work.calendar.moment(98, 18),
    )
    keys = voting.open_up(people, ballot, announced_at=work.calendar.moment(98, 19))
    voting.cast(work, people, ballot, voting.yes_and_no(STRIKE_YES, STRIKE_NO))
    _count(work, people, ballot, keys, opened_days_ago=88)


def _count(
    work: Work, people: voting.People, ballot: Ballot, keys: dict[int, SharedKey], *, opened_days_ago: int
) -> None:
    """As many trustees open it as are enough."""
    voting.close(ballot)
    enough = {number: keys[number] for number in TRUSTEES[:ENOUGH]}
    voting.decrypt(people, ballot, enough, now=work.calendar.moment(opened_days_ago, 21))


def _to_be_closed(work: Work, people: voting.People) -> tuple[Ballot, dict[int, SharedKey]]:
    """It stays open for now: what happens meanwhile stands before its close in the ledger."""
    ballot = voting.draft(
        people,
        story.CLOSED,
        opens=work.calendar.moment(8, 7),
        closes=work.calendar.moment(1, 20),
        now=work.calendar.moment(9, 18),
    )
    keys = voting.open_up(people, ballot, announced_at=work.calendar.moment(9, 19))
    voting.cast(work, people, ballot, voting.yes_and_no(CLOSED_YES, CLOSED_NO))
    return ballot, keys


def _opened(work: Work, people: voting.People, table: Table) -> Ballot:
    """Most have voted; the one to look around as has not."""
    text = story.RATIFIED.text.format(**table.worth_of_the_agreement())
    ballot = voting.draft(
        people,
        replace(story.RATIFIED, text=text),
        opens=work.calendar.moment(3, 7),
        closes=work.calendar.moment(-6, 20),
        now=work.calendar.moment(4, 18),
    )
    voting.open_up(people, ballot, announced_at=work.calendar.moment(4, 19))
    voting.cast(work, people, ballot, voting.yes_and_no(OPEN_YES, OPEN_NO), without=MEMBER)
    return ballot


def _close_and_let_one_trustee_open(
    work: Work, people: voting.People, ballot: Ballot, keys: dict[int, SharedKey]
) -> None:
    """One trustee's part is missing, whichever of those who are left it is."""
    voting.close(ballot)
    openers = {number: keys[number] for number in TRUSTEES[: ENOUGH - 1]}
    voting.decrypt(people, ballot, openers, now=work.calendar.moment(1, 21))


def _persona(person: Person, start: str) -> Persona:
    member = person.member
    return Persona(
        start=start,
        committee=str(member.committee_id),
        number=member.number,
        handle=member.handle,
        root=person.keys.root.hex(),
    )


def _key_file(ballot: Ballot, key: SharedKey) -> KeyFile:
    text = keyfile.seal_seed(
        ballot=ballot.uuid,
        number=LAST_TRUSTEE,
        own=key.maker.own,
        share=key.share.x,
        passphrase=PASSPHRASE,
    )
    return KeyFile(text=text, passphrase=PASSPHRASE)


def _write_without_waiting_for_the_disk() -> None:
    """For this connection alone: what a power cut leaves half-made is made again."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
