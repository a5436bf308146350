"""What the digits of a telephone number tell: by libphonenumber's metadata, never typed."""

import re
from dataclasses import dataclass

import phonenumbers
from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumberFormat, PhoneNumberType

# The release of libphonenumber that the numbering plans are those of.
METADATA = phonenumbers.__version__


class PhoneKind(models.TextChoices):
    TOLL_FREE = "toll_free", _("toll-free")
    SHARED_COST = "shared_cost", _("shared cost")
    GEOGRAPHIC = "geographic", _("geographic")
    MOBILE = "mobile", _("mobile")
    PREMIUM = "premium", _("premium rate")
    UNKNOWN = "unknown", _("kind unknown")


WHO_PAYS = {
    PhoneKind.TOLL_FREE: _("Free for the caller: who is called pays."),
    PhoneKind.SHARED_COST: _("Caller and called share the cost; the caller's part is fixed."),
    PhoneKind.GEOGRAPHIC: _("The caller pays an ordinary call to a landline."),
    PhoneKind.MOBILE: _("The caller pays an ordinary call to a mobile."),
    PhoneKind.PREMIUM: _("The caller pays more than for an ordinary call."),
    PhoneKind.UNKNOWN: _("The numbering plan does not tell who pays."),
}

KINDS = {
    PhoneNumberType.TOLL_FREE: PhoneKind.TOLL_FREE,
    PhoneNumberType.SHARED_COST: PhoneKind.SHARED_COST,
    PhoneNumberType.FIXED_LINE: PhoneKind.GEOGRAPHIC,
    PhoneNumberType.MOBILE: PhoneKind.MOBILE,
    # North America: one plan for both, the digits do not tell. Its area codes are geographic.
    PhoneNumberType.FIXED_LINE_OR_MOBILE: PhoneKind.GEOGRAPHIC,
    PhoneNumberType.PREMIUM_RATE: PhoneKind.PREMIUM,
}
# These are services of one country's networks: outside it nobody undertakes to connect them, even
# where the metadata only marks a part of them (848 of Italy) as not diallable.
NATIONAL = {PhoneKind.TOLL_FREE, PhoneKind.SHARED_COST, PhoneKind.PREMIUM}


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number as its digits tell. `country` is ISO 3166-1 alpha-2, empty for +800 and the like."""

    e164: str
    kind: PhoneKind
    country: str
    national: str
    international: str
    is_reachable_from_abroad: bool

    @property
    def who_pays(self):
        return WHO_PAYS[self.kind]

    @property
    def display(self):
        """For reading: with the country code where that can be dialled."""
        return self.international if self.is_reachable_from_abroad else self.national

    @property
    def uri(self):
        """For a link (RFC 3966): in full where that can be dialled, else as dialled at home."""
        if self.is_reachable_from_abroad:
            return f"tel:{self.e164}"
        return "tel:" + "".join(c for c in self.national if c.isdigit())


# How sources mark an extension or decorate digits, in the writings that libphonenumber rejects.
BEHIND = re.compile(r"\d[^\w(]*(\(?[^\W\d_]{2}.*)", re.DOTALL)
PLAIN_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―−ー－", "-"))


def read(text, country=""):
    """As libphonenumber has it; None if it is no number."""
    number = _read(text.replace("(0)", ""), country)
    if (behind := BEHIND.search(text)) and not (number and number.extension):
        # Libphonenumber dials the letters, too: “0171 123456 (mobil)” would end in 66245.
        plain = _read(text[: behind.start(1)].replace("(0)", ""), country)
        if plain and phonenumbers.is_valid_number(plain):
            # More than a word is a remark, which nobody may lose.
            return plain if behind[1].strip(" ().,:–-").isalpha() else None
    if number and "(0)" in text and not phonenumbers.is_valid_number(number):
        # In Italy the zero is dialled from abroad as well: “+39 (0)6” is +39 06.
        whole = _read(text.replace("(0)", "0"), country)
        return whole if whole and phonenumbers.is_valid_number(whole) else number
    return number


def _read(text, country):
    try:
        return phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return None


def parse(text, country=""):
    """The `PhoneNumber` that `text` writes, dialled in `country` where it has no country code.

    None if it is no possible number there: the text is then shown as it is.
    """
    number = read(text.translate(PLAIN_HYPHENS).replace("+ ", "+"), country)
    if number is None or not phonenumbers.is_possible_number(number):
        return None
    region = phonenumbers.region_code_for_number(number) or ""
    kind = KINDS.get(phonenumbers.number_type(number), PhoneKind.UNKNOWN)
    is_national = region != "001" and kind in NATIONAL
    return PhoneNumber(
        e164=phonenumbers.format_number(number, PhoneNumberFormat.E164),
        kind=kind,
        country="" if region == "001" else region,
        national=phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL),
        international=phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
        is_reachable_from_abroad=not is_national
        and phonenumbers.can_be_internationally_dialled(number),
    )


def within_its_country(e164):
    """The digits of a number without the code of its country: with the zero where that is a part
    of it, as in Italy."""
    for end in range(2, 5):
        if int(e164[1:end]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            return e164[end:]
    return e164[1:]


def examples(country):
    """A `PhoneNumber` of each kind that the numbering plan of this country has, as it gives it."""
    found = {}
    for number_type, kind in KINDS.items():
        number = phonenumbers.example_number_for_type(country, number_type)
        if number and kind not in found:
            found[kind] = parse(phonenumbers.format_number(number, PhoneNumberFormat.E164))
    return list(found.values())
