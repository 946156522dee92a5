"""What the form part of the human check fetches: the picture, the recording, another picture, a challenge."""

import re
from math import ceil

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from bawaba.infrastructure import clock
from bawaba.infrastructure.captcha import proof_of_work, store
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.table import CAPTCHA_PICTURES, CAPTCHA_RECORDINGS, CODE_FAILURES_SITE, REGISTER
from bawaba.web.ui.source import of as source_of

RANGE = re.compile(r"bytes=([0-9]{1,9})-([0-9]{0,9})")


@require_safe
def picture(request: HttpRequest, picture_id: str) -> HttpResponse:
    """The picture as PNG."""
    try:
        counter.spend(CAPTCHA_PICTURES, source_of(request))
        return HttpResponse(store.png(picture_id), content_type="image/png")
    except counter.LimitReached as reached:
        return _too_many(reached)
    except store.NoSuchPicture as error:
        raise Http404 from error


@require_safe
def audio(request: HttpRequest, picture_id: str) -> HttpResponse:
    """The six digits as WAV, in the language of the page."""
    try:
        counter.spend(CAPTCHA_RECORDINGS, source_of(request))
        recording = store.wav(picture_id, get_language() or "ar")
    except counter.LimitReached as reached:
        return _too_many(reached)
    except store.NoSuchPicture as error:
        raise Http404 from error
    return _in_ranges(recording, request.headers.get("Range", ""))


@require_safe
def new(request: HttpRequest, form: str) -> JsonResponse:
    """Another picture for a form, as JSON: its `id` and the addresses of `picture` and `audio`."""
    fresh = store.new(form).id
    addresses = {name: reverse(f"captcha_{name}", args=[fresh]) for name in ("picture", "audio")}
    return JsonResponse({"id": fresh, **addresses})


@require_safe
def work(request: HttpRequest, form: str) -> JsonResponse:
    """A challenge to compute; a harder one for a busy source, and for everybody while codes are being guessed."""
    harder = counter.warned(REGISTER, source_of(request)) or counter.stays_over(CODE_FAILURES_SITE)
    return JsonResponse(proof_of_work.challenge(form, harder=harder))


@require_safe
def answer(request: HttpRequest, picture_id: str) -> JsonResponse:
    """The test seam over HTTP: what a person would read and hear. Not there unless `BAWABA_TEST_SEAM` opens it."""
    try:
        solution = store.solve(picture_id)
    except (store.SeamClosed, store.NoSuchPicture) as error:
        raise Http404 from error
    return JsonResponse({"text": solution.text, "digits": solution.digits})


def _too_many(reached: counter.LimitReached) -> HttpResponse:
    wait = max(1, ceil((reached.until - clock.now()).total_seconds()))
    return HttpResponse(status=429, headers={"Retry-After": str(wait)})


def _in_ranges(file: bytes, wanted: str) -> HttpResponse:
    """Safari plays nothing that it cannot fetch in ranges. A range that makes no sense gets the whole file."""
    whole = {"Content-Type": "audio/wav", "Accept-Ranges": "bytes"}
    match = RANGE.fullmatch(wanted)
    if match is None:
        return HttpResponse(file, headers=whole)
    first, last = int(match[1]), min(int(match[2] or len(file)), len(file) - 1)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(file)}"})
    part = {"Content-Range": f"bytes {first}-{last}/{len(file)}"}
    return HttpResponse(file[first : last + 1], status=206, headers=whole | part)
