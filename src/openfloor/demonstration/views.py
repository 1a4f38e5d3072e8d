"""Looking around as somebody: the session is theirs, and the page gets their key, which is not secret."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from openfloor.demonstration import folder
from openfloor.demonstration.folder import Persona
from openfloor.ui.http import answers_json, json_answer
from openfloor.workplace.memberkeys import words_from_root
from openfloor.workplace.models import Member
from openfloor.workplace.signin import sign_in_session, sign_out_session

KEY_FILE_NAME = "made-up-trustee-key.json"


@require_safe
def personas(request: HttpRequest) -> HttpResponse:
    """Everybody there is to look around as, and their words."""
    members = [
        {
            "role": role,
            "handle": persona.handle,
            "words": " ".join(words_from_root(bytes.fromhex(persona.root))),
        }
        for role, persona in folder.made(settings.DATA).personas.items()
        if persona.root is not None
    ]
    return render(request, "demonstration/personas.html", {"members": members})


@require_http_methods(["GET", "HEAD", "POST"])
def persona(request: HttpRequest, role: str) -> HttpResponseBase:
    """A page that goes on by itself: its script asks for the key, keeps it here and opens the start."""
    chosen = folder.made(settings.DATA).personas.get(role)
    if chosen is None:
        raise Http404
    if request.method == "POST":
        return _become(request, chosen)
    return render(request, "demonstration/persona.html", {"role": role})


@require_safe
def trustee_key(request: HttpRequest) -> HttpResponse:
    """The made-up trustee's key file, to be saved and chosen as they would choose theirs."""
    response = HttpResponse(folder.made(settings.DATA).trustee_key.text, content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{KEY_FILE_NAME}"'
    return response


@answers_json
def _become(request: HttpRequest, chosen: Persona) -> HttpResponseBase:
    if chosen.root is None:
        sign_out_session(request)
        return json_answer({"page": chosen.start})
    member = get_object_or_404(Member, committee=chosen.committee, number=chosen.number)
    sign_in_session(request, member)
    key: dict[str, Any] = {"committee": chosen.committee, "number": chosen.number, "handle": chosen.handle}
    return json_answer({"page": chosen.start, "key": {**key, "root": chosen.root}})
