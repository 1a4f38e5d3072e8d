"""Ballots in sentences: the rule, the outcome, what comes next. Only what is shown is rounded."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import zip_longest
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format, localize
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openfloor.ballots import queries, questions, quorum
from openfloor.ballots.counts import in_a_list
from openfloor.ballots.mandate_words import asked_in_lines
from openfloor.ballots.models import Ballot
from openfloor.ballots.percents import percent
from openfloor.ui.clock import zone_in_words
from openfloor.workplace.models import Member, Role
from workrules.mandates import Base, Condition, Rule

SHARES = {
    Fraction(1, 4): gettext_lazy("a quarter"),
    Fraction(1, 3): gettext_lazy("a third"),
    Fraction(1, 2): gettext_lazy("half"),
    Fraction(2, 3): gettext_lazy("two thirds"),
    Fraction(3, 4): gettext_lazy("three quarters"),
    Fraction(1): gettext_lazy("all"),
}

CHECKERS = {
    "BELENIOS-2048": gettext_lazy("Anyone with a Debian computer"),
    "Ed25519": gettext_lazy("Anyone, with openballot or a newer Belenios"),
    "RFC-3526-2048": gettext_lazy("Anyone with a Debian computer"),
}

NEAR_DAYS = {-1: gettext_lazy("yesterday"), 0: gettext_lazy("today"), 1: gettext_lazy("tomorrow")}


BADGES = {
    Ballot.State.DRAFT: "waiting",
    Ballot.State.ANNOUNCED: "waiting",
    Ballot.State.FROZEN: "waiting",
    Ballot.State.OPEN: "live",
    Ballot.State.CLOSED: "closed",
    Ballot.State.COUNTED: "kept",
    Ballot.State.WITHDRAWN: "broken",
    Ballot.State.UNCOUNTABLE: "broken",
    Ballot.State.VOID: "broken",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A state by shape and by word."""

    shape: str
    word: str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """The one thing to do now: a heading, a sentence, a button."""

    heading: str
    sentence: str
    path: str
    action: str
    about: str = ""  # the ballot's title where the heading does not say it
    votes_in: str = ""  # the ballot's uuid when it is a vote: only the device knows whether it was cast
    until: str = ""  # when that vote closes
    is_practice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question: its answers, each with the entry number of whoever it stands for, and how to answer."""

    question: str
    answers: list[tuple[str, int | None]]
    blank: bool
    how: str


def badge(ballot: Ballot, outcome: queries.Outcome | None) -> Badge:
    """A counted ballot shows what it decided."""
    if outcome is not None and ballot.practice:
        return Badge(shape="closed", word=_("Counted, as practice"))
    if outcome is not None:
        return Badge(shape="broken" if outcome.unmet else "kept", word=verdict(outcome))
    return Badge(shape=BADGES[Ballot.State(ballot.state)], word=Ballot.State(ballot.state).label)


def verdict(outcome: queries.Outcome) -> str:
    """A counted ballot in one word or two."""
    if outcome.unmet:
        return _("Not carried") if outcome.approval_applies else _("Not enough took part")
    return _("Carried") if outcome.approval_applies else _("Counted")


# What is asked


def asked_in_words(ballot: Ballot) -> list[Asked]:
    """In order; only the first question elects people to a role."""
    candidates = (ballot.effect or {}).get("candidates", [])
    return [
        Asked(
            question=question["question"],
            answers=list(zip_longest(question["answers"], [] if number else candidates)),
            blank=question["extra"]["blank"] if questions.is_shuffled(question) else question["blank"],
            how=_how_to_answer(question),
        )
        for number, question in enumerate(ballot.questions)
    ]


def _how_to_answer(question: questions.Question) -> str:
    if not questions.is_shuffled(question):
        return _how_many(question["min"], question["max"])
    extra = question["extra"]
    if "grades" in extra:
        return _("Grade each of them: %(grades)s.") % {"grades": ", ".join(extra["grades"])}
    if "seats" in extra:
        return ngettext(
            "Rank as many as you like. %(seats)s is elected.",
            "Rank as many as you like. %(seats)s are elected.",
            extra["seats"],
        ) % {"seats": extra["seats"]}
    return _("Rank as many as you like.")


def _how_many(fewest: int, most: int) -> str:
    if (fewest, most) == (1, 1):
        return ""
    if fewest == most:
        return _("Choose %(max)s.") % {"max": most}
    return _("Choose %(min)s to %(max)s.") % {"min": fewest, "max": most}


# The rule


def rule_in_words(rule: Rule) -> list[str]:
    """What a ballot asks for, one sentence a condition."""
    return [_turnout_in_words(rule.turnout_at_least), *_approval_in_words(rule)]


def terms_in_words(ballot: Ballot) -> list[str]:
    """The rule, how ranks and grades are counted, and what a carried count does by itself."""
    turnout, *approval = rule_in_words(queries.rule_of(ballot))
    methods = [_method_in_words(question) for question in ballot.questions if questions.is_shuffled(question)]
    return [
        *_practice_in_words(ballot),
        turnout,
        *([] if questions.is_shuffled(ballot.questions[0]) else approval),
        *dict.fromkeys(methods),
        *_effect_in_words(ballot),
        *_binding_in_words(ballot),
    ]


def _practice_in_words(ballot: Ballot) -> list[str]:
    return [_("This is practice: nothing is decided, whatever the count says.")] if ballot.practice else []


def _method_in_words(question: questions.Question) -> str:
    extra = question["extra"]
    sentences = {
        questions.STV: lambda: (
            ngettext(
                "Voters rank as many names as they like. %(seats)s person is elected, by single "
                "transferable vote. A tie is settled by a lot that anybody can draw again.",
                "Voters rank as many names as they like. %(seats)s people are elected, by single "
                "transferable vote. A tie is settled by a lot that anybody can draw again.",
                extra["seats"],
            )
            % {"seats": extra["seats"]}
        ),
        questions.SCHULZE: lambda: _(
            "Voters rank as many as they like. They are compared two by two, by the Schulze method. Where "
            "some stay level, the members decide."
        ),
        questions.MAJORITY_JUDGMENT: lambda: _(
            "Voters grade each of them. The best grade in the middle wins, by majority judgment. Where some "
            "stay level, the members decide."
        ),
    }
    return sentences[extra["method"]]()


def _effect_in_words(ballot: Ballot) -> list[str]:
    if ballot.effect is None:
        return []
    if ballot.effect["kind"] == "change_mandate":
        return [_("If it carries, what we decided before no longer binds. If not, it stands.")]
    role = Role.Kind(ballot.effect["role"]).label
    if ballot.effect["kind"] == "give_role_to_elected":
        return [_("Whoever is elected becomes %(role)s.") % {"role": role}]
    sentence = {
        "give_role": _("If it carries, entry %(number)s becomes %(role)s."),
        "end_role": _("If it carries, entry %(number)s is no longer %(role)s."),
    }[ballot.effect["kind"]]
    return [sentence % {"number": ballot.effect["number"], "role": role}]


def _binding_in_words(ballot: Ballot) -> list[str]:
    if ballot.mandate_asked is None:
        return []
    lines = asked_in_lines(ballot.mandate_asked, ballot.committee.zone)
    return [_("If it carries, this binds whoever speaks for us: %(what)s") % {"what": " ".join(lines)}]


def _turnout_in_words(share: Fraction) -> str:
    if share == 0:
        return _("No turnout is asked for: it counts however few vote.")
    if share == 1:
        return _("It counts only when everyone who is entitled votes. Blank votes count here.")
    return _("It counts when at least %(share)s of those entitled vote. Blank votes count here.") % {
        "share": share_in_words(share)
    }


def _approval_in_words(rule: Rule) -> list[str]:
    share = rule.approval_more_than
    if share is None:
        return [_("Nothing is approved or refused: the answers are counted.")]
    if share == 0:
        return [_("It carries when anyone says yes.")]
    if rule.approval_of is Base.ENTITLED:
        sentence = _("It carries when more than %(share)s of all who may vote say yes, voting or not.")
        return [sentence % {"share": share_in_words(share)}]
    return [
        _("It carries when more than %(share)s of those who say yes or no say yes. A tie does not carry.")
        % {"share": share_in_words(share)}
    ]


def share_in_words(share: Fraction) -> str:
    known = SHARES.get(share)
    if known is not None:
        return str(known)
    return _("%(some)s of every %(all)s") % {"some": share.numerator, "all": share.denominator}


def who_can_check(group: str) -> str:
    """By which numbers a ballot is locked decides which programs can check it."""
    return _("%(who)s (%(group)s)") % {"who": CHECKERS[group], "group": group}


def who_may_vote(ballot: Ballot) -> str:
    """How many, with the paper slips told apart."""
    if not ballot.slips:
        return localize(ballot.voters)
    return _("%(all)s: %(roll)s on the roll and %(slips)s by paper slip") % {
        "all": localize(ballot.voters),
        "roll": localize(ballot.entitled),
        "slips": localize(ballot.slips),
    }


# The trustees


def quorum_in_words(trustees: int, threshold: int | None) -> str:
    """How many open the count, and what a lost key means; before there are two, nothing."""
    if trustees < quorum.FEWEST:
        return ""
    if threshold is None:
        return _(
            "All %(trustees)s trustees open the count together. If one loses the key, nothing can be counted."
        ) % {"trustees": trustees}
    any_of_them = _("Any %(threshold)s of these %(trustees)s open the count.") % {
        "threshold": threshold,
        "trustees": trustees,
    }
    spare = trustees - threshold
    nothing_lost = ngettext(
        "If one is away or loses the key, nothing is lost.",
        "If %(count)s are away or lose their keys, nothing is lost.",
        spare,
    ) % {"count": spare}
    return f"{any_of_them} {nothing_lost}"


def keys_in_words(ballot: Ballot) -> list[str]:
    """What has gone wrong with the trustees' keys, and what it means; nothing when all is well."""
    if ballot.state not in queries.WITH_KEYS:
        return []
    return [*_refused_in_words(ballot), *_lost_in_words(ballot), *_bad_parts_in_words(ballot)]


def _refused_in_words(ballot: Ballot) -> list[str]:
    refused = queries.refused_shares(ballot)
    sentences = [
        ngettext(
            "Entry %(by)s says: the share of entry %(of)s is wrong.",
            "Entry %(by)s says: the shares of entries %(of)s are wrong.",
            len(of),
        )
        % {"by": by, "of": _listed(of)}
        for by, of in refused
    ]
    return [*sentences, _must_be_called_again()] if refused else []


def _lost_in_words(ballot: Ballot) -> list[str]:
    lost = sorted(ballot.trustees.filter(key_lost=True).values_list("member__number", flat=True))
    if not lost:
        return []
    who = ngettext(
        "Entry %(entries)s has lost the key.", "Entries %(entries)s have lost their keys.", len(lost)
    ) % {"entries": _listed(lost)}
    return [who, _what_is_lost(ballot)]


def _what_is_lost(ballot: Ballot) -> str:
    if queries.has_to_begin_again(ballot):
        return _("The others have used it already. So all trustees begin again, when an organiser lets them.")
    if ballot.state == Ballot.State.ANNOUNCED:
        return _("They make a new one.")
    if queries.can_never_open(ballot):
        return _must_be_called_again()
    if queries.are_keys_missing(ballot):
        return _("Too few keys are left, so nobody can open the count.")
    return _("Nothing is lost: %(left)s keys are left, and %(needed)s are enough.") % {
        "left": queries.keys_left(ballot),
        "needed": queries.keys_needed(ballot),
    }


def _bad_parts_in_words(ballot: Ballot) -> list[str]:
    bad = sorted(ballot.trustees.filter(sent_bad_part=True).values_list("member__number", flat=True))
    if not bad:
        return []
    sentence = ngettext(
        "Entry %(entries)s sent a part of the count that does not hold. "
        "It was left out, and nothing is lost.",
        "Entries %(entries)s sent parts of the count that do not hold. "
        "They were left out, and nothing is lost.",
        len(bad),
    )
    return [sentence % {"entries": _listed(bad)}, _("They can try again with the key file of this ballot.")]


def _must_be_called_again() -> str:
    return _("It cannot open with this key. An organiser withdraws it and calls it again from a copy.")


def opened_in_words(ballot: Ballot) -> str:
    """How many trustees have opened the count, once one has; nothing before, or where all are needed."""
    opened = len(queries.have_opened(ballot))
    if ballot.threshold is None or not opened:
        return ""
    counts = {"opened": opened, "trustees": ballot.trustees.count(), "needed": ballot.threshold}
    if opened >= ballot.threshold:
        return _("%(opened)s of %(trustees)s trustees have opened it, and %(needed)s are enough.") % counts
    return ngettext(
        "%(opened)s of %(trustees)s trustees has opened it; %(needed)s are needed.",
        "%(opened)s of %(trustees)s trustees have opened it; %(needed)s are needed.",
        opened,
    ) % (counts)


# The outcome


def unmet_in_words(ballot: Ballot, outcome: queries.Outcome) -> list[str]:
    """Each condition of the rule that the count fails; its figures stand in `outcome_in_words`."""
    rule = queries.rule_of(ballot)
    too_few_yes = {
        Base.VOTING: _("Too few said yes: the rule asks for more than %(share)s of those who say yes or no."),
        Base.ENTITLED: _("Too few said yes: the rule asks for more than %(share)s of all who may vote."),
    }
    sentences = {
        Condition.TURNOUT: _("Too few voted: the rule asks for at least %(share)s of those entitled.")
        % {"share": share_in_words(rule.turnout_at_least)},
        Condition.APPROVAL: too_few_yes[rule.approval_of]
        % {"share": share_in_words(rule.approval_more_than or Fraction(0))},
    }
    return [sentences[condition] for condition in outcome.unmet]


def outcome_in_words(ballot: Ballot, outcome: queries.Outcome) -> str:
    """A count in one sentence or two."""
    turnout = _("%(papers)s of %(entitled)s voted.") % {
        "papers": localize(outcome.papers),
        "entitled": localize(outcome.entitled),
    }
    return " ".join([*_approval_reached(outcome), *_winners_in_words(ballot, outcome), turnout])


def _approval_reached(outcome: queries.Outcome) -> list[str]:
    if not outcome.approval_applies:
        return []
    yes, no = outcome.counts[0][-2:]
    if yes + no == 0:
        return [_("Nobody said yes or no.")]
    return [
        _("%(percent)s said yes: %(yes)s yes, %(no)s no.")
        % {
            "percent": percent(Fraction(yes, yes + no)),
            "yes": localize(yes),
            "no": localize(no),
        }
    ]


def _winners_in_words(ballot: Ballot, outcome: queries.Outcome) -> list[str]:
    ranked = zip(ballot.questions, outcome.places or [], strict=False)
    return [_winner_in_words(question, places, outcome) for question, places in ranked if places is not None]


def _winner_in_words(question: questions.Question, places: questions.Places, outcome: queries.Outcome) -> str:
    if questions.method_of(question) == questions.STV:
        return elected_in_words(question, places, outcome)
    return _first_in_words(question, places)


def elected_in_words(question: questions.Question, places: questions.Places, outcome: queries.Outcome) -> str:
    """Who is elected; too few papers elect nobody, and only show who it would have been."""
    if not places:
        return _("Nobody is elected: there is no valid paper.")
    names = _named(question, [candidate for place in places for candidate in place])
    sentence = _("The papers would have elected: %(names)s.") if outcome.unmet else _("Elected: %(names)s.")
    return sentence % {"names": names}


def _first_in_words(question: questions.Question, places: questions.Places) -> str:
    if not places:
        return _("Nothing comes first: there is no valid paper.")
    sentence = ngettext("%(names)s comes first.", "%(names)s are level in first place.", len(places[0]))
    return sentence % {"names": _named(question, places[0])}


def _named(question: questions.Question, candidates: list[int]) -> str:
    return in_a_list([question["answers"][candidate] for candidate in candidates])


# Times


def short_time(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    local = moment.astimezone(zone)
    return _("%(day)s, %(time)s") % {"day": short_day(moment, zone, now), "time": date_format(local, "P")}


def short_day(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Days near *now* by name, others by date, the year only where it is another."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    away = (local.date() - today).days
    if away in NEAR_DAYS:
        return str(NEAR_DAYS[away])
    if abs(away) < 7:
        return date_format(local, "l")
    return date_format(local, _("j F") if local.year == today.year else _("j F Y"))


# What comes next


def next_step(ballot: Ballot) -> str:
    """What happens next to a ballot, in one sentence for everybody."""
    if ballot.state == Ballot.State.CLOSED:
        return _closed_in_words(ballot)
    if _is_stopped(ballot):
        return _("It does not go on like this: something is wrong with the trustees’ key.")
    sentences: dict[str, str] = {
        Ballot.State.DRAFT: _("Only organisers see this. Nothing is fixed until it is announced."),
        Ballot.State.ANNOUNCED: _(
            "The trustees make their keys. Then they sign, tellers check who may vote, and it opens."
        ),
        Ballot.State.FROZEN: _(
            "The trustees sign, and two tellers check who may vote. Then it opens by itself."
        ),
        Ballot.State.OPEN: _("Voting is open. It closes by the clock; nobody can close it early."),
        Ballot.State.COUNTED: _("It is counted, and anyone can check the count."),
        Ballot.State.WITHDRAWN: _("It was withdrawn before it opened. It can be called again from a copy."),
        Ballot.State.UNCOUNTABLE: _uncountable_in_words(ballot),
        Ballot.State.VOID: _void_in_words(ballot.reason),
    }
    return sentences[ballot.state]


def _is_stopped(ballot: Ballot) -> bool:
    return queries.has_to_begin_again(ballot) or queries.can_never_open(ballot)


def _closed_in_words(ballot: Ballot) -> str:
    quorum_of = {"threshold": ballot.threshold, "trustees": ballot.trustees.count()}
    if not queries.is_mixed(ballot):
        if ballot.threshold is None:
            return _("Voting is over. All trustees together open the total.")
        return _("Voting is over. Any %(threshold)s of the %(trustees)s trustees open the total.") % quorum_of
    if not queries.is_ready_to_open(ballot):
        return _(
            "Voting is over. The trustees mix the locked votes, one after the other, so that nobody can tell "
            "whose is whose. Then they open them."
        )
    if ballot.threshold is None:
        return _(
            "Voting is over, and the votes are mixed: nobody can tell whose is whose. All trustees together "
            "open them."
        )
    return (
        _(
            "Voting is over, and the votes are mixed: nobody can tell whose is whose. Any %(threshold)s of "
            "the %(trustees)s trustees open them."
        )
        % quorum_of
    )


def _uncountable_in_words(ballot: Ballot) -> str:
    if ballot.threshold is None:
        return _("A key is lost, so nobody can open the count. It can be called again from a copy.")
    return _("Too few keys are left, so nobody can open the count. It can be called again from a copy.")


def _void_in_words(reason: str | None) -> str:
    """What was lost, and what was not."""
    lost = {
        queries.Loss.RECEIPTS: _("Votes that had a receipt are missing, so this vote is void."),
        queries.Loss.BLIND_KEY: _(
            "Votes may be missing, and so is a key that this vote needs. So this vote is void."
        ),
        queries.Loss.UNKNOWN: _("Nobody can tell whether this vote had opened since, so it is void."),
    }
    return " ".join(
        [
            _("The server was set back to an older state."),
            *(sentence for loss, sentence in lost.items() if loss == reason),
            _("It is not counted, and nobody learns how anybody voted. It can be called again from a copy."),
        ]
    )


def missing_in_words(ballot: Ballot) -> list[str]:
    """Who has still to act, by entry number; nobody where it does not help."""
    if _is_stopped(ballot):
        return []
    missing = queries.missing_signatures(ballot)
    sentences = []
    if ballot.state == Ballot.State.ANNOUNCED and ballot.waits_for_slips:
        sentences.append(_("A teller has still to make the paper slips, for members without a phone."))
    if ballot.state == Ballot.State.CLOSED and (opened := opened_in_words(ballot)):
        sentences.append(opened)
    if missing["trustees"] and queries.waits_for_shuffles(ballot):
        sentences.append(_shuffles_in_words(ballot, missing["trustees"]))
    elif missing["trustees"]:
        sentences.append(_missing_trustees_in_words(ballot, missing["trustees"]))
    if missing["tellers"]:
        sentences.append(
            ngettext(
                "One teller has not checked yet: entry %(entries)s.",
                "Tellers who have not checked yet: entries %(entries)s.",
                len(missing["tellers"]),
            )
            % {"entries": _listed(missing["tellers"])}
        )
    return sentences


def _shuffles_in_words(ballot: Ballot, could_go_on: list[int]) -> str:
    needed = queries.shuffles_needed(ballot)
    done = queries.shuffles_made(ballot)
    return ngettext(
        "%(done)s of %(needed)s trustees has mixed the votes. The next can be any of these entries: "
        "%(entries)s.",
        "%(done)s of %(needed)s trustees have mixed the votes. The next can be any of these entries: "
        "%(entries)s.",
        done,
    ) % {"done": done, "needed": needed, "entries": _listed(could_go_on)}


def mixing_in_words(ballot: Ballot) -> str:
    """How many trustees mix the votes, and how many have."""
    done = queries.shuffles_made(ballot)
    return ngettext(
        "It takes %(needed)s trustees, one after the other; %(done)s has done it.",
        "It takes %(needed)s trustees, one after the other; %(done)s have done it.",
        done,
    ) % {"needed": queries.shuffles_needed(ballot), "done": done}


def _missing_trustees_in_words(ballot: Ballot, numbers: list[int]) -> str:
    if ballot.state == Ballot.State.CLOSED and ballot.threshold is not None:
        sentence = ngettext(
            "Entry %(entries)s can still open it.", "Entries %(entries)s can still open it.", len(numbers)
        )
    else:
        sentence = ngettext(
            "One trustee has still to act: entry %(entries)s.",
            "Trustees who have still to act: entries %(entries)s.",
            len(numbers),
        )
    return sentence % {"entries": _listed(numbers)}


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


# The one thing to do


def now_of(thing: queries.ToDo, now: datetime) -> Now:
    """What waits for a member, as the yellow card says it."""
    if thing.kind == "vote":
        return _vote_now(thing.ballot, now)
    heading, sentence, address, action = {
        "decrypt": (
            _("Open the count"),
            _("Voting is over. Your key is one of those that open the count."),
            "ballot_trustee",
            _("Open it"),
        ),
        "shuffle": (
            _("Mix the votes"),
            _("Voting is over. Your browser puts the locked votes into an order that nobody knows."),
            "ballot_trustee",
            _("Mix them"),
        ),
        "sign_decision": (
            _("A decision waits for a second signature"),
            _("Read it, and sign it if you agree."),
            "ballot",
            _("Look at it"),
        ),
        "sign_freeze": (
            _("Check and sign the ballot"),
            _("Your browser checks every byte; then you sign as its trustee."),
            "ballot_trustee",
            _("Check it"),
        ),
        "audit": (
            _("Check who may vote"),
            _("Your browser works the list of voters out again; then you sign as teller."),
            "ballot_teller",
            _("Check it"),
        ),
        "make_slips": (
            _("Make the paper slips"),
            _("This ballot waits for slips for members without a phone."),
            "ballot_slips",
            _("Make them"),
        ),
        "send_shares": (
            _("Go on with your key"),
            _("Every trustee has made a key. Now your browser exchanges shares with theirs."),
            "ballot_trustee",
            _("Go on"),
        ),
        "prove_copy": (
            _("Try your saved key"),
            _("Choose the file that you saved, to show that it works."),
            "ballot_trustee",
            _("Try it"),
        ),
        "make_key": (
            _("Make your key for this ballot"),
            _("You are a trustee: your key helps to open the count."),
            "ballot_trustee",
            _("Make it"),
        ),
        "begin_again": (
            _("Let the trustees begin again"),
            _("One of them has lost a key that the others have used already."),
            "ballot_trustees",
            _("Choose the trustees"),
        ),
        "cannot_open": (
            _("This ballot cannot open with this key"),
            _("Withdraw it and call it again from a copy."),
            "ballot_withdraw",
            _("Withdraw it"),
        ),
        "stuck": (
            _("This ballot did not open in time"),
            _("Withdraw it and call it again from a copy."),
            "ballot",
            _("Look at it"),
        ),
        "finish_draft": (
            _("Finish your draft"),
            _("Nobody else sees it until you announce it."),
            "ballot_edit",
            _("Go on"),
        ),
    }[thing.kind]
    return Now(
        heading=heading,
        sentence=sentence,
        about=thing.ballot.title,
        path=reverse(address, args=[thing.ballot.uuid]),
        action=action,
        is_practice=thing.ballot.practice,
    )


def _vote_now(ballot: Ballot, now: datetime) -> Now:
    head = queries.head_of(ballot)
    until = _("%(when)s, %(zone)s") % {
        "when": short_time(ballot.closes_at, ZoneInfo(ballot.committee.zone), now),
        "zone": zone_in_words(ballot.committee.zone),
    }
    return Now(
        heading=ballot.title,
        sentence=_("Voting closes %(until)s. %(voters)s of %(entitled)s of us have voted.")
        % {
            "until": until,
            "voters": localize(head["voters"]),
            "entitled": localize(head["entitled"]),
        },
        path=reverse("ballot_vote", args=[ballot.uuid]),
        action=_("Vote"),
        votes_in=ballot.uuid,
        until=until,
        is_practice=ballot.practice,
    )


def old_key_only() -> str:
    """For a member whose new key began to count after the ballot was called."""
    return _(
        "This ballot was called before your new key counted, so it knows your old key only. "
        "A vote you cast with it stays in. Your new key votes in the next ballot."
    )


def why_not_to_vote(ballot: Ballot, member: Member, now: datetime) -> Now | None:
    """Why the booth is shut for this member, and where to go instead; None when they can vote."""
    here = reverse("ballot", args=[ballot.uuid])
    if ballot.state == Ballot.State.WITHDRAWN:
        return Now(
            heading=_("This ballot was withdrawn"),
            sentence=ballot.reason or "",
            path=here,
            action=_("See why"),
        )
    if ballot.state == Ballot.State.VOID:
        return Now(
            heading=_("This vote is void"),
            sentence=next_step(ballot),
            path=here,
            action=_("See this ballot"),
        )
    if ballot.state == Ballot.State.DRAFT:
        return Now(
            heading=_("This is a draft"),
            sentence=_("Nobody can vote in it yet."),
            path=here,
            action=_("See the draft"),
        )
    if queries.has_newer_key(ballot, member):
        return Now(
            heading=_("You vote in the next one"),
            sentence=old_key_only(),
            path=here,
            action=_("See this ballot"),
        )
    if not queries.is_entitled(ballot, member):
        return Now(
            heading=_("You vote in the next one"),
            sentence=_("The list of voters was fixed before you joined, or your entry was not settled yet."),
            path=here,
            action=_("See this ballot"),
        )
    return _why_shut(ballot, now, here)


def why_no_slip_counts(ballot: Ballot, now: datetime) -> Now | None:
    """Why nobody can vote by a slip now; None when they can."""
    here = reverse("board", args=[ballot.uuid])
    if ballot.state == Ballot.State.VOID:
        return Now(
            heading=_("This vote is void"),
            sentence=next_step(ballot),
            path=here,
            action=_("See the board"),
        )
    if not ballot.slips:
        return Now(
            heading=_("There are no slips in this vote"),
            sentence=_("Nobody can vote in it by a paper slip."),
            path=here,
            action=_("See the board"),
        )
    return _why_shut(ballot, now, here)


def _why_shut(ballot: Ballot, now: datetime, here: str) -> Now | None:
    if ballot.state in (Ballot.State.ANNOUNCED, Ballot.State.FROZEN):
        return Now(
            heading=_("Voting has not opened yet"),
            sentence=next_step(ballot),
            path=here,
            action=_("See when"),
        )
    if ballot.state != Ballot.State.OPEN or now >= ballot.closes_at:
        return Now(
            heading=_("Voting is over"),
            sentence=_("What was cast before the close counts."),
            path=reverse("board", args=[ballot.uuid]),
            action=_("See the board"),
        )
    return None
