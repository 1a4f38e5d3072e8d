"""What can refuse around members and the roll, as states, each in one sentence for whoever meets it."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from openfloor.ui.errors import Refusal


class WorkplaceError(Refusal):
    """Base of everything that joining, vouching, signing in and roles refuse."""


# Links


class UnknownLink(WorkplaceError):
    code = "unknown_link"
    sentence = _("This link is not known here. Ask for a new one; nothing was lost.")
    status = HTTPStatus.NOT_FOUND


class LinkUsedUp(WorkplaceError):
    code = "link_used_up"
    sentence = _("This link was used already. Ask for a new one; nothing was lost.")
    status = HTTPStatus.GONE


class LinkExpired(WorkplaceError):
    code = "link_expired"
    sentence = _("This link is too old. Ask for a new one; nothing was lost.")
    status = HTTPStatus.GONE


class BadInvitation(WorkplaceError):
    code = "bad_invitation"
    sentence = _("An invitation works for 1 to %(uses)s people and for at most %(days)s days. None was made.")


class InvitationMadeAlready(WorkplaceError):
    code = "invitation_made_already"
    sentence = _("This invitation was made already. Make another one; the first still works.")


class NotYourInvitation(WorkplaceError):
    code = "not_your_invitation"
    sentence = _("Only who made an invitation, or an organiser, can take it back.")
    status = HTTPStatus.FORBIDDEN


# Founding and joining


class BadCommittee(WorkplaceError):
    code = "bad_committee"
    sentence = _("A committee needs a name of 1 to %(length)s characters. None was founded.")


class AlreadyFounded(WorkplaceError):
    code = "already_founded"
    sentence = _("This committee has its founder already. Nothing was changed.")


class UnknownZone(WorkplaceError):
    code = "unknown_zone"
    sentence = _("“%(zone)s” is no time zone. Write one like America/Los_Angeles. Nothing was founded.")


class BadHandle(WorkplaceError):
    code = "bad_handle"
    sentence = _("Choose a name of 1 to %(length)s characters. You have not joined yet.")


class HandleTellsTooMuch(WorkplaceError):
    code = "handle_tells_too_much"
    sentence = _("Choose a nickname, not an e-mail address or a phone number. You have not joined yet.")


class UnknownPlace(WorkplaceError):
    code = "unknown_place"
    sentence = _("This unit or occupation is not on our list any more. Reload the page and choose again.")


class NoPlace(WorkplaceError):
    code = "no_place"
    sentence = _(
        "No place is reserved for this browser. Sign in if you have twelve words, or open your link again."
    )


class BadKeys(WorkplaceError):
    code = "bad_keys"
    sentence = _("The keys from this device do not hold. Start again with new words; nothing was stored.")
    status = HTTPStatus.BAD_REQUEST


class KeysInUse(WorkplaceError):
    code = "keys_in_use"
    sentence = _("These words belong to another entry already. Sign in with them, or make new words.")


class NumberTaken(WorkplaceError):
    code = "number_taken"
    sentence = _("Somebody has this entry number already. Open your link again to get another.")


# Signing


class DayHasChanged(WorkplaceError):
    code = "day_has_changed"
    sentence = _("A new day has begun since this page was opened. Reload the page and sign again.")


class SignatureRefused(WorkplaceError):
    code = "signature_refused"
    sentence = _(
        "This was not signed with your key. Sign in again with your twelve words; nothing was changed."
    )
    status = HTTPStatus.BAD_REQUEST


class NotOnTheRoll(WorkplaceError):
    code = "not_on_the_roll"
    sentence = _("This is for members on the roll. Nothing was changed.")
    status = HTTPStatus.FORBIDDEN


class UnderObjection(WorkplaceError):
    code = "under_objection"
    sentence = _("A member has objected to your entry. Until that is settled you cannot do this.")
    status = HTTPStatus.FORBIDDEN


class RollRefused(WorkplaceError):
    code = "roll_refused"
    sentence = _("The roll does not allow this (%(check)s). Nothing was changed.")


# Vouching


class OtherCommittee(WorkplaceError):
    code = "other_committee"
    sentence = _("This person is joining another committee. Nothing was changed.")


class NobodyWaits(WorkplaceError):
    code = "nobody_waits"
    sentence = _("Nobody waits for vouches under this number. Ask your colleague to show their code again.")
    status = HTTPStatus.NOT_FOUND


class AlreadyOnTheRoll(WorkplaceError):
    code = "already_on_the_roll"
    sentence = _("This person is on the roll already and needs no vouch.")


class AlreadyVouched(WorkplaceError):
    code = "already_vouched"
    sentence = _("You have vouched for this person already. Another colleague has to be the next.")


class VouchForYourself(WorkplaceError):
    code = "vouch_self"
    sentence = _("You cannot vouch for yourself. Show the code to a colleague who is on the roll.")


class VoucherNotOnTheRoll(WorkplaceError):
    code = "voucher_unknown"
    sentence = _("Only members on the roll, with no objection against them, can vouch. Nothing was changed.")


class VoucherTooNew(WorkplaceError):
    code = "voucher_too_new"
    sentence = _("You joined lately and can vouch from %(day)s. Ask a colleague who has been here longer.")


class VouchesUsedUp(WorkplaceError):
    code = "voucher_over_quota"
    sentence = _(
        "You have vouched for %(count)s people this month, which is the most. Ask another colleague."
    )


# New keys for an entry


class BadLink(WorkplaceError):
    code = "bad_link"
    sentence = _("No link was made. Reload the page and try again.")
    status = HTTPStatus.BAD_REQUEST


class RenewalWaits(WorkplaceError):
    code = "renewal_waits"
    sentence = _(
        "This entry gets a new key from %(day)s already. Somebody can still stop it on the roll’s page."
    )


class NobodyAsksForKeys(WorkplaceError):
    code = "nobody_asks_for_keys"
    sentence = _("Nobody waits for a new key under this code. Ask your colleague to show it again.")
    status = HTTPStatus.NOT_FOUND


class NoRenewal(WorkplaceError):
    code = "no_renewal"
    sentence = _("There is no new key that you can stop. It was stopped already, or it counts by now.")


class KeyCountsLater(WorkplaceError):
    code = "key_counts_later"
    sentence = _("Your new key opens this from %(day)s on. Keep this phone and your words until then.")
    status = HTTPStatus.FORBIDDEN


# Objections


class NoSuchEntry(WorkplaceError):
    code = "no_such_entry"
    sentence = _("There is no such entry on the roll.")
    status = HTTPStatus.NOT_FOUND


class ObjectionToYourself(WorkplaceError):
    code = "objection_self"
    sentence = _("This is your own entry. To leave the roll, use the page about you.")


class TooLateToObject(WorkplaceError):
    code = "too_late_to_object"
    sentence = _("The days for objections to this entry are over.")


class AlreadyObjected(WorkplaceError):
    code = "already_objected"
    sentence = _("Your objection to this entry stands already.")


class NoObjection(WorkplaceError):
    code = "no_objection"
    sentence = _("You have no open objection to this entry.")


# Roles


class AlreadyProposed(WorkplaceError):
    code = "already_proposed"
    sentence = _("This member has this role, or is proposed for it, already.")


class NotProposed(WorkplaceError):
    code = "not_proposed"
    sentence = _("This role is not waiting for signatures any more. Nothing was changed.")


class RoleForYourself(WorkplaceError):
    code = "role_for_yourself"
    sentence = _("Two other members have to sign for your role.")


class AlreadyConfirmed(WorkplaceError):
    code = "already_confirmed"
    sentence = _("You have signed for this role already. Another member has to be the next.")


class RoleNotHeld(WorkplaceError):
    code = "role_not_held"
    sentence = _("You do not hold this role. Nothing was changed.")


class MemberWithoutRole(WorkplaceError):
    code = "member_without_role"
    sentence = _("This member does not hold this role. Nothing was changed.")


# Sites, units, occupations


class OrganisersOnly(WorkplaceError):
    code = "organisers_only"
    sentence = _("Only an organiser can change this. Nothing was changed.")
    status = HTTPStatus.FORBIDDEN


class BadName(WorkplaceError):
    code = "bad_name"
    sentence = _("Write a name of 1 to %(length)s characters. Nothing was changed.")


class NameTaken(WorkplaceError):
    code = "name_taken"
    sentence = _("“%(name)s” is on the list already. Nothing was changed.")


class BadHeadcount(WorkplaceError):
    code = "bad_headcount"
    sentence = _("Write how many people work there, as a number from 0 to %(most)s. Nothing was changed.")


# Signing in


class UnknownKey(WorkplaceError):
    code = "unknown_key"
    sentence = _("No member has these words. Check them against your paper; nothing was lost.")
    status = HTTPStatus.FORBIDDEN


class LeftAlready(WorkplaceError):
    code = "left_already"
    sentence = _("This member has left the committee. To come back, ask a colleague for an invitation.")
    status = HTTPStatus.FORBIDDEN


class WaitFirst(WorkplaceError):
    code = "wait_first"
    sentence = _("Too many attempts have failed lately. Try again in %(seconds)s seconds.")
    status = HTTPStatus.TOO_MANY_REQUESTS


class PasskeyUnknown(WorkplaceError):
    code = "passkey_unknown"
    sentence = _("This passkey opens nothing here. Use your twelve words; nothing was lost.")
    status = HTTPStatus.FORBIDDEN


class PasskeyCopied(WorkplaceError):
    code = "passkey_copied"
    sentence = _(
        "There may be a copy of this passkey. Use your twelve words, then remove it on the page about you."
    )
    status = HTTPStatus.FORBIDDEN


class AskedTooLongAgo(WorkplaceError):
    code = "asked_too_long_ago"
    sentence = _("This page has waited too long. Press the button again; nothing was changed.")


# Passkeys and devices


class BadPasskey(WorkplaceError):
    code = "bad_passkey"
    sentence = _("This passkey could not be checked. Nothing was added; your twelve words still work.")


class BadPasskeyName(WorkplaceError):
    code = "bad_passkey_name"
    sentence = _("Write a name of 1 to %(length)s characters. Nothing was added.")


class PasskeyThereAlready(WorkplaceError):
    code = "passkey_there_already"
    sentence = _("This passkey is on a list already. Nothing was changed.")


class TooManyPasskeys(WorkplaceError):
    code = "too_many_passkeys"
    sentence = _("You have %(count)s passkeys, which is the most. Remove one first.")


class BadSeal(WorkplaceError):
    code = "bad_seal"
    sentence = _("This passkey cannot keep your key. It still signs you in.")


class BadHandOver(WorkplaceError):
    code = "bad_hand_over"
    sentence = _("This code is none of ours. Show a new one on your other device; nothing was handed over.")


class HandOverTaken(WorkplaceError):
    code = "hand_over_taken"
    sentence = _("Somebody else has scanned this code. Show a new one; nothing of yours was handed over.")


class HandOverUsed(WorkplaceError):
    code = "hand_over_used"
    sentence = _("This code was used already. To hand your key over again, show a new one.")
    status = HTTPStatus.GONE


class HandOverOver(WorkplaceError):
    code = "hand_over_over"
    sentence = _("This code is too old, or was stopped. Show a new one; nothing was handed over.")
    status = HTTPStatus.GONE


class SignInFirst(WorkplaceError):
    code = "sign_in_first"
    sentence = _("You are not signed in any more. Sign in and try again; nothing was lost.")
    status = HTTPStatus.UNAUTHORIZED


class VouchesMissing(WorkplaceError):
    code = "vouches_missing"
    sentence = _("Your colleagues have to vouch for you first.")
    status = HTTPStatus.FORBIDDEN


REFUSALS_BY_CHECK: dict[str, type[WorkplaceError]] = {
    "vouch_self": VouchForYourself,
    "voucher_unknown": VoucherNotOnTheRoll,
    "vouch_signature": SignatureRefused,
    "objection": SignatureRefused,
    "renewal_stopped": SignatureRefused,
    "end": SignatureRefused,
    "day": DayHasChanged,
    "vouch_day": DayHasChanged,
    "key_reused": KeysInUse,
    "key_outside_group": BadKeys,
    "possession": BadKeys,
}


def refusal_of(check: str) -> WorkplaceError:
    """What a check of the roll means for the member whose request failed it."""
    refusal = REFUSALS_BY_CHECK.get(check)
    return refusal() if refusal else RollRefused(check=check)
