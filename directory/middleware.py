from django.conf import settings
from django.middleware import locale
from django.utils import translation

POLICY = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
)


def permissions_policy(get_response):
    """Tell browsers that no page here asks for the visitor's camera, place or purse."""

    def middleware(request):
        response = get_response(request)
        response.headers["Permissions-Policy"] = POLICY
        return response

    return middleware


class LocaleMiddleware(locale.LocaleMiddleware):
    """Pages are in the language of their address or of the browser; what machines ask for without
    a language in its address is always in the same."""

    def process_request(self, request):
        if language := language_for_machines(request):
            translation.activate(language)
            request.LANGUAGE_CODE = language
        else:
            super().process_request(request)

    def process_response(self, request, response):
        if language := language_for_machines(request):
            response.headers.setdefault("Content-Language", language)
            return response
        return super().process_response(request, response)


def language_for_machines(request):
    """English for programs, the first language of the site for what shows its text to people."""
    if request.path_info.startswith("/api/"):
        return "en"
    return settings.LANGUAGE_CODE if request.path_info in ("/feed/", "/opensearch.xml") else None
