"""How an association looks outside its page, all of it from its `Profile` as the page is.

`api`: JSON with every fact; `schema_org`: JSON-LD for search engines; `vcard`: for address books.
"""

from django.http.request import split_domain_port


def permanent_id(association, request):
    """A URI (RFC 4151) that stays when the association gets another name, slug or address."""
    host, _port = split_domain_port(request.get_host())
    return f"tag:{host},{association.created_at:%Y-%m-%d}:{association.pk}"
