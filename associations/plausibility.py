"""What is odd about a fact, for a human to look at: it warns, and refuses nothing.

For Italy: a postal code against city and region, the area code of a number against the address.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _

from . import italy
from .phones import PhoneKind
from .search import words

ITALY = "IT"
POSTAL_CODE = re.compile(r"\d{5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Oddity:
    """What is odd, and at which column of which fact."""

    fact: object
    column: str
    text: str


def oddities(association):
    """Of the addresses, telephones and faxes of an entry that hold today; 2 queries."""
    addresses = list(association.addresses.holding())
    found = [odd for address in addresses for odd in of_address(address)]
    for point in association.contact_points.holding():
        found += of_contact_point(point, addresses)
    return found


def of_address(address):
    """What is odd about an `Address`, saved or not."""
    if address.country != ITALY or not address.postal_code:
        return []
    code = address.postal_code.removeprefix("I-").strip()
    if not POSTAL_CODE.fullmatch(code):
        text = _("An Italian postal code has five digits; this one is “%(code)s”.")
        if code.isdecimal() and len(code) < 5:
            text = _(
                "An Italian postal code has five digits; of “%(code)s” a spreadsheet may have"
                " dropped the zeros."
            )
        return [Oddity(address, "postal_code", text % {"code": address.postal_code})]
    provinces = italy.provinces_of_postal_code(code)
    if not provinces:
        text = _("No Italian postal code begins like “%(code)s”.")
        return [Oddity(address, "postal_code", text % {"code": code})]
    told = {"code": code, "place": ", ".join(each.name for each in provinces)}
    towns, regions = _called(address.locality), _called(address.region)
    if towns and not towns & set(provinces):
        text = _("The postal code %(code)s is of %(place)s, the city is %(city)s.")
        text %= told | {"city": address.locality}
        return [Oddity(address, "postal_code", text)]
    if regions and not regions & set(provinces):
        text = _("The postal code %(code)s is of %(place)s, the region is %(region)s.")
        text %= told | {"region": address.region}
        return [Oddity(address, "postal_code", text)]
    return []


def of_contact_point(point, addresses):
    """What is odd about a `ContactPoint`, saved or not, of a body with these addresses."""
    number = point.number
    if number is None or number.country != ITALY or number.kind != PhoneKind.GEOGRAPHIC:
        return []
    here = italy.province_of_number(re.sub(r"\D", "", number.national))
    there = {region for address in addresses for region in _regions(address)}
    if here is None or not there or here.region in there:
        return []
    text = _("%(number)s is a number of %(place)s, %(region)s; the address is in %(other)s.") % {
        "number": number.display,
        "place": here.name,
        "region": here.region,
        "other": ", ".join(sorted(there)),
    }
    return [Oddity(point, "value", text)]


def _regions(address):
    """The names of the Italian regions in which an address may be; empty where nothing tells."""
    if address.country != ITALY:
        return set()
    provinces = set(italy.provinces_of_postal_code(address.postal_code.strip()))
    provinces = provinces or _called(address.locality) or _called(address.region)
    return {province.region for province in provinces}


def _called(name):
    """The provinces that are meant by the name of a region, of a province or of its chief town."""
    return _provinces_by_name().get(tuple(words(name)), frozenset())


@cache
def _provinces_by_name():
    found = defaultdict(set)
    for province in italy.PROVINCES:
        for name in (province.sigla, *province.names, *province.regions):
            found[tuple(words(name))].add(province)
    return {name: frozenset(provinces) for name, provinces in found.items()}
