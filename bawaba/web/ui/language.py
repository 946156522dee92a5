"""Which language a page speaks: the address decides. Arabic stands at the plain paths, English under /en/.

The switch is an ordinary link, `?language=en`, that leads to the same page in the other language and is remembered in a
cookie. The cookie decides only where the address says nothing: at `/`, and at the addresses of `LANGUAGE_FREE_PATHS`.
"""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers

DEFAULT = "ar"
OTHERS = ("en",)
ALL = (DEFAULT, *OTHERS)


def of_path(path: str) -> str:
    """The language an address speaks by itself."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in OTHERS else DEFAULT


def of(request: HttpRequest) -> str:
    """The language of the answer to a request."""
    if request.path_info.startswith(settings.LANGUAGE_FREE_PATHS):
        return _remembered(request.COOKIES)
    return of_path(request.path_info)


def in_language(path: str, language: str) -> str:
    """The address of the same page in this language. Never leads to another host, whatever the path begins with."""
    rest = path.lstrip("/\\")
    if not path.startswith(settings.LANGUAGE_FREE_PATHS):
        spoken = of_path(path)
        rest = rest if spoken == DEFAULT else rest.removeprefix(spoken).lstrip("/\\")
        rest = rest if language == DEFAULT else f"{language}/{rest}"
    return f"/{rest}"


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reading = request.method in {"GET", "HEAD"}
        if reading and request.GET.get("language") in ALL:
            return _switch(request, request.GET["language"])
        language = of(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        if request.path_info == "/" and reading:
            return self._opening_page(request)
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    def _opening_page(self, request: HttpRequest) -> HttpResponse:
        remembered = _remembered(request.COOKIES)
        response = self.get_response(request) if remembered == DEFAULT else _redirect(request, f"/{remembered}/")
        patch_vary_headers(response, ["Cookie"])
        response.headers.setdefault("Content-Language", remembered)
        return response


def _remembered(cookies: Mapping[str, str]) -> str:
    language = cookies.get(settings.LANGUAGE_COOKIE_NAME, DEFAULT)
    return language if language in ALL else DEFAULT


def _switch(request: HttpRequest, language: str) -> HttpResponse:
    response = _redirect(request, in_language(request.path_info, language))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    response["Cache-Control"] = "no-store"
    return response


def _redirect(request: HttpRequest, path: str) -> HttpResponse:
    query = request.GET.copy()
    query.pop("language", None)
    return HttpResponseRedirect(f"{path}?{query.urlencode()}" if query else path)
