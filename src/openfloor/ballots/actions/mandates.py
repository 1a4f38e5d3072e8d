"""A mandate from the count on: what was decided stands in the ledger, and what is done is held against it."""

from datetime import datetime
from typing import Any

from openfloor.audit.actions import record
from openfloor.ballots.actions.board import in_ledger
from openfloor.ballots.charter import moment
from openfloor.ballots.mandate import mandate_of
from openfloor.ballots.models import Ballot, Mandate
from openfloor.ballots.queries import board_hash, outcome, rule_of
from workrules.mandates import Rule


def bind(ballot: Ballot, now: datetime) -> Mandate | None:
    """
    Write what a carried ballot binds us to into the ledger, with the head of its board as the proof.

    Inside the transaction of the count; None where the ballot binds nobody.
    """
    if ballot.mandate_asked is None:
        return None
    decided = outcome(ballot)
    yes, no = decided.counts[0][-2:]
    entry = record(
        ballot.committee_id,
        "mandate_decided",
        {
            **in_ledger(ballot),
            "mandate": ballot.mandate_asked,
            "zone": ballot.committee.zone,
            "rule": _rule_in_ledger(rule_of(ballot)),
            "decided_at": moment(ballot.closes_at),
            "election_hash": board_hash(ballot),
            "head": ballot.board.order_by("height").values_list("hash", flat=True).last(),
            "yes": yes,
            "no": no,
            "papers": decided.papers,
        },
        now=now,
    )
    asked = mandate_of(ballot.mandate_asked, decided_at=ballot.closes_at)
    return Mandate.objects.create(
        ballot=ballot,
        committee=ballot.committee,
        decided_at=ballot.closes_at,
        line=entry.number,
        due_at=asked.action_by or asked.expires_at,
    )


def _rule_in_ledger(rule: Rule) -> dict[str, Any]:
    approval = rule.approval_more_than
    return {
        "turnout_at_least": list(rule.turnout_at_least.as_integer_ratio()),
        "approval_more_than": None if approval is None else list(approval.as_integer_ratio()),
    }
