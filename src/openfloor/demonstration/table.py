"""The made-up bargaining table: contracts, what each side put forward, sessions with their minutes.

The numbers are those of public reports: 31 percent demanded, 27 put forward, 20 and then 21.5 offered, each
over four years.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

from openfloor.bargaining import actions, words
from openfloor.bargaining.actions import Said, Terms
from openfloor.bargaining.clauses import Answer, Question
from openfloor.bargaining.figures import Figures, Ratio
from openfloor.bargaining.models import Article, Contract, Session
from openfloor.bargaining.notices import Notice
from openfloor.bargaining.reporting import generated
from openfloor.bargaining.worth import window_of
from openfloor.demonstration import story
from openfloor.demonstration.apart import Work
from openfloor.demonstration.people import MEMBER, ORGANISER, Person
from openfloor.workplace.models import Member, Unit
from workrules.wages import Raise, compounded, headline, real_change

People = dict[int, Person]
DAYS_LEFT = 24
SECOND_NOTE_TAKER = 12
LAST_OFFER = (Fraction(13, 2), 5, 5, 5)


class Table:
    """The contract that ends soon, and what is put forward about it as the days go by."""

    def __init__(self, work: Work, people: People) -> None:
        self.work = work
        self.organiser = people[ORGANISER].member
        self.note_takers = (people[MEMBER].member, people[SECOND_NOTE_TAKER].member)
        self.ends_on = work.calendar.day(-DAYS_LEFT)
        self.contract = self._contracts()
        self.wages, self.staffing, self.breaks = self._articles()

    def they_answer_31_with_20(self) -> None:
        self._put("ours", self.wages, 228, story.WAGES_TEXT.format(total="31"), self._by_year(10, 7, 7, 7))
        self._put("ours", self.staffing, 228, story.STAFFING_OURS, self._ratio(4))
        self._put("ours", self.breaks, 228, story.BREAKS_OURS)
        self._put("theirs", self.breaks, 190, story.BREAKS_THEIRS)
        self._put("theirs", self.wages, 190, story.WAGES_TEXT.format(total="20"), self._by_year(5, 5, 5, 5))
        self._put("theirs", self.staffing, 190, story.STAFFING_THEIRS, self._ratio(6))

    def members_ask_whether_it_binds(self) -> None:
        """Of both clauses on staffing: what stands in them, and what does not."""
        ours, theirs = (self.staffing.proposals.get(side=side) for side in ("ours", "theirs"))
        now = self.work.calendar.moment(188, 18)
        for question, passage in story.SAID_BY_OURS.items():
            actions.answer_clause(
                self.note_takers[0], ours, Question(question), Answer.YES, passage=passage, now=now
            )
        for question in story.NOT_SAID_BY_THEIRS:
            actions.answer_clause(self.note_takers[1], theirs, Question(question), Answer.NO, now=now)

    def we_go_down_to_27(self) -> None:
        session = self._noted(story.SESSION_OF_27, 150, story.MINUTES_OF_27)
        self._put("ours", self.wages, 150, story.WAGES_TEXT.format(total="27"), self._by_year(9, 6, 6, 6))
        self._agree(self.breaks, 150, story.BREAKS_AGREED, source=story.SESSION_OF_27)
        self._end_and_report(session, 150)

    def we_give_notice_of_a_strike(self) -> None:
        session = self._noted(story.SESSION_OF_NOTICE, 14, story.MINUTES_OF_NOTICE)
        self._end_and_report(session, 14)

    def they_offer_21_and_a_half(self) -> None:
        self._put("theirs", self.wages, 7, story.WAGES_TEXT.format(total="21.5"), self._by_year(*LAST_OFFER))

    def both_agree_on_it_until_it_is_ratified(self) -> None:
        self._agree(self.wages, 5, story.WAGES_TEXT.format(total="21.5"), self._by_year(*LAST_OFFER))

    def worth_of_the_agreement(self) -> dict[str, object]:
        """What it comes to, in the words of its article's page."""
        window = window_of(None, None, None)
        rates = [each.rate for each in self._by_year(*LAST_OFFER).raises]
        real = real_change(compounded(rates), window.prices)
        return {
            "headline": words.percent(headline(rates)),
            "compounded": words.percent(compounded(rates)),
            "prices": words.percent(window.prices),
            "since": window.since,
            "until": window.until,
            "real": f"{words.percent(abs(real))} {'less' if real < 0 else 'more'}",
        }

    def a_session_goes_on(self, now: datetime) -> None:
        session = self._session(story.SESSION_NOW, now - timedelta(hours=1))
        for place, line in enumerate(story.MINUTES_NOW):
            self._note(session, place, line, now - timedelta(minutes=50 - 9 * place))

    def _contracts(self) -> Contract:
        now = self.work.calendar.moment(276, 12)
        contract = actions.add_contract(self.organiser, self._nurses(), now=now)
        for title, workers, people, expires_on in (
            (story.CLEANERS, story.CLEANERS_UNION, 147, self.work.calendar.day(-DAYS_LEFT - 15)),
            (story.ENGINEERS, story.ENGINEERS_UNION, 38, None),
        ):
            terms = Terms(
                title=title, employer=story.EMPLOYER, workers=workers, people=people, expires_on=expires_on
            )
            actions.add_contract(self.organiser, terms, now=now)
        return contract

    def _nurses(self) -> Terms:
        units = Unit.objects.filter(site__committee=self.organiser.committee_id, name__in=story.COVERED)
        return Terms(
            title=story.CONTRACT,
            employer=story.EMPLOYER,
            workers=story.UNION,
            units=tuple(units.select_related("site")),
            people=372,
            starts_on=self.ends_on - timedelta(days=4 * 365),
            expires_on=self.ends_on,
            no_strike=Contract.NoStrike.YES,
            no_strike_text=story.NO_STRIKE,
            notices=tuple(Notice(days=days, what=what) for days, what in story.NOTICES),
        )

    def _articles(self) -> list[Article]:
        now = self.work.calendar.moment(276, 13)
        return [
            actions.add_article(self.organiser, self.contract, number=number, title=title, now=now)
            for number, title in story.ARTICLES
        ]

    def _put(
        self, side: str, article: Article, days_ago: int, text: str, figures: Figures | None = None
    ) -> None:
        said = Said(text=text, made_on=self.work.calendar.day(days_ago), figures=figures or Figures())
        actions.propose(self.organiser, article, side, said, now=self.work.calendar.moment(days_ago, 10))

    def _agree(
        self, article: Article, days_ago: int, text: str, figures: Figures | None = None, *, source: str = ""
    ) -> None:
        made_on = self.work.calendar.day(days_ago)
        agreed = Said(text=text, made_on=made_on, figures=figures or Figures(), source=source)
        actions.agree(self.organiser, article, agreed, now=self.work.calendar.moment(days_ago, 11))

    def _by_year(self, *percent: int | Fraction) -> Figures:
        first = self.ends_on + timedelta(days=1)
        return Figures(
            starts_on=first,
            ends_on=_anniversary(first, len(percent)),
            raises=tuple(
                Raise(effective_on=_anniversary(first, year), rate=Fraction(rate) / 100)
                for year, rate in enumerate(percent)
            ),
        )

    def _ratio(self, patients: int) -> Figures:
        return Figures(ratios=(Ratio(where="telemetry", patients=Fraction(patients)),))

    def _session(self, title: str, starts_at: datetime) -> Session:
        return actions.announce_session(
            self.organiser,
            self.contract,
            title=title,
            place=story.ROOM,
            starts_at=starts_at,
            audience=Session.Audience.MEMBERS,
            ground_rules=story.GROUND_RULES,
            note_takers=self.note_takers,
            now=starts_at,
        )

    def _noted(self, title: str, days_ago: int, lines: Sequence[str]) -> Session:
        began = self.work.calendar.moment(days_ago, 9)
        session = self._session(title, began)
        for place, line in enumerate(lines):
            self._note(session, place, line, began + timedelta(minutes=12 * place))
        return session

    def _end_and_report(self, session: Session, days_ago: int) -> None:
        actions.end_session(self.organiser, session, now=self.work.calendar.moment(days_ago, 13))
        session.refresh_from_db()
        text, now = generated(session), self.work.calendar.moment(days_ago, 17)
        actions.publish_report(self.organiser, session, text, seen=0, reason="", now=now)

    def _note(self, session: Session, place: int, line: str, now: datetime) -> None:
        writer: Member = self.note_takers[place % 2]
        actions.write_line(writer, session, line, token=str(place), now=now)


def _anniversary(day: date, years: int) -> date:
    """Of 29 February it is 1 March in other years."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
