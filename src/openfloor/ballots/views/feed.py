"""The mandates' feed: every line of the ledger about them, the latest first, where everybody may see them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from openfloor.audit.models import LedgerEntry
from openfloor.audit.queries import entries
from openfloor.audit.words import describe_to_outsiders
from openfloor.ballots import errors
from openfloor.ballots.queries.mandates import committee_that_shows
from openfloor.workplace.models import Committee

LATEST = 50


class MandatesFeed(Feed):  # type: ignore[type-arg]  # not generic at run time
    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Committee:
        try:
            return committee_that_shows(kwargs["committee"])
        except errors.NoSuchMandate as error:
            raise Http404 from error

    def title(self, committee: Committee) -> str:
        return _("%(committee)s: what we decided, and what was done about it") % {"committee": committee.name}

    def link(self, committee: Committee) -> str:
        return reverse("public_mandates", args=[committee.pk])

    def feed_guid(self, committee: Committee) -> str:
        return f"urn:uuid:{committee.pk}"

    def items(self, committee: Committee) -> Iterable[LedgerEntry]:
        about = entries(committee.pk).filter(kind__startswith="mandate_")
        return about.order_by("-number")[:LATEST]

    def item_title(self, item: Any) -> str:
        return describe_to_outsiders(item)

    def item_description(self, item: Any) -> str:
        return describe_to_outsiders(item)

    def item_link(self, item: LedgerEntry) -> str:
        return f"{reverse('public_mandates', args=[item.committee_id])}#line-{item.number + 1}"

    def item_guid(self, item: LedgerEntry) -> str:
        return f"urn:sha256:{item.hash}"

    def item_updateddate(self, item: LedgerEntry) -> datetime:
        return item.at


_feed = MandatesFeed()


@require_safe
def mandates_feed(request: HttpRequest, committee: UUID) -> HttpResponse:
    return _feed(request, committee=committee)
