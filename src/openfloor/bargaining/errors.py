"""What can refuse around contracts and what is bargained about them, each in one sentence for the member."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from openfloor.ui.errors import Refusal


class BargainingError(Refusal):
    """Base of everything that bargaining refuses."""


class OrganisersBargain(BargainingError):
    code = "organisers_bargain"
    sentence = _("Only an organiser can write this down. Nothing was changed.")
    status = HTTPStatus.FORBIDDEN


class BadContract(BargainingError):
    code = "bad_contract"
    sentence = _(
        "A contract needs a title, an employer and our side, and ends after it starts. Nothing was saved; "
        "correct it and send again."
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class ForeignUnit(BargainingError):
    code = "foreign_unit"
    sentence = _("One of these units is not of this committee. Nothing was saved; reload the page.")
    status = HTTPStatus.UNPROCESSABLE_ENTITY


# Articles and proposals


class BadArticle(BargainingError):
    code = "bad_article"
    sentence = _(
        "An article needs a number of 1 to 20 characters and a name of 1 to 120. Nothing was saved; correct "
        "it and send again."
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class ArticleThere(BargainingError):
    code = "article_there"
    sentence = _("Article %(number)s is there already. Nothing was saved; write its new version down there.")


class TooManyArticles(BargainingError):
    code = "too_many_articles"
    sentence = _("A contract has at most %(most)s articles here. Nothing was saved.")


class BadProposal(BargainingError):
    code = "bad_proposal"
    sentence = _(
        "A version needs its text, of at most 60,000 characters, and a day that is not ahead. Nothing was "
        "saved; correct it and send again."
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class NothingNew(BargainingError):
    code = "nothing_new"
    sentence = _("This is what they or we say already, word by word and number by number. Nothing was saved.")


class NothingToWithdraw(BargainingError):
    code = "nothing_to_withdraw"
    sentence = _("This side has nothing on the table for this article. Nothing was changed.")


class CorrectedAlready(BargainingError):
    code = "corrected_already"
    sentence = _("This version was corrected already. Nothing was saved; correct the correction instead.")


class NothingToCorrect(BargainingError):
    code = "nothing_to_correct"
    sentence = _(
        "A withdrawal says nothing that could be corrected. Nothing was saved; write down anew what that "
        "side puts forward."
    )


# Whether a clause can be enforced


class MembersAnswer(BargainingError):
    code = "members_answer"
    sentence = _("Only members of this committee answer. Nothing was saved.")
    status = HTTPStatus.FORBIDDEN


class NothingToAsk(BargainingError):
    code = "nothing_to_ask"
    sentence = _("This version took something back and says nothing. Nothing was saved.")


class BadAnswer(BargainingError):
    code = "bad_answer"
    sentence = _(
        "A yes needs the passage that says it, of at most 1,000 characters; no other answer has one. Nothing "
        "was saved; correct it and send again."
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class PassageNotThere(BargainingError):
    code = "passage_not_there"
    sentence = _("These words do not stand in this version. Nothing was saved; copy them from its text.")
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class AnsweredSo(BargainingError):
    code = "answered_so"
    sentence = _("This is your answer already. Nothing was changed.")


class AnsweredOften(BargainingError):
    code = "answered_often"
    sentence = _("You have answered this %(most)s times, which is the most. Nothing was saved.")


# Sessions and their minutes


class BadSession(BargainingError):
    code = "bad_session"
    sentence = _(
        "A session needs a title of 1 to 120 characters and note-takers who are on the roll. Nothing was "
        "saved; correct it and send again."
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class NotYourNotes(BargainingError):
    code = "not_your_notes"
    sentence = _("Only a note-taker of this session writes its minutes. Nothing was saved.")
    status = HTTPStatus.FORBIDDEN


class NotYourLine(BargainingError):
    code = "not_your_line"
    sentence = _("Only who wrote a line can correct it, and its last version. Nothing was saved.")


class BadLineOfMinutes(BargainingError):
    code = "bad_line"
    sentence = _("A line has 1 to 500 characters. Nothing was saved; make it shorter and send again.")
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class SessionOver(BargainingError):
    code = "session_over"
    sentence = _(
        "This session is over. Nothing was saved; what stands in the minutes can still be corrected."
    )


class MinutesFull(BargainingError):
    code = "minutes_full"
    sentence = _("There are %(most)s lines, which is the most. Nothing was saved; announce another session.")


class StillSitting(BargainingError):
    code = "still_sitting"
    sentence = _("This session is not over. Nothing was saved; end it first, then write its report.")


class BadReport(BargainingError):
    code = "bad_report"
    sentence = _(
        "A report has 1 to 400,000 characters, and a later edition says what is different. Nothing was "
        "saved; correct it and send again."
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class DraftMoved(BargainingError):
    code = "draft_moved"
    sentence = _(
        "Entry %(by)s saved another draft meanwhile. Nothing is lost: yours is in the box, theirs is below. "
        "Put both together and send again."
    )


class BadGroundRules(BargainingError):
    code = "bad_ground_rules"
    sentence = _(
        "Ground rules have at most 5,000 characters, what a side refused at most 1,000. Say at least one of "
        "them. Nothing was saved; correct it and send again."
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class RulesMoved(BargainingError):
    code = "rules_moved"
    sentence = _(
        "Somebody wrote down other ground rules meanwhile; they stand on the session's page. Yours are still "
        "in the box: look at both and send again."
    )


class NoteTakerAlready(BargainingError):
    code = "note_taker_already"
    sentence = _("Entry %(number)s takes notes already. Nothing was changed.")


class NoNoteTaker(BargainingError):
    code = "no_note_taker"
    sentence = _("This entry takes no notes here. Nothing was changed.")


class BadReadingEntry(BargainingError):
    code = "bad_reading_entry"
    sentence = _(
        "An entry needs 1 to 120 characters and the address of a page of this site, like /bargaining/. "
        "Nothing was saved; correct it and send again."
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class ReadingListFull(BargainingError):
    code = "reading_list_full"
    sentence = _("The list has %(most)s entries of yours, which is the most. Nothing was saved.")
