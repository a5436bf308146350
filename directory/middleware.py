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
    """Pages are in the language of their address or of the browser; the API is in English."""

    def process_request(self, request):
        if is_for_machines(request):
            translation.activate("en")
            request.LANGUAGE_CODE = "en"
        else:
            super().process_request(request)

    def process_response(self, request, response):
        if is_for_machines(request):
            response.headers.setdefault("Content-Language", "en")
            return response
        return super().process_response(request, response)


def is_for_machines(request):
    return request.path_info.startswith("/api/")
