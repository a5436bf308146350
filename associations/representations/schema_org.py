"""What search engines read of a page: schema.org in JSON-LD.

Only what is known, and only what is so today: the rest is left out.
"""

import json

from django.conf import settings
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..addresses import address_of
from ..models import ContactPoint, Name, OfficeHolder
from ..phones import PhoneKind

CONTENT_TYPE = "application/ld+json; charset=utf-8"
CONTEXT = {"@context": "https://schema.org"}
# In the text of a `script` element only these can end it, or begin another one or a comment.
ESCAPES = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})


def text(*things):
    """These things as one JSON-LD document, which may stand in a `script` element as it is."""
    told = things[0] if len(things) == 1 else {"@graph": things}
    # Safe, as nothing in it is markup any more.
    return mark_safe(json.dumps(CONTEXT | told, ensure_ascii=False).translate(ESCAPES))


def organization(profile, request):
    """An association; its page is what it is the main entity of."""
    association = profile.association
    card, name = association.card, profile.name
    websites = [
        iri_to_uri(point.value)
        for point in profile.told_contact_points
        if point.type == ContactPoint.Type.WEBSITE
    ]
    emails = [
        point.value
        for point in profile.told_contact_points
        if point.type == ContactPoint.Type.EMAIL
    ]
    founders, officers = [], []
    for statement in profile.told_office_holders:
        is_founder = statement.fact.role == OfficeHolder.Role.FOUNDER
        (founders if is_founder else officers).append(statement)
    others = [statement.fact.name for statement in (*profile.names, *profile.former_names)]
    is_official = name is not None and name.type == Name.Type.OFFICIAL
    return _known(
        {
            "@type": "Organization",
            "@id": _id(association.slug, request),
            "mainEntityOfPage": request.build_absolute_uri(association.get_absolute_url()),
            "name": card.name,
            "legalName": card.name if is_official else "",
            "alternateName": list(dict.fromkeys(each for each in others if each != card.name)),
            "description": association.description,
            "url": websites[0] if websites else "",
            "sameAs": websites[1:],
            "email": emails[0] if emails else "",
            "address": [_address(address) for address in profile.told_addresses],
            "contactPoint": [
                _contact_point(point)
                for point in profile.told_contact_points
                if point.type != ContactPoint.Type.WEBSITE
            ],
            "employee": [_officer(holder.fact) for holder in officers],
            "founder": [_person(holder.fact) for holder in founders],
            "memberOf": [
                _other(a.parent.card, request, is_public=a.parent.is_public)
                for a in profile.told_affiliations
            ],
            "subOrganization": [_other(card, request) for card in profile.told_members],
            "identifier": [
                {"@type": "PropertyValue", "propertyID": each.scheme, "value": each.value}
                for each in profile.identifiers
                if not each.is_over(profile.on)
            ],
            "foundingDate": association.founding_date,
            "dissolutionDate": association.dissolution_date,
        }
    )


def breadcrumbs(card, request):
    """The way to the page of an entry: the directory, and the entry in it."""
    way = [
        (_("The directory"), reverse("associations:list")),
        (card.name, card.get_absolute_url()),
    ]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": request.build_absolute_uri(path),
            }
            for position, (name, path) in enumerate(way, 1)
        ],
    }


def website(request):
    """The site in the active language, and how it is searched."""
    address = request.build_absolute_uri(reverse("associations:list"))
    return {
        "@type": "WebSite",
        "@id": f"{address}#website",
        "url": address,
        "name": _("Contact Centre Associations"),
        "inLanguage": get_language(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{address}?q={{search_term_string}}"},
        },
    }


def _id(slug, request):
    """What the association is called in all languages: an address on this site."""
    address = address_of(slug, language=settings.LANGUAGE_CODE)
    return f"{request.build_absolute_uri(address)}#association"


def _other(card, request, is_public=True):
    identity = {"@id": _id(card.slug, request)} if is_public else {}
    return {"@type": "Organization", **identity, "name": card.name}


def _address(address):
    return _known(
        {
            "@type": "PostalAddress",
            "streetAddress": address.street_address,
            "postalCode": address.postal_code,
            "addressLocality": address.locality,
            "addressRegion": address.region,
            "addressCountry": address.country,
        }
    )


def _contact_point(point):
    number = point.number
    kind = {ContactPoint.Type.PHONE: "telephone", ContactPoint.Type.FAX: "faxNumber"}
    is_free = number and number.kind == PhoneKind.TOLL_FREE
    is_domestic = number and not number.is_reachable_from_abroad
    return _known(
        {
            "@type": "ContactPoint",
            "contactType": str(point.label or point.type_label),
            kind.get(point.type, "email"): number.e164 if number else point.value,
            "contactOption": "https://schema.org/TollFree" if is_free else "",
            "areaServed": number.country if is_domestic else "",
        }
    )


def _officer(holder):
    return {**_person(holder), "jobTitle": str(holder.office)}


def _person(holder):
    return _known(
        {"@type": "Person", "honorificPrefix": holder.honorific_prefix, "name": holder.name}
    )


def _known(told):
    return {name: value for name, value in told.items() if value}
