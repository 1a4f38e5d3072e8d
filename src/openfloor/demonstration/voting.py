"""Made-up ballots, called, voted in and counted by the real actions with what devices would send."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import SystemRandom

from openfloor.ballots import actions, devices, queries
from openfloor.ballots.devices import KeyMaker, TrusteeKey
from openfloor.ballots.models import Ballot, Trustee
from openfloor.demonstration.apart import Work, paper
from openfloor.demonstration.people import ORGANISER, TELLERS, TRUSTEES, Person
from openfloor.demonstration.story import Election, Question

YES, NO = [[1, 0]], [[0, 1]]
CHANGED_MINDS = 2

Answers = list[list[int]]
People = Mapping[int, Person]
chance = SystemRandom()


def draft(people: People, question: Question, *, opens: datetime, closes: datetime, now: datetime) -> Ballot:
    return actions.draft_ballot(
        people[ORGANISER].member,
        title=question.title,
        text=question.text,
        questions=question.questions,
        group=question.group,
        turnout=question.turnout,
        approval=question.approval,
        mandate=question.mandate(closes),
        opens_not_before=opens,
        closes_at=closes,
        trustees=[people[number].member for number in TRUSTEES],
        tellers=[people[number].member for number in TELLERS],
        now=now,
    )


@dataclass(frozen=True, slots=True)
class SharedKey:
    """What a trustee's device holds of a key that was made together: its seed, and the share that came."""

    maker: KeyMaker
    share: TrusteeKey


def open_up(people: People, ballot: Ballot, *, announced_at: datetime) -> dict[int, SharedKey]:
    """From a draft to an open ballot; the trustees' keys by entry number."""
    actions.announce(ballot, people[ORGANISER].member, announced_at)
    return prepare(people, ballot, announced_at)


def prepare(people: People, ballot: Ballot, announced_at: datetime) -> dict[int, SharedKey]:
    """From an announced to an open ballot; the trustees' keys by entry number."""
    trustees = {trustee.member.number: trustee for trustee in ballot.trustees.select_related("member")}
    tellers = {teller.member.number: teller for teller in ballot.tellers.select_related("member")}
    keys = _make_key(people, ballot, trustees, announced_at)
    setup = queries.setup_of(_fresh(ballot))
    for number, teller in tellers.items():
        actions.sign_audit(teller, devices.sign_audit(people[number].keys, number, setup), announced_at)
    actions.open_if_due(_fresh(ballot), ballot.opens_not_before)
    return keys


def _make_key(
    people: People, ballot: Ballot, trustees: Mapping[int, Trustee], now: datetime
) -> dict[int, SharedKey]:
    """The trustees go through the three rounds together, and sign."""

    def told(trustee: Trustee) -> devices.Keymaking:
        return queries.keymaking_of(_fresh(ballot), trustee)

    makers = {number: KeyMaker.draw(ballot.uuid, told(trustee)) for number, trustee in trustees.items()}
    for number, trustee in trustees.items():
        signature = makers[number].signature(people[number].keys, ballot.uuid, number)
        actions.hand_in_certificate(trustee, makers[number].certificate, signature, now)
    for number, trustee in trustees.items():
        actions.hand_in_coefficients(trustee, makers[number].coefficients(told(trustee)), now)
    setup, keys = queries.setup_of(_fresh(ballot)), {}
    for number, trustee in trustees.items():
        message = makers[number].key_message(told(trustee))
        actions.finish_key(trustee, message, devices.sign_freeze(people[number].keys, number, setup), now)
        keys[number] = SharedKey(makers[number], makers[number].key(message))
    return keys


def yes_and_no(yes: int, no: int) -> list[Answers]:
    """So many votes of either kind; two of those who say yes said no before."""
    return [NO] * CHANGED_MINDS + [YES] * yes + [NO] * no


def accept_or_stand(accept: int, stand: int) -> list[Answers]:
    """Of a breach that is put to the vote; two of those who stand by it would have accepted the move."""
    moved, stood = [[0, 1, 0]], [[0, 0, 1]]
    return [moved] * CHANGED_MINDS + [stood] * stand + [moved] * accept


def rankings(election: Election, count: int) -> list[Answers]:
    """So many orders, in which earlier candidates come first more often; two voters change theirs."""
    return [_ranking(len(election.candidates)) for _ in range(CHANGED_MINDS + count)]


def _ranking(candidates: int) -> Answers:
    order = sorted(range(candidates), key=lambda candidate: candidate + chance.uniform(0, candidates))
    ranked = order[: chance.randint(2, candidates)]
    return [[ranked.index(candidate) + 1 if candidate in ranked else 0 for candidate in range(candidates)]]


def cast(
    work: Work, people: People, ballot: Ballot, votes: Sequence[Answers], *, without: int | None = None
) -> None:
    """Votes by anybody but *without*, in an order that says nothing. Two voters change their mind."""
    ballot = _fresh(ballot)
    first, last = votes[:CHANGED_MINDS], votes[CHANGED_MINDS:]
    voters = chance.sample([number for number in people if number != without], len(last))
    cast_last = list(zip(voters, last, strict=True))
    votes_cast = [*zip(voters, first, strict=False), *chance.sample(cast_last, len(cast_last))]
    papers = work.helper.map(
        paper,
        [people[voter].keys.root for voter, _ in votes_cast],
        [ballot.election] * len(votes_cast),
        [queries.blind_nonce(ballot, people[voter].member) for voter, _ in votes_cast],
        [answers for _, answers in votes_cast],
    )
    for text in papers:
        actions.cast(ballot.uuid, text.encode(), ballot.opens_not_before)
        work.step()


def close(ballot: Ballot) -> None:
    ballot = _fresh(ballot)
    actions.close_if_due(ballot, ballot.closes_at)
    actions.add_up(_fresh(ballot))


def mix(people: People, ballot: Ballot, numbers: Sequence[int], *, now: datetime) -> None:
    """Each of these trustees mixes the votes, one after the other."""
    ballot = _fresh(ballot)
    for trustee in ballot.trustees.filter(member__number__in=numbers).select_related("member"):
        number = trustee.member.number
        archive = queries.archive_of(_fresh(ballot), published_only=True)
        made = devices.shuffle(people[number].keys, number, archive)
        actions.hand_in_shuffle(trustee, made.text, made.parent, made.signature, now=now)


def decrypt(people: People, ballot: Ballot, keys: Mapping[int, SharedKey], *, now: datetime) -> None:
    """Each holder of one of *keys* opens their part; as many as are needed complete the count."""
    ballot = _fresh(ballot)
    for trustee in ballot.trustees.filter(member__number__in=keys).select_related("member"):
        number = trustee.member.number
        archive = queries.archive_of(ballot, published_only=True)
        part = devices.decrypt(keys[number].share, people[number].keys, number, archive)
        actions.hand_in_decryption(trustee, part.partial, part.bound_proofs, part.head_signature, now)


def _fresh(ballot: Ballot) -> Ballot:
    return Ballot.objects.select_related("committee").get(pk=ballot.pk)
