"""The ledger in sentences, for members and for whoever checks an export: the latter has no database."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openfloor.audit.chain import REMOVAL, Check, Finding
from openfloor.audit.demands import action_in_words, shortfalls_in_words, term_in_words

if TYPE_CHECKING:
    from openfloor.audit.models import LedgerEntry

Payload = dict[str, Any]

FINDINGS = {
    Check.CANONICAL: gettext_lazy("Line %(line)s is not written in its one exact form."),
    Check.CHAIN: gettext_lazy(
        "Line %(line)s does not follow from the line before it: something was changed or left out."
    ),
    Check.NUMBER: gettext_lazy("Line %(line)s has the wrong number: something was left out, added or moved."),
    Check.COMMITTEE: gettext_lazy("Line %(line)s belongs to another committee."),
    Check.TIME: gettext_lazy("Line %(line)s has a time that cannot be, or one before the line before it."),
    Check.PAYLOAD: gettext_lazy("The text in line %(line)s is not the one that was recorded."),
    Check.REMOVED_WITHOUT_RECORD: gettext_lazy(
        "The text of line %(line)s is missing, and no later line says that it was removed."
    ),
    Check.SEEN_HEAD_MISSING: gettext_lazy(
        "The entry that you saw is not in this ledger: it was changed, or this is another one."
    ),
    Check.MANDATE: gettext_lazy(
        "Line %(line)s says something about a mandate that does not follow from the lines before it."
    ),
    Check.BREACH_UNTOLD: gettext_lazy("By its own lines a mandate was not kept, and no line says so."),
}
ROLES = {
    "organiser": gettext_lazy("organiser"),
    "trustee": gettext_lazy("trustee"),
    "teller": gettext_lazy("teller"),
}
CONDITIONS = {
    "turnout": gettext_lazy("too few voted"),
    "approval": gettext_lazy("too few said yes"),
}
BREACHES = {
    "offer_below": gettext_lazy("an offer below it was made in our name, without a vote."),
    "deadline_passed": gettext_lazy("the day came, and the action had not begun."),
    "called_off_without_vote": gettext_lazy("the action was called off without the vote that it takes."),
    "signed_without_vote": gettext_lazy("an agreement was signed without the vote that it takes."),
    "changed_without_vote": gettext_lazy("something else was put in its place without the vote it takes."),
}


def sentence(finding: Finding) -> str:
    """What a finding means; lines count from 1, as editors do."""
    line = "" if finding.line is None else finding.line + 1
    return str(FINDINGS[finding.check]) % {"line": line}


def describe(entry: "LedgerEntry") -> str:
    """What an entry of the ledger says, in one sentence or two."""
    if entry.payload is None:
        return _("The text of this line was removed. A later line says why.")
    payload: Payload = json.loads(entry.payload)
    if entry.kind not in SENTENCES:
        return _("Recorded: %(kind)s.") % {"kind": entry.kind}
    return SENTENCES[entry.kind](payload)


def describe_to_outsiders(entry: "LedgerEntry") -> str:
    """The same about a mandate, where everybody reads it: nothing of who told it or put it to the vote."""
    if entry.payload is None:
        return describe(entry)
    payload = json.loads(entry.payload)
    if "by" in payload:
        payload["by"] = [] if entry.kind == "mandate_event" else None
    return SENTENCES[entry.kind](payload)


def describe_under_title(entry: "LedgerEntry") -> str:
    """The same about a ballot, where its title stands above."""
    if entry.payload is None or entry.kind not in UNDER_TITLE:
        return describe(entry)
    return UNDER_TITLE[entry.kind](json.loads(entry.payload))


def _founded(payload: Payload) -> str:
    return _("The committee “%(name)s” was prepared. Its time zone is %(zone)s.") % payload


def _board_key(payload: Payload) -> str:
    return _("The key that signs receipts was made. It begins with %(start)s.") % {
        "start": payload["public_key"][:8]
    }


def _roll_rules(payload: Payload) -> str:
    rules: dict[str, int] = payload["rules"]
    return (
        _(
            "The roll's rules: the first %(founding_members)s members need one vouch, everyone after them "
            "%(vouches)s. A member may vouch from day %(vouch_from_day)s, for %(vouches_a_month)s people "
            "a month. Days for objections: %(objection_days)s."
        )
        % rules
    )


def _role_given(payload: Payload) -> str:
    named = {"number": payload["number"], "role": ROLES[payload["role"]]}
    if payload.get("as_founder"):
        return (
            _("Member %(number)s founded the committee and is its %(role)s until the first election.") % named
        )
    if "by_ballot" in payload:
        return _("Member %(number)s became %(role)s by ballot %(ballot)s.") % {
            **named,
            "ballot": payload["by_ballot"],
        }
    signers = _members([confirmation["by"] for confirmation in payload["confirmations"]])
    return _("Member %(number)s became %(role)s. Signed by %(signers)s.") % {**named, "signers": signers}


def _role_ended(payload: Payload) -> str:
    named = {"number": payload["number"], "role": ROLES[payload["role"]]}
    if payload.get("left_the_roll"):
        return _("Member %(number)s left the committee and is no longer %(role)s.") % named
    if "by_ballot" in payload:
        return _("Member %(number)s is no longer %(role)s, by ballot %(ballot)s.") % {
            **named,
            "ballot": payload["by_ballot"],
        }
    return _("Member %(number)s gave back the role of %(role)s.") % named


def _key_renewal(payload: Payload) -> str:
    return _("Member %(number)s (%(roles)s) lost their key. The new one counts from %(day)s.") % {
        **_officer(payload),
        "day": date_format(date.fromisoformat(payload["counts_from"]), _("j F Y")),
    }


def _key_renewal_stopped(payload: Payload) -> str:
    return _("Member %(by)s stopped the new key of member %(number)s (%(roles)s).") % {
        **_officer(payload),
        "by": payload["by"],
    }


def _officer(payload: Payload) -> dict[str, Any]:
    roles = ", ".join(str(ROLES[role]) for role in payload["roles"])
    return {"number": payload["number"], "roles": roles}


def _workplace_changed(payload: Payload) -> str:
    if payload["what"] == "site":
        return _("Member %(by)s wrote down the site “%(name)s”.") % payload
    if payload["what"] == "unit":
        return (
            _("Member %(by)s wrote down the unit “%(name)s”: people who work there: %(headcount)s.") % payload
        )
    return _("Member %(by)s wrote down the occupation “%(name)s”: people who do it: %(headcount)s.") % payload


def _contract_written(payload: Payload) -> str:
    if payload["expires_on"] is None:
        return _("Member %(by)s wrote down the contract “%(title)s”. It names no end.") % payload
    return _("Member %(by)s wrote down the contract “%(title)s”. It runs out on %(day)s.") % {
        **payload,
        "day": _day(payload["expires_on"]),
    }


def _proposal_written(payload: Payload) -> str:
    by_side = {"ours": _PUT_FORWARD_BY_US, "theirs": _PUT_FORWARD_BY_THEM}
    sentence = by_side[payload["side"]] if payload["what"] == "proposed" else _WRITTEN[payload["what"]]
    return str(sentence) % payload


_PUT_FORWARD_BY_US = gettext_lazy(
    "Member %(by)s wrote down what we put forward on article %(number)s, “%(title)s”: version %(version)s."
)
_PUT_FORWARD_BY_THEM = gettext_lazy(
    "Member %(by)s wrote down what they put forward on article %(number)s, “%(title)s”: version %(version)s."
)
_WRITTEN = {
    "article": gettext_lazy(
        "Member %(by)s wrote down that article %(number)s, “%(title)s”, is on the table."
    ),
    "withdrawn": gettext_lazy(
        "Member %(by)s wrote down that a side took back article %(number)s, “%(title)s”: version %(version)s."
    ),
    "agreed": gettext_lazy(
        "Member %(by)s wrote down a tentative agreement on article %(number)s, “%(title)s”: version "
        "%(version)s."
    ),
    "corrected": gettext_lazy(
        "Member %(by)s corrected version %(corrects)s of article %(number)s, “%(title)s”, by version "
        "%(version)s: %(reason)s"
    ),
}


def _proposals_imported(payload: Payload) -> str:
    if payload["side"] == "ours":
        return (
            ngettext(
                "Member %(by)s read in a proposal of ours for “%(title)s”: %(count)s article.",
                "Member %(by)s read in a proposal of ours for “%(title)s”: %(count)s articles.",
                payload["count"],
            )
            % payload
        )
    return ngettext(
        "Member %(by)s read in a proposal of theirs for “%(title)s”: %(count)s article.",
        "Member %(by)s read in a proposal of theirs for “%(title)s”: %(count)s articles.",
        payload["count"],
    ) % (payload)


def _session_announced(payload: Payload) -> str:
    sentences = {
        "members": _("Member %(by)s announced the session “%(title)s” on %(at)s, open to all members."),
        "public": _("Member %(by)s announced the session “%(title)s” on %(at)s, open to everybody."),
    }
    return sentences[payload["audience"]] % {**payload, "at": _moment(payload["starts_at"])}


def _session_ended(payload: Payload) -> str:
    if payload["by"] is None:
        return ngettext(
            "Nobody wrote any more, so the clock ended “%(title)s”. Its minutes have %(lines)s line.",
            "Nobody wrote any more, so the clock ended “%(title)s”. Its minutes have %(lines)s lines.",
            payload["lines"],
        ) % (payload)
    return ngettext(
        "Member %(by)s ended the session “%(title)s”. Its minutes have %(lines)s line.",
        "Member %(by)s ended the session “%(title)s”. Its minutes have %(lines)s lines.",
        payload["lines"],
    ) % (payload)


def _session_note_takers(payload: Payload) -> str:
    if "named" in payload:
        return _("Member %(by)s named member %(named)s to take notes in the session “%(title)s”.") % payload
    return (
        _("Member %(by)s took member %(taken_off)s off the note-takers of the session “%(title)s”.") % payload
    )


def _session_rules_changed(payload: Payload) -> str:
    sentences = [
        _("Member %(by)s wrote down new ground rules of the session “%(title)s”.") % payload,
        str(_RULES_AGREED[payload["agreed_by"]]) if payload["text"] else "",
        _("Refused by us: %(refused_by_us)s") % payload if payload["refused_by_us"] else "",
        _("Refused by them: %(refused_by_them)s") % payload if payload["refused_by_them"] else "",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


_RULES_AGREED = {
    "both": gettext_lazy("Both sides agreed."),
    "ours": gettext_lazy("We alone agreed; they have not."),
    "theirs": gettext_lazy("They alone agreed; we have not."),
}


def _session_reported(payload: Payload) -> str:
    if payload["edition"] == 1:
        return _("Member %(by)s published the report of the session “%(title)s”.") % payload
    return _("Member %(by)s published edition %(edition)s of the report of “%(title)s”: %(reason)s") % payload


def _ballot_announced(payload: Payload) -> str:
    if payload.get("practice"):
        return (
            ngettext(
                "Member %(by)s called a practice ballot, “%(title)s”. %(entitled)s member may vote.",
                "Member %(by)s called a practice ballot, “%(title)s”. %(entitled)s members may vote.",
                payload["entitled"],
            )
            % payload
        )
    return ngettext(
        "Member %(by)s called the ballot “%(title)s”. %(entitled)s member may vote.",
        "Member %(by)s called the ballot “%(title)s”. %(entitled)s members may vote.",
        payload["entitled"],
    ) % (payload)


def _slips_made(payload: Payload) -> str:
    return ngettext(
        "Member %(by)s, a teller, made %(count)s paper slip for “%(title)s”.",
        "Member %(by)s, a teller, made %(count)s paper slips for “%(title)s”.",
        payload["count"],
    ) % (payload)


def _slips_cancelled(payload: Payload) -> str:
    return ngettext(
        "Member %(by)s, a teller, cancelled %(count)s paper slip for “%(title)s”.",
        "Member %(by)s, a teller, cancelled %(count)s paper slips for “%(title)s”.",
        payload["count"],
    ) % (payload)


def _trustees_replaced(payload: Payload) -> str:
    return _("Member %(by)s let the trustees of “%(title)s” begin again: %(trustees)s.") % {
        **payload,
        "trustees": _members(payload["trustees"]),
    }


def _shares_refused(payload: Payload) -> str:
    return _("Member %(by)s, a trustee of “%(title)s”, found the shares of %(of)s wrong.") % {
        **payload,
        "of": _members(payload["of"]),
    }


def _ballot_frozen(payload: Payload) -> str:
    return _("The text, the trustees' keys and the list of voters of “%(title)s” were fixed.") % payload


def _ballot_opened(payload: Payload) -> str:
    return _("Voting on “%(title)s” opened.") % payload


def _ballot_extended(payload: Payload) -> str:
    return _("Voting on “%(title)s” goes on until %(closes_at)s. Signed by %(signers)s.") % {
        "title": payload["title"],
        "closes_at": _moment(payload["closes_at"]),
        "signers": _members(payload["by"]),
    }


def _ballot_closed(payload: Payload) -> str:
    return ngettext(
        "Voting on “%(title)s” closed with %(ballots)s ballot on the board.",
        "Voting on “%(title)s” closed with %(ballots)s ballots on the board.",
        payload["ballots"],
    ) % (payload)


def _ballot_counted(payload: Payload) -> str:
    counted = _("“%(title)s” was counted: %(papers)s of %(entitled)s voted.") % payload
    if payload.get("practice"):
        return _("%(counted)s It was practice: nothing is decided.") % {"counted": counted}
    if not payload["unmet"]:
        met = _("%(counted)s Every condition of its rule was met.") % {"counted": counted}
        return " ".join([met, *_elected(payload)])
    unmet = ", ".join(str(CONDITIONS[condition]) for condition in payload["unmet"])
    return _("%(counted)s Its rule was not met: %(unmet)s.") % {"counted": counted, "unmet": unmet}


def _elected(payload: Payload) -> list[str]:
    """Who was elected, where people were ranked."""
    elected = [count["elected"] for count in payload.get("counts", []) if "elected" in count]
    return [_("Elected: %(names)s.") % {"names": " · ".join(names)} for names in elected if names]


def _ballot_uncountable(payload: Payload) -> str:
    return _("“%(title)s” cannot be counted: %(reason)s Signed by %(signers)s.") % {
        "title": payload["title"],
        "reason": _ended(payload["reason"]),
        "signers": _members(payload["by"]),
    }


def _ballot_void(payload: Payload) -> str:
    why = {
        "receipts_lost": _("“%(title)s” is void: the server has lost votes that had a receipt."),
        "blind_key_lost": _("“%(title)s” is void: the server has lost a key that it needs for it."),
        "lost_unknown": _("“%(title)s” is void: nobody can tell whether it opened after the last backup."),
    }
    return why[payload["reason"]] % payload


def _restored(payload: Payload) -> str:
    return _("The server was set back to a backup made on %(at)s. What came after it is lost.") % {
        "at": _moment(payload["backup_at"])
    }


def _ballot_withdrawn(payload: Payload) -> str:
    return _("Member %(by)s withdrew the ballot “%(title)s”: %(reason)s") % {
        **payload,
        "reason": _ended(payload["reason"]),
    }


def _mandate_decided(payload: Payload) -> str:
    return _("“%(title)s” binds whoever speaks for us: %(what)s") % {
        "title": payload["title"],
        "what": _what_is_asked(payload),
    }


def _what_is_asked(payload: Payload) -> str:
    asked = payload["mandate"]
    lines = [f"{term_in_words(term)}." for term in asked["terms"]]
    if asked["action"]:
        lines.append(action_in_words(asked["action"], payload["zone"]))
    return " ".join(lines)


def _mandate_event(payload: Payload) -> str:
    return _("About “%(title)s”: %(told)s") % {"title": payload["title"], "told": _told(payload)}


def _told(payload: Payload) -> str:
    """What was done about a mandate, or that it was not, with its source."""
    told = {name: _ended(payload[name]) for name in ("act", "source")}
    corrected = None if payload["corrects"] is None else payload["corrects"] + 1
    if payload["takes_back"]:
        first = _("line %(line)s is taken back. %(act)s Source: %(source)s") % {**told, "line": corrected}
    else:
        first = _("%(day)s: %(act)s Source: %(source)s") % {**told, "day": _day_at(payload)}
    is_correction = corrected is not None and not payload["takes_back"]
    return " ".join(
        (
            first,
            *([_("This corrects line %(line)s.") % {"line": corrected}] if is_correction else []),
            *(
                [_("Entered and confirmed by %(members)s.") % {"members": _members(payload["by"])}]
                if payload["by"]
                else []
            ),
        )
    )


def _mandate_breached(payload: Payload) -> str:
    return _("“%(title)s” was not kept: %(how)s") % {"title": payload["title"], "how": _how_broken(payload)}


def how_broken(breach: str, shortfalls: Sequence[Mapping[str, Any]]) -> str:
    """In what way a mandate was not kept, and by how much."""
    why = shortfalls_in_words(shortfalls)
    return f"{BREACHES[breach]} {why}." if why else str(BREACHES[breach])


def _how_broken(payload: Payload) -> str:
    return how_broken(payload["breach"], payload["shortfalls"])


def _mandate_breach_lifted(payload: Payload) -> str:
    return _("“%(title)s”: line %(line)s no longer holds, by what was corrected since.") % {
        "title": payload["title"],
        "line": payload["breach"] + 1,
    }


def _mandate_stands(payload: Payload) -> str:
    sentence = {
        "binding": _("“%(title)s” binds again, by what was corrected since."),
        "fulfilled": _("“%(title)s” is done."),
        "changed": _("“%(title)s” no longer binds: we decided something else."),
        "expired": _("“%(title)s” has run out."),
    }
    return sentence[payload["state"]] % payload


def _mandate_put_to_vote(payload: Payload) -> str:
    told = {**payload, "line": payload["breach"] + 1}
    if payload["by"] is not None:
        return _("Member %(by)s put line %(line)s, about “%(title)s”, to all of us: “%(vote_title)s”.") % told
    return (
        ngettext(
            "%(calls)s member put line %(line)s, about “%(title)s”, to all of us: “%(vote_title)s”.",
            "%(calls)s members put line %(line)s, about “%(title)s”, to all of us: “%(vote_title)s”.",
            payload["calls"],
        )
        % told
    )


def _mandate_upheld(payload: Payload) -> str:
    return _("We stand by “%(title)s”: what line %(line)s tells was not accepted.") % {
        **payload,
        "line": payload["breach"] + 1,
    }


def _mandates_shown(payload: Payload) -> str:
    sentence = {
        "everybody": _("Member %(by)s let everybody see what we decided and what was done about it."),
        "members": _("Member %(by)s let only members see what we decided and what was done about it."),
    }
    return sentence[payload["to"]] % payload


def _payload_removed(payload: Payload) -> str:
    return _("The text of line %(number)s was removed: %(reason)s") % {
        "number": payload["number"],
        "reason": _ended(payload["reason"]),
    }


SENTENCES: dict[str, Callable[[Payload], str]] = {
    "committee_founded": _founded,
    "board_key": _board_key,
    "roll_rules": _roll_rules,
    "role_given": _role_given,
    "role_ended": _role_ended,
    "key_renewal": _key_renewal,
    "key_renewal_stopped": _key_renewal_stopped,
    "workplace_changed": _workplace_changed,
    "contract_written": _contract_written,
    "proposal_written": _proposal_written,
    "proposals_imported": _proposals_imported,
    "session_announced": _session_announced,
    "session_ended": _session_ended,
    "session_note_takers": _session_note_takers,
    "session_reported": _session_reported,
    "session_rules_changed": _session_rules_changed,
    "ballot_announced": _ballot_announced,
    "ballot_slips_made": _slips_made,
    "ballot_slips_cancelled": _slips_cancelled,
    "ballot_trustees_replaced": _trustees_replaced,
    "ballot_shares_refused": _shares_refused,
    "ballot_frozen": _ballot_frozen,
    "ballot_opened": _ballot_opened,
    "ballot_extended": _ballot_extended,
    "ballot_closed": _ballot_closed,
    "ballot_counted": _ballot_counted,
    "ballot_uncountable": _ballot_uncountable,
    "ballot_void": _ballot_void,
    "ballot_withdrawn": _ballot_withdrawn,
    "mandate_decided": _mandate_decided,
    "mandate_event": _mandate_event,
    "mandate_breached": _mandate_breached,
    "mandate_breach_lifted": _mandate_breach_lifted,
    "mandate_stands": _mandate_stands,
    "mandate_put_to_vote": _mandate_put_to_vote,
    "mandate_upheld": _mandate_upheld,
    "mandates_shown": _mandates_shown,
    "restored": _restored,
    REMOVAL: _payload_removed,
}


def _members(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return _("member %(number)s") % {"number": numbers[0]}
    first = ", ".join(str(number) for number in numbers[:-1])
    return _("members %(first)s and %(last)s") % {"first": first, "last": numbers[-1]}


def _moment(text: str) -> str:
    """Of a moment in a payload; the ledger itself knows no zone but UTC."""
    moment = datetime.fromisoformat(text)
    return _("%(day)s, %(time)s UTC") % {
        "day": date_format(moment, _("j F Y")),
        "time": date_format(moment, "TIME_FORMAT"),
    }


def _day_at(payload: Payload) -> str:
    moment = datetime.fromisoformat(payload["at"]).astimezone(ZoneInfo(payload["zone"]))
    return date_format(moment, _("j F Y"))


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), _("j F Y"))


def _ended(reason: str) -> str:
    """A member's own sentence, ended by a full stop."""
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."


UNDER_TITLE: dict[str, Callable[[Payload], str]] = {
    "ballot_announced": lambda payload: (
        ngettext(
            "Called by member %(by)s. %(entitled)s member may vote.",
            "Called by member %(by)s. %(entitled)s members may vote.",
            payload["entitled"],
        )
        % payload
    ),
    "ballot_slips_made": lambda payload: (
        ngettext(
            "Member %(by)s, a teller, made %(count)s paper slip.",
            "Member %(by)s, a teller, made %(count)s paper slips.",
            payload["count"],
        )
        % payload
    ),
    "ballot_slips_cancelled": lambda payload: (
        ngettext(
            "Member %(by)s, a teller, cancelled %(count)s paper slip.",
            "Member %(by)s, a teller, cancelled %(count)s paper slips.",
            payload["count"],
        )
        % payload
    ),
    "ballot_trustees_replaced": lambda payload: (
        _("Member %(by)s let the trustees begin again: %(trustees)s.")
        % {**payload, "trustees": _members(payload["trustees"])}
    ),
    "ballot_shares_refused": lambda payload: (
        _("Member %(by)s, a trustee, found the shares of %(of)s wrong.")
        % {**payload, "of": _members(payload["of"])}
    ),
    "ballot_frozen": lambda payload: _("The text, the trustees' keys and the list of voters were fixed."),
    "ballot_opened": lambda payload: _("Voting opened."),
    "ballot_closed": lambda payload: (
        ngettext(
            "Voting closed with %(ballots)s ballot on the board.",
            "Voting closed with %(ballots)s ballots on the board.",
            payload["ballots"],
        )
        % payload
    ),
    "ballot_counted": lambda payload: _("Counted: %(papers)s of %(entitled)s voted.") % payload,
    "mandate_decided": lambda payload: (
        _("It binds whoever speaks for us: %(what)s") % {"what": _what_is_asked(payload)}
    ),
    "mandate_event": _told,
    "mandate_breached": lambda payload: _("Not kept: %(how)s") % {"how": _how_broken(payload)},
}
