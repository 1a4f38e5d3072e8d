"""What the offers mean for one member. The figures go out; what the member types stays in their browser."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openfloor.bargaining.mine import for_reckoning
from openfloor.bargaining.views.finding import visible_contract
from openfloor.workplace.signin import MemberRequest, member_required


@require_safe
@member_required
def offer_for_me(request: MemberRequest, contract: UUID) -> HttpResponse:
    """`?article=` says which one to begin with; one that has no offers is as none."""
    found = visible_contract(request, contract)
    context = {
        "contract": found,
        "reckoning": for_reckoning(found),
        "asked": request.GET.get("article", ""),
    }
    return render(request, "bargaining/offer_for_me.html", context)
