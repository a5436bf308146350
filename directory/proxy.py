"""What the proxy that ends TLS before us tells of who asks."""

from django.conf import settings


def client_address(request):
    """The address of the visitor: behind a proxy what it adds to `X-Forwarded-For`, and so the last
    of several, since visitors write the others themselves."""
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return told if settings.HTTPS and told else request.META.get("REMOTE_ADDR", "")
