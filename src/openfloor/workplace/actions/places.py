"""Sites, units and occupations with their headcounts: set by organisers, each change in the ledger."""

from datetime import datetime
from typing import Any

from django.db import transaction

from openfloor.audit.actions import record
from openfloor.workplace import permissions
from openfloor.workplace.actions._roll import locked
from openfloor.workplace.errors import BadHeadcount, BadName, NameTaken, OrganisersOnly, UnknownPlace
from openfloor.workplace.models import Committee, Member, Occupation, Site, Unit

LONGEST_NAME = 80
MOST_PEOPLE = 1_000_000


@transaction.atomic
def add_site(by: Member, *, name: str, now: datetime) -> Site:
    committee = _opened_by(by)
    site = Site(committee=committee, name=_clean_name(name))
    _refuse_taken_name(site, committee.sites.filter(name=site.name).exists())
    site.save()
    _record(by, {"what": "site", "id": site.pk, "name": site.name}, now)
    return site


@transaction.atomic
def rename_site(site: Site, *, by: Member, name: str, now: datetime) -> None:
    committee = _opened_by(by)
    _refuse_foreign(site.committee_id == committee.pk)
    site.name = _clean_name(name)
    _refuse_taken_name(site, committee.sites.filter(name=site.name).exclude(pk=site.pk).exists())
    site.save()
    _record(by, {"what": "site", "id": site.pk, "name": site.name}, now)


@transaction.atomic
def add_unit(by: Member, *, site: Site, name: str, headcount: int, now: datetime) -> Unit:
    committee = _opened_by(by)
    _refuse_foreign(site.committee_id == committee.pk)
    unit = Unit(site=site, name=_clean_name(name), headcount=_clean_headcount(headcount))
    _save_unit(unit, by, now)
    return unit


@transaction.atomic
def change_unit(unit: Unit, *, by: Member, name: str, headcount: int, now: datetime) -> None:
    committee = _opened_by(by)
    _refuse_foreign(unit.site.committee_id == committee.pk)
    unit.name, unit.headcount = _clean_name(name), _clean_headcount(headcount)
    _save_unit(unit, by, now)


@transaction.atomic
def add_occupation(by: Member, *, name: str, headcount: int, now: datetime) -> Occupation:
    committee = _opened_by(by)
    occupation = Occupation(
        committee=committee, name=_clean_name(name), headcount=_clean_headcount(headcount)
    )
    _save_occupation(occupation, by, now)
    return occupation


@transaction.atomic
def change_occupation(
    occupation: Occupation, *, by: Member, name: str, headcount: int, now: datetime
) -> None:
    committee = _opened_by(by)
    _refuse_foreign(occupation.committee_id == committee.pk)
    occupation.name, occupation.headcount = _clean_name(name), _clean_headcount(headcount)
    _save_occupation(occupation, by, now)


def _opened_by(by: Member) -> Committee:
    committee = locked(by.committee)
    if not permissions.may_organise(by):
        raise OrganisersOnly
    return committee


def _save_unit(unit: Unit, by: Member, now: datetime) -> None:
    others = Unit.objects.filter(site=unit.site, name=unit.name).exclude(pk=unit.pk)
    _refuse_taken_name(unit, others.exists())
    unit.save()
    change = {"what": "unit", "id": unit.pk, "site": unit.site_id}
    _record(by, {**change, "name": unit.name, "headcount": unit.headcount}, now)


def _save_occupation(occupation: Occupation, by: Member, now: datetime) -> None:
    others = Occupation.objects.filter(committee=occupation.committee, name=occupation.name)
    _refuse_taken_name(occupation, others.exclude(pk=occupation.pk).exists())
    occupation.save()
    change = {"what": "occupation", "id": occupation.pk}
    _record(by, {**change, "name": occupation.name, "headcount": occupation.headcount}, now)


def _clean_name(name: str) -> str:
    name = " ".join(name.split())
    if not (1 <= len(name) <= LONGEST_NAME and name.isprintable()):
        raise BadName(length=LONGEST_NAME)
    return name


def _clean_headcount(headcount: int) -> int:
    if not 0 <= headcount <= MOST_PEOPLE:
        raise BadHeadcount(most=MOST_PEOPLE)
    return headcount


def _refuse_foreign(is_ours: bool) -> None:
    if not is_ours:
        raise UnknownPlace


def _refuse_taken_name(place: Site | Unit | Occupation, is_taken: bool) -> None:
    if is_taken:
        raise NameTaken(name=place.name)


def _record(by: Member, change: dict[str, Any], now: datetime) -> None:
    record(by.committee_id, "workplace_changed", {**change, "by": by.number}, now=now)
