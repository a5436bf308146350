"""Cells as people write them into the columns of an `AssociationRow`: only where that is certain.

What is not certain is kept whole, with a note that says so. What is repaired is told.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from .. import phones
from ..dates import FORMAT
from ..models import Association, OfficeHolder
from ..models.people import HEADS
from ..search import words
from . import dates, headers, numbers, offices, places
from .reading import is_an_export
from .rows import ENDED, NO_LONGER, SECTOR_LENGTH, OfficersField, joined

# What people write into a cell of which they know nothing, or that there is none.
NOTHING = {"-", "–", "—", "--", "---", "/", "n/a", "n.a.", "n.d.", "n.n.", "k.a.", "null", "none"}
NOTHING |= {"#rif!", "#ref!", "#bezug!", "#valore!", "#value!", "#wert!", "#valeur!", "#div/0!"}
NOTHING |= {
    "#nome?",
    "#name?",
    "#nom?",
    "#n/d",
    "#n/a",
    "#nv",
    "nc",
    "n.c.",
    "keine",
    "keiner",
    "kein",
    "ohne",
    "aucun",
}
NOTHING |= {"vacante", "sede vacante", "vacant", "vakant", "unbesetzt", "da nominare", "tba", "tbd"}
NOTHING |= {"nicht vorhanden", "nessuno", "nessuna", "non disponibile", "not available", "néant"}
# “Keine Webseite vorhanden”, where an address of the web or of mail would stand.
WITHOUT = re.compile(
    r"(?=.*\b(?:keine?|ohne|nicht|nessun[ao]?|senza|non|aucun|pas|no|not|none|without)\b)[^.@:/]+",
    re.IGNORECASE | re.DOTALL,
)
# A whole number that a program wrote as another: “184.0”.
DECIMAL = re.compile(r"^(\d+)[.,]0$")
# How lists mark what is closed, behind its name: “in liquidazione”, “(sciolta)”, “i.L.”
CLOSED = {"liquidazione", "liquidation", "i.l", "aufgelöst", "erloschen", "dissolved", "defunct"}
CLOSED |= {"sciolta", "sciolto", "cessata", "cessato", "estinta", "estinto", "dissoute", "dissous"}
# A bracket is one piece, whatever stands in it.
PIECES = {sign: re.compile(rf"(?:\([^()]*\)|[^{sign}])+") for sign in ("\n", ";", "|")}
BETWEEN_ADDRESSES = re.compile(r"[\s|;,]+")
# “info (at) aicco.it”
AT = re.compile(r"\s*(?:@|[(\[]\s?(?:at|chiocciola)\s?[)\]])\s*", re.IGNORECASE)
# Among other addresses of mail: “PEC: aicco@pec.it”
PEC = re.compile(r"[;,/]?\s*\bpec\s*:?\s+([^\s;,@]+@[^\s;,]+)", re.IGNORECASE)
# The languages that descriptions are in, where the country tells.
LANGUAGES = {"IT": "it", "SM": "it", **dict.fromkeys(("US", "GB", "IE", "AU", "NZ", "CA"), "en")}

Kind = Association.Kind
KINDS = [
    (
        Kind.CONFEDERATION,
        r"^(?:con|kon)f(?:e|oe)dera|^spitzenverband|^dach(?:verband|organis)|^umbrella",
    ),
    (Kind.FEDERATION, r"^f(?:e|oe|o)dera"),
    (Kind.CLUB, r"^[ck]lub|^circolo|^cercle"),
    (
        Kind.ASSOCIATION,
        r"^associa|verband\b|verein|^syndicat|^sindacat|^organi[sz]\w+ (?:prof|di cat)",
    ),
    (
        Kind.ASSOCIATION,
        r"^(?:trade|business|employers|professional) |^unione?\b|^(?:camera|chambre) ",
    ),
]


class Note(NamedTuple):
    """What somebody should look at in a cell that was read; `value` is for them to decide."""

    field: str
    text: str
    value: str = ""


def prepare(table, mapping, defaults=None):
    """`(line, {column: text}, [Note, …])` of each row, as `AssociationRow.read()` takes it.

    `mapping` is `{index: field}` as `headers.guess()` gives it; `defaults` what every row says that
    does not say otherwise: `country`, `source_title`, `source_url`, `source_date`, and with
    `identifier_scheme` whose numbers are in a column `identifier`. A file with our own column
    `slug` is one of our exports: what its cells say is meant to the letter.
    """
    reading = _Reading(mapping, defaults or {})
    read = reading.to_the_letter if is_an_export(table.header) else reading.row
    width = len(table.header)
    for line, cells in table.rows:
        if len(cells) == width:
            yield line, *read(cells)
        else:
            reason = _("%(cells)d cells under %(columns)d columns.")
            yield line, {"": reason % {"cells": len(cells), "columns": width}}, []


class _Reading:
    """How the rows of a table are read: most columns are themselves, some take more."""

    def __init__(self, mapping, defaults):
        columns = [(index, field) for index, field in mapping.items() if field]
        self.columns = columns
        self.defaults = {name: text for name, text in defaults.items() if text}
        self.scheme = self.defaults.pop("identifier_scheme", "")
        fields = [field for _index, field in columns]
        special = {*READ_BY, *PERSONS, "country", "postal_code", *headers.COMPOSITE}
        if len(set(fields)) < len(fields) or not STREET.isdisjoint(fields):
            special.add("street_address")
        if "address" in fields:
            special |= {*NAMES, *places.PARTS}
        # Cells that are most often read by themselves; not where a whole address needs the others.
        self.direct = [
            (index, field, DIRECT[field])
            for index, field in columns
            if field in DIRECT and fields.count(field) == 1 and not self.takes_more(field, fields)
        ]
        done = {index for index, _field, _read in self.direct}
        rest = [pair for pair in columns if pair[0] not in done]
        self.special = [pair for pair in rest if pair[1].partition(":")[0] in special]
        self.plain = [pair for pair in rest if pair not in self.special]
        self.names = {index for index, field in columns if field == "name"}

    def takes_more(self, field, fields):
        """Whether cells of this column cannot be read without the others."""
        if field == "identifier":
            return bool(self.scheme) or "identifier_scheme" in fields
        return "address" in fields and field in (*NAMES, *places.PARTS)

    def to_the_letter(self, cells):
        told = {field: text for index, field in self.columns if (text := cells[index])}
        sources = {name: text for name, text in self.defaults.items() if name in SOURCE}
        return sources | told, []

    def row(self, cells):
        """The columns of a row that somebody wrote for other readers, and the notes."""
        whole = cells
        # Most rows are plain throughout: to see that of the whole row is a fifth of the time.
        if not NOTHING.isdisjoint(map(str.casefold, cells)):
            cells = [
                "" if text.casefold() in NOTHING and index not in self.names else text
                for index, text in enumerate(cells)
            ]
        row = "|".join(cells)
        if ".0" in row or ",0" in row:
            cells = [DECIMAL.sub(r"\1", text) for text in cells]
        told = {field: text for index, field in self.plain if (text := cells[index])}
        if "  " in row or not row.isprintable():
            told = {field: _on_one_line(text) for field, text in told.items()}
        told = self.defaults | told
        said = {}
        for index, field, read in self.direct:
            if text := cells[index]:
                if (cell := read(text)) is None and not _ends(field, text):
                    said[field] = [text]
                else:
                    told[field] = cell or text
        for index, field in self.special:
            if _ends(field, text := cells[index]):
                told[field] = text
            elif text:
                said.setdefault(field, []).append(text)
        if not said:
            notes = []
        else:
            row = _Row(said, told, self.defaults, self.scheme)
            row.read()
            told, notes = row.told, row.notes
        if _says_that_it_is_closed(name := told.get("name", "")):
            notes.append(Note("name", _("Is it closed? “%s” says so.") % name))
        elif len(told) <= len(self.defaults) + 1 and len(self.columns) > 2 and _are_alone(whole):
            notes.append(Note("name", _("Nothing but a name is told: is it a heading?")))
        return told, notes


class _Row:
    """What the special columns of a row `said`, and all that it `told`, to be added to."""

    def __init__(self, said, told, defaults, scheme):
        self.said = said
        self.told = told
        self.defaults = defaults
        self.scheme = scheme
        self.notes = []

    def read(self):
        said = self.said
        if "country" in said:
            # How a number is dialled depends on it, and what a postal code lacks.
            self.told["country"] = places.country(said["country"][0]) or said["country"][0]
        if not PLACES.isdisjoint(said):
            self.read_places()
        for field, texts in said.items():
            column = field.partition(":")[0]
            if column in READ_BY:
                READ_BY[column](self, field)
            elif column not in READ_TOGETHER:
                self.told[field] = _on_one_line(texts[0])
        if any(field.partition(":")[0] in PERSONS for field in said):
            self.read_persons()

    def note(self, field, *texts):
        self.notes += [Note(field, text) for text in texts]

    # where it is

    def read_places(self):
        said, told = self.said, self.told
        country = told.get("country", "")
        for part in ("region", "locality", "postal_code"):
            if part in said:
                told[part] = _on_one_line(said[part][0])
        if "postal_code" in said:
            told["postal_code"], reason = places.postal_code(told["postal_code"], country)
            self.note("postal_code", *filter(None, [reason]))
        if "town" in said:
            town, reason = places.town(said["town"][0], country)
            told.update((part, text) for part, text in town.items() if text)
            self.note("town", *filter(None, [reason]))
        if "address" in said:
            self.read_address(country)
        extras = [part for text in said.get("address_extra", ()) for part in places.lines_of(text)]
        if "po_box" in said:
            extras.append(_po_box(said["po_box"][0], country))
        streets = [_on_one_line(text) for text in said.get("street_address", ())]
        if streets and "street_number" in said:
            streets[-1] += " " + _on_one_line(said["street_number"][0])
        if parts := [*extras, *streets]:
            parts += [told["street_address"]] if told.get("street_address") else []
            told["street_address"] = ", ".join(parts)

    def read_address(self, country):
        names = [text for field in NAMES for text in self.said.get(field, ())]
        text = "\n".join(self.said["address"])
        town = [self.told.get(part, "") for part in ("postal_code", "locality")]
        if any(town):
            self.told["street_address"] = places.street(text, names, town)
            return
        parts, reasons = places.take_apart(text, country, names)
        if "country" in self.said:
            del parts["country"]
        self.told |= {part: value for part, value in parts.items() if value}
        self.note("address", *reasons)

    def read_date(self, field):
        country = self.told.get("country", "")
        self.told[field], reason = dates.read(_on_one_line(self.said[field][0]), country)
        self.note(field, *filter(None, [reason]))

    def read_text(self, field):
        self.told[field] = self.said[field][0]

    # several in a cell

    def read_list(self, field):
        self.told[field] = "|".join(map(_list, self.said[field]))

    def read_sectors(self, field):
        if all(_are_sectors(text) for text in self.said[field]):
            self.read_list(field)
            return
        language = LANGUAGES.get(self.told.get("country", ""))
        description = f"description_{language}"
        if language and description not in self.told:
            self.told[description] = _on_one_line(self.said[field][0])
            self.note(field, _("Too long for a sector: it is taken as the description."))
        else:
            # That is told as wrong.
            self.read_list(field)

    def read_contacts(self, field):
        texts = self.said[field]
        if field == "email":
            for address in (each for text in texts for each in PEC.findall(text)):
                self.add("pec", address)
            texts = [PEC.sub(" ", text) for text in texts]
        items = [item for text in texts for item in _addresses(field, text)]
        found = [address for item in items if (address := ADDRESSES[field](item))]
        for address in found:
            self.add(field, address)
        if (
            not found
            and not all(map(WITHOUT.fullmatch, self.said[field]))
            and any(map(str.strip, texts))
        ):
            # What is no address at all is told as one that is wrong.
            self.told[field] = self.said[field][0]

    def read_numbers(self, field):
        country = self.told.get("country", "")
        for text in self.said[field]:
            found, reasons = numbers.telephones(text, country)
            self.note(field, *reasons)
            for type, number in found:
                # A label in the cell says more than the column's name.
                self.add(type or field, number)

    def read_phone_and_fax(self, field):
        country = self.told.get("country", "")
        for text in self.said[field]:
            found, reasons = numbers.telephones(text, country)
            self.note(field, *reasons)
            bare = [number for type, number in found if not type]
            for type, number in found:
                is_second = len(bare) == 2 and number == bare[1]
                self.add(type or ("fax" if is_second else "phone"), number)
            if len(bare) > 1:
                reason = _("Which is the telephone and which the fax? “%s” is read in this order.")
                self.note(field, reason % _on_one_line(text))

    def read_identifiers(self, field):
        scheme = field.partition(":")[2] or self.scheme
        if not scheme and "identifier_scheme" in self.said:
            scheme = headers.scheme(self.said["identifier_scheme"][0])
        for number in map(_on_one_line, self.said[field]):
            if scheme and not re.match(r"[a-z][a-z0-9-]*:", number):
                number, reason = numbers.identifier(number, scheme)
                self.note(field, *filter(None, [reason]))
                number = f"{scheme}:{number}"
            if "identifier" in self.told:
                self.add("other_identifiers", number)
            else:
                self.told["identifier"] = number

    def add(self, field, item):
        """One more item of a list; of what is no list the only one."""
        before = self.told.get(field)
        self.told[field] = f"{before}|{joined([item])}" if before else joined([item])

    # what it is

    def read_kind(self, field):
        # What is none is told as wrong.
        self.told["kind"] = kind_of(self.said[field][0]) or _on_one_line(self.said[field][0])

    # who speaks for it

    def read_persons(self):
        # “Nome presidente” beside “Cognome presidente” is but a part of the name.
        parts = [self.said[column][0] for column in PARTS_OF_NAME if column in self.said]
        if parts:
            self.said["president"] = [" ".join(parts)]
        if "president" in self.said:
            text, told = offices.since(self.said["president"][0])
            since, _reason = dates.read(told, self.told.get("country", ""))
            if FORMAT.fullmatch(since) and self.told.get("president_since", since) == since:
                self.said["president"][0] = text
                self.told["president_since"] = since
        heads = self.persons("president")
        for person in heads:
            # As “(pro tempore)”: that is no other office.
            if person["role"] == OfficeHolder.Role.OTHER and not offices.is_office(person["title"]):
                person["role"] = ""
        if heads and "president_title" in self.said and not heads[0]["role"]:
            title = self.said["president_title"][0]
            heads[0]["role"], heads[0]["title"] = offices.role_and_title(title)
        if heads and "president_prefix" in self.said:
            heads[0]["honorific_prefix"] = _on_one_line(self.said["president_prefix"][0])
        if heads and "president_role" in self.said:
            heads[0]["role"] = self.said["president_role"][0]
        others = []
        for field in self.said:
            column, _colon, role = field.partition(":")
            if column == "officers":
                found = self.persons(field)
                others += [person | {"role": person["role"] or role} for person in found]
        if "care_of" in self.said and (name := self.said["care_of"][0].lstrip("% ")):
            others.append(_person(name, role=OfficeHolder.Role.OTHER.value, title="c/o"))
        if heads:
            head = min(heads, key=lambda person: person["role"] not in HEADS)
            others = [*(person for person in heads if person is not head), *others]
            again = [person for person in others if _is_the_same(person, head)]
            others = [person for person in others if person not in again]
            for person in again:
                head["honorific_prefix"] = head["honorific_prefix"] or person["honorific_prefix"]
            self.told["president"] = head["name"]
            for column, part in HEAD.items():
                self.told[column] = head[part]
        else:
            # Of nobody: that is told as wrong.
            for column in HEAD.keys() & self.said.keys():
                self.told[column] = self.said[column][0]
        if others:
            self.told["officers"] = OfficersField.cell(others)

    def persons(self, field):
        """The persons of a column. Where a name ends is not always certain: then it is noted."""
        is_french = not offices.FRENCH.isdisjoint(
            (self.defaults.get("country"), self.told.get("country"))
        )
        found, column = [], field.partition(":")[0]
        for text in self.said.get(field, ()):
            parts = _items(text, "|\n;")
            # A further office of the same person, as in “Anna Verdi, Präsidentin; BGB-Vorstand”.
            if any(offices.is_no_name(re.split("[,(]", part)[0]) for part in parts):
                parts = [text.replace("\n", ", ")]
            for part in parts:
                person = offices.person(part, is_french)
                if person is None:
                    doubt = _("Which is the person and which the office? “%s” is kept whole.")
                    part = _on_one_line(part)
                    self.notes.append(Note(column, doubt % part, part))
                    person = _person(part)
                if len(person["title"]) > TITLE_LENGTH:
                    self.note(column, _("The office is cut: “%s”.") % person["title"])
                    person["title"] = person["title"][: TITLE_LENGTH - 1] + "…"
                found.append(person)
        return found


def _says_that_it_is_closed(name):
    last = name.rpartition(" ")[2].strip("()[].").casefold()
    return last in CLOSED or (last == "l" and name.endswith(" i. L."))


def _are_alone(cells):
    return sum(map(bool, cells)) == 1


def kind_of(text):
    """The kind that these words tell; empty where they tell none."""
    said = " ".join(words(text))
    if said in Kind:
        return said
    return next((kind.value for kind, rule in KINDS if re.search(rule, said)), "")


def _person(name, role="", title=""):
    return {"honorific_prefix": "", "name": name, "role": role, "title": title}


def _is_the_same(person, head):
    same = words(person["name"]) == words(head["name"])
    return same and person["role"] in ("", head["role"])


@lru_cache(maxsize=1000)
def _list(text):
    """The cell of a list, of one that was written in whatever way."""
    return joined(_items(text))


@lru_cache(maxsize=1000)
def _are_sectors(text):
    return all(len(item) <= SECTOR_LENGTH for item in _items(text))


def _sectors(text):
    return _list(text) if _are_sectors(text) else None


def _country(text):
    return places.country(text) or text


def _numbered(text):
    """A number whose register is told with it."""
    return text if ":" in text else None


def _whole_website(text):
    is_whole = text.startswith(("https://", "http://")) and "\\" not in text
    return text if is_whole and not BETWEEN_ADDRESSES.search(text) else None


def _whole_number(text):
    """A telephone number of nothing but digits, that has lost none."""
    digits = text.removeprefix("+").replace(" ", "")
    if text[0] not in "+0" or not digits.isdecimal() or not text.isascii():
        return None
    return text if text[0] == "0" or phones.parse(text) else None


def _whole_date(text):
    return text if FORMAT.fullmatch(text) else None


def _whole_code(text):
    """A postal code that has lost nothing."""
    return None if text.isdecimal() and len(text) < 5 else _on_one_line(text)


def _ends(field, text):
    """Whether a cell says that what it told is over."""
    return text.casefold() == NO_LONGER and field in ENDED


def _items(text, signs="\n;|"):
    """What a cell lists: the first of the signs that stands in it is what separates the items."""
    sign = next((sign for sign in signs if sign in text), None)
    items = PIECES[sign].findall(text) if sign else [text]
    return [item for item in map(_on_one_line, items) if item]


def _on_one_line(text):
    return " ".join(text.split())


def _addresses(field, text):
    """What a cell lists that looks like addresses of the web, or of mail."""
    if field != "website":
        text = AT.sub("@", text)
        text = re.sub(r"/(?=[^/\s]+@)", " ", text)
    items = (item.strip("<>()") for item in BETWEEN_ADDRESSES.split(text))
    # “Dott.ssa Verdi <a@example.org>”
    looks_like = "@" if "<" in text else r"\w\.\w|@"
    return [item for item in items if re.search(looks_like, item)]


def _po_box(text, country):
    if not re.fullmatch(r"[\d\s]+", text):
        return _on_one_line(text)
    return f"{PO_BOXES.get(country, 'PO Box')} {_on_one_line(text)}"


def _website(text):
    """A whole address; `https` is what the directory takes for granted where none is told."""
    text = re.sub(r"^(https?)(?::/?|//)(?=[^/])", r"\1://", text, flags=re.IGNORECASE)
    return text if re.match(r"[a-z]+://", text, re.IGNORECASE) else f"https://{text}"


def _email(text):
    return re.sub(r"^mailto:", "", text, flags=re.IGNORECASE).rstrip(".")


SOURCE = ("source_title", "source_url", "source_date")
TITLE_LENGTH = OfficeHolder._meta.get_field("title").max_length
NAMES = ("name", "acronym", "other_names")
PO_BOXES = {
    **dict.fromkeys(("DE", "AT"), "Postfach"),
    **dict.fromkeys(("FR", "BE", "LU"), "BP"),
    "IT": "Casella postale",
}
HEAD = {
    "president_prefix": "honorific_prefix",
    "president_role": "role",
    "president_title": "title",
}
ADDRESSES = {"website": _website, "email": _email, "pec": _email}
DATES = ("founding_date", "president_since", "president_as_of", "source_date", "checked_on")
# Readers of a cell by itself; what they give None for takes more.
DIRECT = {
    "country": _country,
    "postal_code": _whole_code,
    "identifier": _numbered,
    "sector": _sectors,
    "website": _whole_website,
    **dict.fromkeys(DATES, _whole_date),
    **dict.fromkeys(("phone", "fax"), _whole_number),
    **dict.fromkeys(("other_names", "former_names", "confederation"), _list),
}
# What is made of several columns.
PERSONS = {"president", "president_role", "president_title", "president_prefix", "officers"}
PARTS_OF_NAME = ("president_given_name", "president", "president_family_name")
PERSONS |= {"care_of", *PARTS_OF_NAME}
STREET = {"street_number", "address_extra", "po_box"}
PLACES = {*places.PARTS, *STREET, "address", "town"}
READ_TOGETHER = PERSONS | {*places.PARTS, *headers.COMPOSITE}
# What is made of one column, in more than one way.
READ_BY = {
    **dict.fromkeys(("other_names", "former_names", "confederation"), _Row.read_list),
    **dict.fromkeys(("email", "pec", "website"), _Row.read_contacts),
    **dict.fromkeys(("phone", "fax"), _Row.read_numbers),
    "phone_and_fax": _Row.read_phone_and_fax,
    **dict.fromkeys(("description_it", "description_en"), _Row.read_text),
    **dict.fromkeys(DATES, _Row.read_date),
    "other_identifiers": _Row.read_list,
    "identifier": _Row.read_identifiers,
    "sector": _Row.read_sectors,
    "kind": _Row.read_kind,
}
