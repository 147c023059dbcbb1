"""The one public page of this floor: is this copy still good?"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns.verifying import Answer, answer_for_copy

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
LONGEST = max(map(len, Answer))  # all answers are as long, for those who see only how long they are


@require_safe
def verify(request: HttpRequest, copy: str) -> HttpResponse:
    """One of five words, as JSON where that is asked for, and the same headers with each."""
    answer = answer_for_copy(copy)
    wanted = request.get_preferred_type(["text/html", "application/json"])
    if wanted == "application/json":
        told: HttpResponse = JsonResponse({"answer": answer})
        told.content += b" " * (LONGEST - len(answer))
    else:
        told = render(request, "verify/answer.html", {"answer": answer, "longest": LONGEST})
    for name, value in HEADERS.items():
        told[name] = value
    return told
