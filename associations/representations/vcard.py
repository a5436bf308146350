"""An association as a vCard: 4.0 (RFC 6350), and 3.0 (RFC 2426) for address books that are older.

How a closed association was reached is not told: what stands in an address book is called.
"""

import datetime
import re

from django.utils.encoding import iri_to_uri
from django.utils.translation import get_language

from .. import countries
from ..addresses import address_of
from ..models import ContactPoint
from . import permanent_id

CONTENT_TYPE = "text/vcard; charset=utf-8"
LINE = 75  # octets, without its break
ESCAPES = (
    dict.fromkeys(range(32), "")  # control characters are left out
    | {ord("\n"): "\\n", ord("\t"): " "}
    | {ord(character): f"\\{character}" for character in "\\;,"}
)
LANGUAGE = re.compile("[A-Za-z0-9-]+")
MOMENT = {"4.0": "%Y%m%dT%H%M%SZ", "3.0": "%Y-%m-%dT%H:%M:%SZ"}
# That it is no person: Apple's address book has a name of its own for it in 3.0, where every card
# has the parts of a person's name.
KIND = {"4.0": ["KIND:org"], "3.0": ["N:;;;;", "X-ABShowAs:COMPANY"]}
PHONE = {
    ("4.0", ContactPoint.Type.PHONE): 'TYPE="work,voice"',
    ("4.0", ContactPoint.Type.FAX): 'TYPE="work,fax"',
    ("3.0", ContactPoint.Type.PHONE): "TYPE=WORK,VOICE",
    ("3.0", ContactPoint.Type.FAX): "TYPE=WORK,FAX",
}
EMAIL = {"4.0": "TYPE=work", "3.0": "TYPE=INTERNET"}
ADDRESS = {"4.0": "TYPE=work", "3.0": "TYPE=WORK"}


def full(profile, request, version="4.0"):
    """All that address books have a place for, with its age as a note in the active language."""
    association = profile.association
    card = association.card
    address = request.build_absolute_uri(address_of(card.slug, "associations:vcard"))
    changed_at = card.changed_at.astimezone(datetime.UTC)
    nicknames = [statement.fact.name for statement in profile.names]
    return _vcard(
        version,
        *_names(card, version),
        *(["NICKNAME:" + ",".join(map(_text, nicknames))] if nicknames else []),
        *(_contact(point, version) for point in profile.told_contact_points),
        *(_address(each, version) for each in profile.told_addresses),
        f"NOTE{_language(get_language(), version)}:{_text(card.standing)}",
        f"SOURCE:{iri_to_uri(address)}",
        f"UID:{permanent_id(association, request)}",
        f"REV:{changed_at.strftime(MOMENT[version])}",
    )


def short(profile):
    """So much as a code to be photographed holds: what it is called, and the first of each way to
    reach it; a vCard 3.0."""
    version = "3.0"
    first = {point.type: point for point in reversed(profile.told_contact_points)}
    wanted = (ContactPoint.Type.PHONE, ContactPoint.Type.EMAIL, ContactPoint.Type.WEBSITE)
    return _vcard(
        version,
        *_names(profile.association.card, version),
        *(_contact(first[type], version) for type in wanted if type in first),
        *(_address(each, version) for each in profile.told_addresses[:1]),
    )


def _names(card, version):
    language, name = _language(card.language, version), _text(card.name)
    return [*KIND[version], f"FN{language}:{name}", f"ORG{language}:{name}"]


def _contact(point, version):
    if point.is_number:
        return f"TEL;{_number(point, version)}"
    if point.type == ContactPoint.Type.WEBSITE:
        return f"URL:{iri_to_uri(point.value)}"
    return f"EMAIL;{EMAIL[version]}:{_text(point.value)}"


def _number(point, version):
    """A number that can be dialled from everywhere in full, another one as it is dialled there."""
    type, number = PHONE[version, point.type], point.number
    if number and number.is_reachable_from_abroad:
        return (
            f"VALUE=uri;{type}:tel:{number.e164}" if version == "4.0" else f"{type}:{number.e164}"
        )
    value = _text(number.display if number else point.value)
    return f"VALUE=text;{type}:{value}" if version == "4.0" else f"{type}:{value}"


def _address(address, version):
    country = countries.name(address.country) if address.country else ""
    town = (address.locality, address.region, address.postal_code, country)
    parts = ("", "", address.street_address, *town)  # without a box and an extension
    return f"ADR;{ADDRESS[version]}:{';'.join(map(_text, parts))}"


def _language(code, version):
    return f";LANGUAGE={code}" if version == "4.0" and LANGUAGE.fullmatch(code) else ""


def _text(value):
    return value.replace("\r\n", "\n").translate(ESCAPES)


def _vcard(version, *lines):
    lines = ["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD"]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _folded(line):
    """The line broken into some of at most `LINE` octets; no character is cut in two."""
    folded, octets = [], 0
    for character in line:
        size = len(character.encode())
        if octets + size > LINE:
            folded.append("\r\n ")
            octets = 1
        folded.append(character)
        octets += size
    return "".join(folded)
