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
