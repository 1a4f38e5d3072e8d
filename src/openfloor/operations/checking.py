"""Everything that hangs together in a database, held together again: ledgers, rolls and boards."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from openballot import verifier
from openballot.archive import examine_archive
from openfloor.audit import chain
from openfloor.audit import queries as audit
from openfloor.ballots import queries
from openfloor.ballots.models import Ballot
from openfloor.operations.starting import Say
from openfloor.workplace import queries as workplace
from openfloor.workplace import roll
from openfloor.workplace.models import Committee


@dataclass(slots=True)
class Checked:
    """What was found, in sentences; *problems* is empty when everything holds."""

    facts: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def check_everything(*, every_paper: bool, say: Say) -> Checked:
    """
    Check each committee's ledger and roll, and each ballot's board and what it rests on.

    With *every_paper* each ballot paper's proofs are checked too, which takes minutes for a large vote.
    """
    checked = Checked()
    for committee in Committee.objects.order_by("name"):
        _check_committee(checked, committee)
        for ballot in Ballot.objects.filter(committee=committee).order_by("closes_at"):
            say(f"Checking “{ballot.title}” …")
            _check_ballot(checked, ballot, every_paper=every_paper)
    return checked


def _check_committee(checked: Checked, committee: Committee) -> None:
    lines = list(audit.export_lines(committee.pk))
    ledger = chain.verify_export(lines)
    report = roll.verify(workplace.roll_lines(committee))
    if ledger or chain.export_head(lines) != audit.head(committee.pk):
        checked.problems.append(f"{committee.name}: the ledger does not hold.")
    if report.findings or report.state.head != workplace.roll_head(committee)[1]:
        checked.problems.append(f"{committee.name}: the roll does not hold.")
    checked.facts.append(
        f"{committee.name}: entries on the roll: {len(report.state.entries)}, "
        f"lines in the ledger: {len(lines)}."
    )


def _check_ballot(checked: Checked, ballot: Ballot, *, every_paper: bool) -> None:
    faults = list(_faults(ballot, every_paper=every_paper))
    checked.problems.extend(f"“{ballot.title}”: {fault}" for fault in faults)
    papers = queries.papers_of(ballot).count()
    state = Ballot.State(ballot.state).label
    checked.facts.append(f"“{ballot.title}”: {state}; papers on the board: {papers}.")


def _faults(ballot: Ballot, *, every_paper: bool) -> Iterator[str]:
    if ballot.announced_on is not None and not _rests_on_its_roll(ballot):
        yield "the roll or the ledger that it names is not there."
    if ballot.opened_at is None:
        return
    content = queries.archive_on_disk(ballot)
    archive, findings = examine_archive(content)
    rows = list(ballot.board.order_by("height").values_list("hash", flat=True))
    if archive is None or findings or [event.hash for event in archive.events] != rows:
        yield "its board does not hold."
    elif every_paper:
        required = "counted" if ballot.state == Ballot.State.COUNTED else None
        if verifier.verify(content, require=required).verdict != "valid":
            yield "what stands on its board does not pass the verifier."


def _rests_on_its_roll(ballot: Ballot) -> bool:
    fixed = queries.fixed_roll(ballot)
    entries = audit.entries(ballot.committee_id)
    lines = workplace.roll_lines(ballot.committee, fixed.position)
    return entries.filter(hash=fixed.ledger_head).exists() and roll.replay(lines).head == fixed.head
