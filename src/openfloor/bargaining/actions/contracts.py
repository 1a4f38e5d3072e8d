"""Contracts, written down by organisers: each change stands in the ledger with everything it says now."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from openfloor.audit.actions import record
from openfloor.bargaining import permissions
from openfloor.bargaining.errors import BadContract, DayTooFar, ForeignUnit, OrganisersBargain
from openfloor.bargaining.figures import are_within_reach
from openfloor.bargaining.models import Contract
from openfloor.bargaining.notices import Notice
from openfloor.locks import lock_committee
from openfloor.workplace.models import Committee, Member, Unit

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Everything that is written down of a contract."""

    title: str
    employer: str
    workers: str
    units: tuple[Unit, ...] = ()
    others_covered: str = ""
    people: int | None = None
    starts_on: date | None = None
    expires_on: date | None = None
    no_strike: str = Contract.NoStrike.UNKNOWN
    no_strike_text: str = ""
    notices: tuple[Notice, ...] = ()


@transaction.atomic
def add_contract(by: Member, terms: Terms, *, now: datetime) -> Contract:
    contract = Contract(committee_id=by.committee_id)
    _write(contract, by, terms, now)
    return contract


@transaction.atomic
def change_contract(contract: Contract, by: Member, terms: Terms, *, now: datetime) -> None:
    if contract.committee_id != by.committee_id:
        raise OrganisersBargain
    _write(contract, by, terms, now)


def _write(contract: Contract, by: Member, terms: Terms, now: datetime) -> None:
    lock_committee(by.committee_id)
    if not permissions.may_write_down(by):
        raise OrganisersBargain
    _refuse_bad(terms, by.committee)
    for name in ("title", "employer", "workers", "others_covered", "people", "starts_on", "expires_on"):
        setattr(contract, name, getattr(terms, name))
    contract.no_strike, contract.no_strike_text = terms.no_strike, terms.no_strike_text
    contract.notices = [{"days": notice.days, "what": notice.what} for notice in terms.notices]
    contract.changed_at = now
    contract.save()
    contract.units.set(terms.units)
    _record(contract, by, now)


def _refuse_bad(terms: Terms, committee: Committee) -> None:
    names = (terms.title, terms.employer, terms.workers)
    if not all(1 <= len(name) <= LONGEST_NAME and name.isprintable() for name in names):
        raise BadContract
    if not are_within_reach(terms.starts_on, terms.expires_on):
        raise DayTooFar
    if terms.starts_on and terms.expires_on and terms.starts_on >= terms.expires_on:
        raise BadContract
    if any(unit.site.committee_id != committee.pk for unit in terms.units):
        raise ForeignUnit


def _record(contract: Contract, by: Member, now: datetime) -> None:
    payload = {
        "contract": str(contract.pk),
        "title": contract.title,
        "employer": contract.employer,
        "workers": contract.workers,
        "units": sorted(contract.units.values_list("pk", flat=True)),
        "others_covered": contract.others_covered,
        "people": contract.people,
        "starts_on": _day(contract.starts_on),
        "expires_on": _day(contract.expires_on),
        "no_strike": str(contract.no_strike),
        "no_strike_text": contract.no_strike_text,
        "notices": contract.notices,
        "by": by.number,
    }
    record(by.committee_id, "contract_written", payload, now=now)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
