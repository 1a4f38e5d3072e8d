"""The ledger on pages."""

from typing import Any

from django import template

from openfloor.audit import news

register = template.Library()


@register.inclusion_tag("audit/_news.html")
def follow_news(committee: Any) -> dict[str, Any]:
    """Bring the page up to date by itself whenever a line is added to the committee's ledger."""
    return {"address": news.address(committee.pk), "lines": news.lines(committee.pk)}
