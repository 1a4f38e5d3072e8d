"""What can refuse around a ballot, as states, each in one sentence for the member who meets it."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from openfloor.ui.errors import Refusal


class BallotError(Refusal):
    """Base of everything a ballot refuses."""


class NotYours(BallotError):
    code = "not_yours"
    sentence = _("Another member has to do this. Nothing was changed.")
    status = HTTPStatus.FORBIDDEN


# The draft


class BadDraft(BallotError):
    """A draft that cannot become an election; the subclasses say why."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class BadTitle(BadDraft):
    code = "bad_title"
    sentence = _(
        "The title must be one line of 1 to 120 characters. Nothing was saved; shorten it and send again."
    )


class BadText(BadDraft):
    code = "bad_text"
    sentence = _(
        "The full text must have 1 to 20,000 characters. Nothing was saved; change it and send again."
    )


class BadQuestion(BadDraft):
    code = "bad_question"
    sentence = _(
        "Question %(question)s needs its text, at least two different answers and limits that fit them. "
        "Nothing was saved; correct it and send again."
    )


class BadEffect(BadDraft):
    code = "bad_effect"
    sentence = _(
        "A ballot about a role asks yes or no about a member on the roll, or elects among members on the "
        "roll. Nothing was saved; correct it and send again."
    )


class OnlyYesBinds(BadDraft):
    code = "only_yes_binds"
    sentence = _(
        "Only a yes-or-no ballot can bind whoever speaks for us. Nothing was saved; ask yes or no first, or "
        "take the terms out."
    )


class BadMandate(BadDraft):
    code = "bad_mandate"
    sentence = _(
        "What it binds us to is a demand or an action, each demand once, and due after the vote closes. "
        "Nothing was saved; correct it and send again."
    )


class GroupCannotRank(BadDraft):
    code = "group_cannot_rank"
    sentence = _(
        "Ranks and grades need another way of checking. Nothing was saved; choose one from the list and "
        "send again."
    )


class TooManyToRank(BadDraft):
    code = "too_many_to_rank"
    sentence = _(
        "With this way of checking a question ranks or grades at most %(most)s. Nothing was saved; take some "
        "out or choose the other way, and send again."
    )


class PracticeDecidesNothing(BadDraft):
    code = "practice_decides_nothing"
    sentence = _("A practice ballot decides nothing, so it cannot give or end a role. Nothing was saved.")


class TooManyQuestions(BadDraft):
    code = "too_many_questions"
    sentence = _(
        "A ballot has 1 to 10 questions and at most 100 answers in all. Nothing was saved; take some out "
        "and send again."
    )


class BadGroup(BadDraft):
    code = "bad_group"
    sentence = _("This way of checking is not known here. Nothing was saved; choose one from the list.")


class BadRule(BadDraft):
    code = "bad_rule"
    sentence = _(
        "Turnout must be a share from none to all, and approval a share below all. Nothing was saved; "
        "correct it and send again."
    )


class BadTimes(BadDraft):
    code = "bad_times"
    sentence = _(
        "Voting must close after it opens, and not in the past. Nothing was saved; correct the times and "
        "send again."
    )


class BadOfficers(BadDraft):
    code = "bad_officers"
    sentence = _(
        "Every trustee and every teller must hold that role in this committee. Nothing was saved; choose "
        "others and send again."
    )


class NotADraft(BallotError):
    code = "not_a_draft"
    sentence = _("This ballot is no longer a draft, so nothing was changed. Copy it to change the copy.")


class TooFewOfficers(BallotError):
    code = "too_few_officers"
    sentence = _(
        "A ballot needs at least two trustees and two tellers. The draft is as it was; add them and "
        "announce it again."
    )


class BadThreshold(BadDraft):
    code = "bad_threshold"
    sentence = _(
        "A ballot has at most %(most)s trustees, and from two to all of them are needed. Nothing was saved; "
        "correct it and send again."
    )


class ClosesTooSoon(BallotError):
    code = "closes_too_soon"
    sentence = _(
        "The time to close has passed already. The draft is as it was; set a later time and try again."
    )


class NobodyEntitled(BallotError):
    code = "nobody_entitled"
    sentence = _(
        "Nobody on the roll may vote yet. The draft is as it was; announce it when members have joined."
    )


# Trustees' keys and signatures


class NotAnnounced(BallotError):
    code = "not_announced"
    sentence = _(
        "This ballot is not waiting for trustees' keys. Nothing was changed; reload the page to see what "
        "is next."
    )


class NotFrozen(BallotError):
    code = "not_frozen"
    sentence = _(
        "This ballot is not waiting for signatures. Nothing was changed; reload the page to see what is next."
    )


class TimeIsOver(BallotError):
    code = "time_is_over"
    sentence = _(
        "The time to close came before this ballot could open. Nothing was changed; an organiser can "
        "withdraw it and copy it."
    )


class BadTrusteeKey(BallotError):
    code = "bad_trustee_key"
    sentence = _(
        "This trustee key does not prove that its secret is known. Nothing was saved; make a new key."
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class KeyOfAnotherTrustee(BallotError):
    code = "key_of_another_trustee"
    sentence = _(
        "Another trustee handed in this key. Nothing was saved; each trustee makes a key of their own."
    )


class BadSignature(BallotError):
    code = "bad_signature"
    sentence = _(
        "The signature is not by your key over exactly this ballot. Nothing was saved; reload the page "
        "and sign again."
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class NoKeyYet(BallotError):
    code = "no_key_yet"
    sentence = _("You have not handed in a key yet. Nothing was changed; make your key first.")


class CopyDoesNotWork(BallotError):
    code = "copy_does_not_work"
    sentence = _(
        "The saved key did not open the test. Your key is still here; choose the right file and try "
        "again, or make a new key."
    )


class KeyMadeTogether(BallotError):
    code = "key_made_together"
    sentence = _(
        "The trustees of this ballot make one key together. Nothing was changed; reload the page and go on "
        "there."
    )


class KeysOfTheirOwn(BallotError):
    code = "keys_of_their_own"
    sentence = _(
        "Each trustee of this ballot has a key of their own. Nothing was changed; reload the page and go on "
        "there."
    )


class RoundNotWhole(BallotError):
    code = "round_not_whole"
    sentence = _(
        "Another trustee has still to do the step before. Nothing was changed; the page goes on when they "
        "have."
    )


class RoundIsOver(BallotError):
    code = "round_is_over"
    sentence = _(
        "Every trustee has made a key, and yours is used already: it cannot be another now. Nothing was "
        "changed; an organiser can let all begin again."
    )


class BadKeyMessage(BallotError):
    code = "bad_key_message"
    sentence = _(
        "What your browser sent for the key does not hold. Nothing was saved; reload the page and try again."
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class SharesAccepted(BallotError):
    code = "shares_accepted"
    sentence = _("You have signed with these shares already. Nothing was changed.")


class TooFewTrustees(BallotError):
    code = "too_few_trustees"
    sentence = _("A ballot needs at least two trustees. Nothing was changed; choose more.")


class NothingToLose(BallotError):
    code = "nothing_to_lose"
    sentence = _("No key is needed for this ballot now. Nothing was changed.")


class TrusteesStay(BallotError):
    code = "trustees_stay"
    sentence = _(
        "The trustees can be replaced only as long as they make their keys. Nothing was changed; withdraw "
        "the ballot and call it again from a copy."
    )


class BadSlips(BallotError):
    code = "bad_slips"
    sentence = _(
        "These are not the public parts of so many new slips. Nothing was saved; reload the page and make "
        "them again."
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TooManySlips(BallotError):
    code = "too_many_slips"
    sentence = _(
        "There can be no more than %(most)s slips in all. Nothing was saved; make fewer, or cancel some "
        "first."
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class NoSuchSlips(BallotError):
    code = "no_such_slips"
    sentence = _("You have made no such slips for this ballot. Nothing was changed.")
    status = HTTPStatus.NOT_FOUND


class NoTimeForSlips(BallotError):
    code = "no_time_for_slips"
    sentence = _(
        "Slips are made and cancelled after the ballot is announced, and before the list of voters is fixed. "
        "Nothing was changed."
    )


class TellerKeyGone(BallotError):
    code = "teller_key_gone"
    sentence = _("The list can be recomputed only until voting opens. Nothing was changed.")


class NotEntitled(BallotError):
    code = "not_entitled"
    sentence = _("You joined after this ballot was announced. You vote in the next one.")
    status = HTTPStatus.FORBIDDEN


class BlindingErased(BallotError):
    code = "blinding_erased"
    sentence = _(
        "Voting is over, and what linked members to this ballot was erased. Ballots cast before still count."
    )


class BlindingLost(BallotError):
    """The file with k is gone too early: a server restored from a backup, which never has it."""

    code = "blinding_lost"
    sentence = _(
        "This server has lost what makes your key fit this ballot. Nothing was changed; vote on a device "
        "that opened this ballot before, or tell an organiser."
    )
    status = HTTPStatus.SERVICE_UNAVAILABLE


# The ballot paper


class NoSuchBallot(BallotError):
    code = "no_such_ballot"
    sentence = _("There is no ballot at this address. Nothing was counted; check the address.")
    status = HTTPStatus.NOT_FOUND


class NotYetOpen(BallotError):
    code = "not_yet_open"
    sentence = _(
        "Voting has not opened yet. Nothing was counted; your device keeps your ballot, send it again later."
    )


class Closed(BallotError):
    code = "closed"
    sentence = _("Voting is over, so this ballot was not counted. Ballots cast before the close still count.")


class Void(BallotError):
    code = "void"
    sentence = _(
        "This ballot is void: the server has lost a part of it. Nothing was counted; the committee can call "
        "it again."
    )


class PaperTooLarge(BallotError):
    code = "too_large"
    sentence = _("This is too large to be a ballot. Nothing was counted; reload the page and vote again.")
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class TooManyPapers(BallotError):
    code = "too_many_papers"
    sentence = _(
        "You have changed your vote %(most)s times, which is the most. This one was not counted; your last "
        "vote stands."
    )


class PaperRefused(BallotError):
    """A ballot paper that fails a check; the subclasses say which."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class NotJson(PaperRefused):
    code = "not_json"
    sentence = _(
        "This is not a ballot that we can read. Nothing was counted; reload the page and vote again."
    )
    status = HTTPStatus.BAD_REQUEST


class NotCanonical(PaperRefused):
    code = "not_canonical"
    sentence = _(
        "This ballot is not written in its one exact form. Nothing was counted; reload the page and vote "
        "again."
    )


class WrongElection(PaperRefused):
    code = "wrong_election"
    sentence = _(
        "This paper was made for another ballot. Nothing was counted; open the page of this ballot and "
        "vote there."
    )


class UnknownCredential(PaperRefused):
    code = "unknown_credential"
    sentence = _(
        "This ballot is signed by a key that may not vote here. Nothing was counted; sign in with your "
        "own key and vote again."
    )


class OutsideGroup(PaperRefused):
    code = "outside_group"
    sentence = _(
        "A number in this ballot cannot be right. Nothing was counted; reload the page and vote again."
    )


class BadPaperSignature(PaperRefused):
    code = "bad_signature"
    sentence = _(
        "The signature on this ballot does not hold. Nothing was counted; reload the page and vote again."
    )


class BadProof(PaperRefused):
    code = "bad_proof"
    sentence = _("A proof in this ballot does not hold. Nothing was counted; reload the page and vote again.")


PAPER_REFUSALS: dict[str, type[BallotError]] = {
    "ballot_text": NotCanonical,
    "ballot_scalar": NotCanonical,
    "ballot_election": WrongElection,
    "ballot_credential": UnknownCredential,
    "ballot_element": OutsideGroup,
    "ballot_signature_hash": BadPaperSignature,
    "ballot_signature": BadPaperSignature,
    "ballot_individual_proof": BadProof,
    "ballot_overall_proof": BadProof,
    "ballot_blank_proof": BadProof,
    "ballot_list_proof": BadProof,
    "ballot_nonzero_proof": BadProof,
    "ballot_raw_proof": BadProof,
}


# After the close


class StillOpen(BallotError):
    code = "still_open"
    sentence = _("Voting is still open. Nothing was changed; come back after the close.")


class NotClosed(BallotError):
    code = "not_closed"
    sentence = _(
        "This ballot is not waiting to be counted. Nothing was changed; reload the page to see what is next."
    )


class TallyBeingMade(BallotError):
    code = "tally_being_made"
    sentence = _("The ballots are still being added up. Nothing was changed; try again in a minute.")


class NotMixedYet(BallotError):
    code = "not_mixed_yet"
    sentence = _(
        "The votes must be mixed by more trustees before anybody opens them. Nothing was changed; reload the "
        "page to see whose turn it is."
    )


class MixedEnough(BallotError):
    code = "mixed_enough"
    sentence = _(
        "The votes of this ballot need not be mixed any more. Nothing was changed; reload the page to see "
        "what is next."
    )


class MixedAlready(BallotError):
    code = "mixed_already"
    sentence = _("You have mixed the votes already. You need not do it again.")


class MixedMeanwhile(BallotError):
    code = "mixed_meanwhile"
    sentence = _(
        "Another trustee was faster, so yours has to be mixed after theirs. Nothing was saved; mix the votes "
        "once more."
    )


class BadShuffle(BallotError):
    code = "bad_shuffle"
    sentence = _(
        "This is not proven to be the same votes in another order. Nothing was saved; reload the page and "
        "mix them again."
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class BadDecryption(BallotError):
    code = "bad_decryption"
    sentence = _(
        "This does not open the count with the key of entry %(number)s. Nothing was saved; load the key file "
        "of this ballot and try again."
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class AlreadyHandedIn(BallotError):
    code = "already_handed_in"
    sentence = _("Your part of the count is here already and stays as it is. You need not do anything.")


class ArchiveDoesNotHold(BallotError):
    """The last line: our own verifier refuses what we are about to publish."""

    code = "archive_does_not_hold"
    sentence = _(
        "The count does not pass its own check, so it was not published. Everything that was cast is "
        "still here; tell an organiser."
    )
    status = HTTPStatus.INTERNAL_SERVER_ERROR


# Decisions


class NotOpen(BallotError):
    code = "not_open"
    sentence = _("This ballot is not open. Nothing was changed.")


class PastItsMandate(BallotError):
    code = "past_its_mandate"
    sentence = _("What this vote decides would be due before it closes. Choose an earlier time.")


class NotLater(BallotError):
    code = "not_later"
    sentence = _("The new time must be later than the present one. Nothing was changed; choose a later time.")


class SignedAlready(BallotError):
    code = "signed_already"
    sentence = _("You have signed this already. It needs the signature of one more member.")


class SignedTooOften(BallotError):
    code = "signed_too_often"
    sentence = _("You have signed %(most)s of these for this ballot, which is the most. Nothing was changed.")


class ReasonMissing(BallotError):
    code = "reason_missing"
    sentence = _("Say why, in 1 to 500 characters. Nothing was changed; write the reason and send again.")
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class WrongDay(BallotError):
    code = "wrong_day"
    sentence = _("This was signed for another day. Nothing was changed; reload the page and sign again.")


class CannotBeWithdrawn(BallotError):
    code = "cannot_be_withdrawn"
    sentence = _("A ballot that has opened cannot be withdrawn. Nothing was changed.")


# Mandates


class NoSuchMandate(BallotError):
    code = "no_such_mandate"
    sentence = _("There is nothing like this here.")
    status = HTTPStatus.NOT_FOUND


class NotYetHappened(BallotError):
    code = "not_yet_happened"
    sentence = _("Only what has happened is set against a mandate. Nothing was saved; correct the time.")
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class BeforeTheMandate(BallotError):
    code = "before_the_mandate"
    sentence = _("This was before we decided. Nothing was saved; correct the time.")
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class BadEvent(BallotError):
    code = "bad_event"
    sentence = _(
        "Say in a line what was done, and in another how anyone can tell. Nothing was saved; correct it and "
        "send again."
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class NoVoteBehindIt(BallotError):
    code = "no_vote_behind_it"
    sentence = _(
        "That ballot of ours did not carry, or came later, so it allowed nothing. Nothing was saved; choose "
        "another."
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class OwnEvent(BallotError):
    code = "own_event"
    sentence = _("You entered this yourself: another member has to confirm it.")
    status = HTTPStatus.FORBIDDEN


class ConfirmedAlready(BallotError):
    code = "confirmed_already"
    sentence = _("This is in the ledger already. What is wrong there is corrected by a later entry.")


class CorrectedAlready(BallotError):
    code = "corrected_already"
    sentence = _("This was corrected meanwhile. Look at the correction; you can correct that in turn.")


class TooManyWaiting(BallotError):
    code = "too_many_waiting"
    sentence = _(
        "%(most)s entries of yours wait for another member already. Ask somebody to confirm them first."
    )


class NothingToOverride(BallotError):
    code = "nothing_to_override"
    sentence = _("This no longer waits for a vote: it was corrected, or what we decided has ended.")


class PutToVoteAlready(BallotError):
    code = "put_to_vote_already"
    sentence = _("This is put to a vote already. You find it among the ballots.")


class CalledAlready(BallotError):
    code = "called_already"
    sentence = _("You have called for this vote already. It comes when enough of us have.")
