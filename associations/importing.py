"""A file in, a report out: associations from CSV, all rows or none.

An import adds and fills in; it overwrites nothing. A cell that says what the directory knows
changes nothing, an empty cell leaves alone, a new value becomes a fact beside the older one, with
its source and date: the newer evidence is what the pages show.
"""

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import count

from anyascii import anyascii
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import countries
from .changes import flush, one_change
from .dates import PartialDateFormField
from .models import (
    Address,
    Affiliation,
    Association,
    Card,
    Citation,
    ContactPoint,
    FormerSlug,
    Identifier,
    Name,
    OfficeHolder,
    Sector,
    Source,
)
from .models.contacts import VALIDATORS
from .search import words

BATCH = 1000
SLUG_LENGTH = 80


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message says why, in words for its owner."""


@dataclass
class Report:
    """What an import did, in rows.

    `changed` got a new value, `confirmed` only newer evidence or a check of what was known;
    `withdrawn` were left alone, as staff withdrew them. `errors`: `on_error` was told of each.
    """

    created: int = 0
    changed: int = 0
    confirmed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    errors: int = 0
    is_saved: bool = False

    @property
    def rows(self):
        return (
            self.created
            + self.changed
            + self.confirmed
            + self.unchanged
            + self.withdrawn
            + self.errors
        )


def _text(model, name, **kwargs):
    return forms.CharField(
        max_length=model._meta.get_field(name).max_length, required=False, **kwargs
    )


def _contact(type):
    max_length = ContactPoint._meta.get_field("value").max_length
    return forms.CharField(max_length=max_length, required=False, validators=[VALIDATORS[type]])


class ListField(forms.CharField):
    """Several values in one cell, `|` between them, each at most `item_length` characters long."""

    def __init__(self, *, item_length, **kwargs):
        self.item_length = item_length
        super().__init__(required=False, **kwargs)

    def to_python(self, value):
        items = [item.strip() for item in super().to_python(value).split("|")]
        if any(len(item) > self.item_length for item in items):
            raise ValidationError(_("One of these has more than %d characters.") % self.item_length)
        return [item for item in dict.fromkeys(items) if item]


class CountryField(forms.CharField):
    def to_python(self, value):
        code = super().to_python(value).upper()
        if code and code not in countries.names("en"):
            raise ValidationError(_("Write a country by its two letters, as in IT (ISO 3166-1)."))
        return code


class IdentifierField(forms.CharField):
    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return None
        scheme, colon, number = (part.strip() for part in text.partition(":"))
        if not colon or not number or slugify(scheme) != scheme:
            raise ValidationError(_("Write scheme:number, as in it-cf:97204050583."))
        if len(scheme) > 40 or len(number) > 80:
            raise ValidationError(_("At most 40 characters of scheme and 80 of number."))
        return scheme, number


class AssociationRow(forms.Form):
    """One row. Its fields are the columns that a file may have, in any order."""

    identifier = IdentifierField(required=False)
    name = forms.CharField(
        max_length=400, error_messages={"required": gettext_lazy("A name is needed.")}
    )
    acronym = _text(Name, "name")
    other_names = ListField(item_length=400)
    kind = forms.ChoiceField(choices=Association.Kind, required=False)
    confederation = _text(Name, "name")
    country = CountryField(required=False)
    region = _text(Address, "region")
    locality = _text(Address, "locality")
    postal_code = _text(Address, "postal_code")
    street_address = _text(Address, "street_address")
    phone = _contact(ContactPoint.Type.PHONE)
    email = _contact(ContactPoint.Type.EMAIL)
    website = _contact(ContactPoint.Type.WEBSITE)
    president = _text(OfficeHolder, "name")
    president_since = PartialDateFormField(required=False)
    president_as_of = PartialDateFormField(required=False)
    founding_date = PartialDateFormField(required=False)
    sector = ListField(item_length=120)
    description_it = _text(Association, "description_it")
    description_en = _text(Association, "description_en")
    source_title = _text(Source, "title")
    source_url = forms.URLField(max_length=1000, required=False, assume_scheme="https")
    source_date = PartialDateFormField(required=False)
    checked_on = forms.DateField(required=False, input_formats=["%Y-%m-%d"])

    def read(self, cells):
        """Validate another row with this same form: a new one for each row costs three times as much."""
        self.is_bound = True
        self.data = cells
        self.full_clean()
        return self.is_valid()

    def clean_checked_on(self):
        day = self.cleaned_data["checked_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("Nobody can have checked it in the future."))
        return day

    def clean(self):
        told = self.cleaned_data
        if not told.get("president") and (
            told.get("president_since") or told.get("president_as_of")
        ):
            self.add_error("president", _("There is a date of a president, and no president."))
        return told


COLUMNS = tuple(AssociationRow.base_fields)


@dataclass
class Row:
    """A good row on its way in: its values, and the association that it turns out to be of."""

    line: int
    told: dict
    association: Association | None = None
    is_new: bool = False
    # The key of the association it belongs to, or the `Row` of one that is not saved yet.
    parent: object = None
    fills_in: list = field(default_factory=list)
    news: str = "unchanged"

    @property
    def identifier(self):
        return self.told["identifier"]

    @cached_property
    def key(self):
        """What it is matched by where it has no identifier."""
        return "0".join(words(self.told["name"]))[:200], self.told["country"]

    @property
    def outcome(self):
        """The column of the `Report` in which it counts."""
        return "created" if self.is_new else self.news

    def learns(self, news):
        if self.news != "changed":
            self.news = news

    def tells(self, column):
        """Whether the entry has this column from this row."""
        return bool(self.told[column]) if self.is_new else column in self.fills_in


def import_associations(
    lines, *, file_name, dry_run=False, skip_bad=False, draft=False, on_error=None
):
    """Add and complete the associations of a CSV file (its `lines`, as text); return a `Report`.

    Rows are matched by identifier, else by name and country. One transaction: nothing is saved
    with `dry_run`, nor after any bad row unless `skip_bad`. `on_error(line, column, reason)` is
    told of each bad cell as it is found. Raises `UnreadableFile` for what is no such CSV file.
    Memory does not grow with the number of rows.
    """
    importer = _Import(file_name, draft, on_error or (lambda line, column, reason: None))
    try:
        with one_change():
            for batch in _batches(importer.good_rows(lines)):
                importer.save(batch)
                flush()
            if dry_run or (importer.report.errors and not skip_bad):
                raise _NotToBeSaved
            importer.report.is_saved = True
    except _NotToBeSaved:
        pass
    return importer.report


class _NotToBeSaved(Exception):
    """Takes the transaction back."""


def _batches(rows):
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _records(lines):
    """`(line number, {column: text})` of each row. Raises `UnreadableFile`."""
    reader = csv.reader(lines, strict=True)
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        _refuse_bad(header)
        first = reader.line_num + 1
        for cells in reader:
            if cells:
                yield first, cells, header
            first = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(
            _("Line %(line)d: %(error)s") % {"line": reader.line_num, "error": error}
        ) from None
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            _("The file is not UTF-8: byte %(byte)s at position %(position)d of a part of it.")
            % {"byte": hex(error.object[error.start]), "position": error.start}
        ) from None


def _refuse_bad(header):
    unknown = [repr(name) for name in header if name not in COLUMNS]
    twice = [name for name, number in Counter(header).items() if number > 1]
    if unknown:
        raise UnreadableFile(
            _("Unknown columns: %(unknown)s. Known are: %(known)s.")
            % {"unknown": ", ".join(unknown), "known": ", ".join(COLUMNS)}
        )
    if twice:
        raise UnreadableFile(_("Columns that stand twice: %s.") % ", ".join(twice))
    if "name" not in header:
        raise UnreadableFile(_("There is no column “name”."))


class _Import:
    def __init__(self, file_name, draft, on_error):
        self.file_name = file_name
        self.draft = draft
        self.on_error = on_error
        self.report = Report()
        self.today = timezone.localdate()
        self.sources = {}
        self.sectors = {}
        # Which associations had a row already: a bit each, so that a million are 125 kB.
        self.seen = bytearray()

    # reading

    def good_rows(self, lines):
        form = AssociationRow()
        for line, cells, header in _records(lines):
            if len(cells) != len(header):
                reason = _("%(cells)d cells under %(columns)d columns.")
                self.refuse(line, "", reason % {"cells": len(cells), "columns": len(header)})
            elif form.read(dict(zip(header, cells, strict=True))):
                yield Row(line, form.cleaned_data)
            else:
                self.refuse_all(line, form.errors)

    def refuse_all(self, line, errors):
        self.report.errors += 1
        for column, reasons in errors.as_data().items():
            for reason in reasons:
                self.on_error(
                    line, "" if column == "__all__" else column, " ".join(reason.messages)
                )

    def refuse(self, line, column, reason):
        self.report.errors += 1
        self.on_error(line, column, reason)

    # writing

    def save(self, rows):
        """Save a batch of good rows with a number of queries that does not depend on their number."""
        rows = self.match(rows)
        rows = self.affiliate(rows)
        self.create([row for row in rows if row.is_new])
        self.add_facts(rows)
        self.put_in_sectors(rows)
        for row in rows:
            setattr(self.report, row.outcome, getattr(self.report, row.outcome) + 1)

    def match(self, rows):
        """Those of the rows that are of one association, new or known, and of each but one."""
        wanted = {row.identifier for row in rows if row.identifier}
        found = Identifier.objects.filter(
            scheme__in={scheme for scheme, _number in wanted},
            value__in={number for _scheme, number in wanted},
        ).values_list("scheme", "value", "association")
        by_identifier = {(scheme, value): key for scheme, value, key in found}
        by_name, schemes = self.named_alike(
            row for row in rows if row.identifier not in by_identifier
        )
        matched, keys, new = [], {}, set()
        for row in rows:
            key = by_identifier.get(row.identifier)
            if key is None:
                scheme = row.identifier and row.identifier[0]
                # With another number of the same register it is another body of the same name.
                alike = [k for k in by_name[row.key] if (k, scheme) not in schemes]
                if len(alike) > 1:
                    reason = _("%d entries have this name in this country: give an identifier.")
                    self.refuse(row.line, "name", reason % len(alike))
                    continue
                key = alike[0] if alike else None
            identity = row.identifier or row.key
            if identity in new if key is None else self.is_seen(key):
                column = "identifier" if row.identifier else "name"
                self.refuse(row.line, column, _("This association stands in the file already."))
                continue
            new.add(identity)
            keys[row.line] = key
            matched.append(row)
        associations = Association.objects.in_bulk(key for key in keys.values() if key is not None)
        good = []
        for row in matched:
            row.association = associations.get(keys[row.line])
            row.is_new = row.association is None
            if not row.is_new and row.association.state == Association.State.WITHDRAWN:
                self.report.withdrawn += 1
            else:
                good.append(row)
        return good

    def named_alike(self, rows):
        """`{(sort key, country): [association keys]}` of these rows, and all `(key, scheme)` of them."""
        by_name = defaultdict(list)
        cards = Card.objects.filter(sort_key__in={row.key[0] for row in rows}).order_by("pk")
        for key, name, country in cards.values_list("pk", "sort_key", "country"):
            by_name[name, country].append(key)
        keys = {key for alike in by_name.values() for key in alike}
        held = (
            Identifier.objects.filter(association__in=keys) if keys else Identifier.objects.none()
        )
        return by_name, set(held.values_list("association", "scheme"))

    def is_seen(self, key):
        """Whether a row of this file was of the association already; from now on, one was."""
        place, bit = key >> 3, 1 << (key & 7)
        if place >= len(self.seen):
            self.seen.extend(bytes(place + 4096 - len(self.seen)))
        was_seen = bool(self.seen[place] & bit)
        self.seen[place] |= bit
        return was_seen

    def affiliate(self, rows):
        """The rows whose confederation is found, or that name none; it may stand in the same batch."""
        asked = {row.told["confederation"] for row in rows} - {""}
        if not asked:
            return rows
        parents = self.confederations(asked)
        here = {}
        for row in rows:
            for name in (row.told["name"], row.told["acronym"]):
                here.setdefault(name.casefold(), row)
        above = _Above()
        good = []
        for row in rows:
            text = row.told["confederation"]
            if text:
                row.parent = parents.get(text) or here.get(text.casefold())
                if row.parent is None:
                    reason = _("“%s” is neither in the directory nor in the file up to here.")
                    self.refuse(row.line, "confederation", reason % text)
                    continue
                if above.makes_a_circle(row):
                    self.refuse(
                        row.line, "confederation", _("This makes a circle of affiliations.")
                    )
                    continue
            good.append(row)
        return good

    def confederations(self, texts):
        """`{text: association key}`: by slug, name or acronym; bodies that have members by kind first."""
        keys = {text: "0".join(words(text))[:200] for text in texts}
        cards = Card.objects.filter(
            Q(slug__in=texts) | Q(sort_key__in=keys.values()) | Q(acronym__in=texts)
        )
        found = defaultdict(list)
        for card in cards.order_by("pk"):
            rank = (card.kind not in ("confederation", "federation"), card.pk)
            for name in (card.slug, card.sort_key, card.acronym):
                found[name].append(rank)
        best = {}
        for text in texts:
            ranked = found[text] or found[keys[text]]
            if ranked:
                best[text] = min(ranked)[1]
        return best

    def create(self, rows):
        """The associations of these rows: public ones, but with `draft`."""
        state = Association.State.DRAFT if self.draft else Association.State.PUBLIC
        for row, slug in zip(rows, self.free_slugs(rows), strict=True):
            told = row.told
            row.association = Association(
                slug=slug,
                state=state,
                kind=told["kind"] or Association.Kind.ASSOCIATION,
                description_it=told["description_it"],
                description_en=told["description_en"],
                founding_date=told["founding_date"],
            )
        Association.objects.bulk_create([row.association for row in rows])
        for row in rows:
            self.is_seen(row.association.pk)

    def free_slugs(self, rows):
        """A slug for each row that no entry has or had: of its name, then of place, number, count."""
        wanted = [list(_slugs(row)) for row in rows]
        taken = _taken({slug for slugs in wanted for slug in slugs})
        for slugs in wanted:
            slug = next((slug for slug in slugs if slug not in taken), None)
            numbers = count(2)
            while slug is None:
                counted = f"{slugs[0]}-{next(numbers)}"
                slug = None if counted in taken or _taken({counted}) else counted
            taken.add(slug)
            yield slug

    def add_facts(self, rows):
        known = _Known([row.association.pk for row in rows if not row.is_new])
        added = defaultdict(list)
        for row in rows:
            for fact in self.facts_of(row):
                news = "changed" if row.is_new else known.news_in(fact)
                if news != "unchanged":
                    added[type(fact)].append(fact)
                    row.learns(news)
            if not row.is_new and _fill_in(row):
                row.learns("changed")
        known.make_room_for_names(added[Name])
        for model, facts in added.items():
            model.objects.bulk_create(facts)
        filled = [row.association for row in rows if row.fills_in]
        Association.objects.bulk_update(filled, [*FILLED_IN, "updated_at"], batch_size=100)
        checked = known.save_checks()
        for row in rows:
            if row.association.pk in checked:
                row.learns("confirmed")
        self.cite(rows)

    def facts_of(self, row):
        """The facts that a row states, unsaved."""
        told = row.told
        source = self.source_of(told)
        common = {
            "association": row.association,
            "source": source,
            "attested_on": told["source_date"],
            "checked_on": told["checked_on"],
        }
        yield Name(type=Name.Type.OFFICIAL, name=told["name"], **common)
        if told["acronym"] and told["acronym"] != told["name"]:
            yield Name(type=Name.Type.ACRONYM, name=told["acronym"], **common)
        for name in told["other_names"]:
            yield Name(type=Name.Type.OTHER, name=name, **common)
        if row.identifier:
            scheme, value = row.identifier
            yield Identifier(scheme=scheme, value=value, **common)
        place = {part: told[part] for part in PLACE}
        if any(place.values()):
            yield Address(**place, **common)
        for type in (ContactPoint.Type.PHONE, ContactPoint.Type.EMAIL, ContactPoint.Type.WEBSITE):
            if value := told[type.value]:
                country = told["country"] if type == ContactPoint.Type.PHONE else ""
                yield ContactPoint(type=type, value=value, country=country, **common)
        if told["president"]:
            dates = {"attested_on": told["president_as_of"] or told["source_date"]}
            yield OfficeHolder(
                role=OfficeHolder.Role.PRESIDENT,
                name=told["president"],
                valid_from=told["president_since"],
                **{**common, **dates},
            )
        if row.parent:
            parent = row.parent.association.pk if isinstance(row.parent, Row) else row.parent
            yield Affiliation(parent_id=parent, **common)

    def source_of(self, told):
        """The source that a row names; the file itself where it names none. The last ones are kept."""
        identity = (
            told["source_title"] or self.file_name,
            told["source_url"],
            told["source_date"],
        )
        if identity not in self.sources:
            if len(self.sources) >= BATCH:
                self.sources.clear()
            title, url, published_on = identity
            self.sources[identity], _created = Source.objects.get_or_create(
                title=title, url=url, published_on=published_on, defaults={"seen_on": self.today}
            )
        return self.sources[identity]

    def cite(self, rows):
        """Where the columns of the entries come from that are no facts of their own."""
        About = Citation.About
        Citation.objects.bulk_create(
            (
                Citation(association=row.association, about=about, source=self.source_of(row.told))
                for row in rows
                for about, is_told in (
                    (About.DESCRIPTION, row.tells("description_it") or row.tells("description_en")),
                    (About.FOUNDING_DATE, row.tells("founding_date")),
                    (About.SECTORS, row.is_new and row.told["sector"]),
                )
                if is_told
            ),
            ignore_conflicts=True,
        )

    def put_in_sectors(self, rows):
        """Add each row's sectors; one that is not known is made, called the same in both languages."""
        asked = {_sector_slug(name): name for row in rows for name in row.told["sector"]}
        missing = asked.keys() - self.sectors.keys()
        if missing:
            known = Sector.objects.filter(slug__in=missing).values_list("slug", "pk")
            self.sectors.update(known)
            new = [
                Sector(slug=slug, name_en=asked[slug], name_it=asked[slug])
                for slug in sorted(missing - self.sectors.keys())
            ]
            self.sectors.update((s.slug, s.pk) for s in Sector.objects.bulk_create(new))
        through = Association.sectors.through
        through.objects.bulk_create(
            (
                through(
                    association_id=row.association.pk, sector_id=self.sectors[_sector_slug(name)]
                )
                for row in rows
                for name in row.told["sector"]
            ),
            ignore_conflicts=True,
        )


PLACE = ("street_address", "postal_code", "locality", "region", "country")
FILLED_IN = ("description_it", "description_en", "founding_date")


def _fill_in(row):
    """Put into the entry what it lacks and the row tells; return whether there was anything."""
    for name in FILLED_IN:
        if row.told[name] and not getattr(row.association, name):
            setattr(row.association, name, row.told[name])
            row.fills_in.append(name)
    if row.fills_in:
        row.association.updated_at = timezone.now()
    return bool(row.fills_in)


def _slugs(row):
    """The slugs that a new entry might have, the plainest first."""
    name = slugify(anyascii(row.told["name"])) or "association"
    if len(name) > SLUG_LENGTH:
        name = name[:SLUG_LENGTH].rsplit("-", 1)[0]
    yield name
    if row.told["locality"]:
        yield f"{name[:60]}-{slugify(anyascii(row.told['locality']))[:38]}".strip("-")
    if row.identifier:
        yield f"{name[:60]}-{slugify(anyascii(row.identifier[1]))[:38]}".strip("-")


def _taken(slugs):
    taken = set(Association.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    return taken | set(FormerSlug.objects.filter(slug__in=slugs).values_list("slug", flat=True))


def _sector_slug(name):
    return slugify(anyascii(name))[:60] or "other"


class _Above:
    """What stands above the associations of a batch, in the database and in the batch itself."""

    def __init__(self):
        self.parents = {}

    def makes_a_circle(self, row):
        """Whether the row's association already stands above its confederation; if not, adds it."""
        own, parent = _node(row), _node(row.parent)
        level, seen = {parent}, set()
        while level:
            if own in level:
                return True
            seen |= level
            level = {node for each in level for node in self.above(each)} - seen
        self.above(own).add(parent)
        return False

    def above(self, node):
        if node not in self.parents:
            is_saved = isinstance(node, int)
            held = Affiliation.objects.filter(association=node) if is_saved else None
            self.parents[node] = set(held.values_list("parent", flat=True)) if is_saved else set()
        return self.parents[node]


def _node(parent):
    """The key of an association; for one that is not saved yet, a mark of its row."""
    if isinstance(parent, Row):
        return f"line {parent.line}" if parent.is_new else parent.association.pk
    return parent


class _Known:
    """What the directory says already of the associations with these keys: a query for each table."""

    MODELS = (Name, Identifier, Address, ContactPoint, OfficeHolder, Affiliation)

    def __init__(self, keys):
        self.facts = defaultdict(list)
        self.checked = defaultdict(list)
        for model in self.MODELS if keys else ():
            for fact in model.objects.filter(association__in=keys).order_by("pk"):
                self.facts[model, fact.association_id].append(fact)

    def news_in(self, fact):
        """What `fact` adds: `changed` (a new value), `confirmed` (newer evidence of it), `unchanged`."""
        same = [
            old for old in self.facts[type(fact), fact.association_id] if _says_the_same(old, fact)
        ]
        if not same:
            return "changed"
        latest = max(same, key=lambda old: (old.attested_on or old.valid_from, old.pk))
        # A name or a number is said once: it is the entry's, whoever repeats it.
        is_repeatable = not isinstance(fact, Name | Identifier)
        if is_repeatable and fact.attested_on > (latest.attested_on or latest.valid_from):
            return "confirmed"
        if fact.checked_on and (latest.checked_on is None or latest.checked_on < fact.checked_on):
            latest.checked_on = fact.checked_on
            self.checked[type(fact)].append(latest)
        return "unchanged"

    def save_checks(self):
        """Save the checks that the file tells of; return the keys of the associations."""
        for model, facts in self.checked.items():
            model.objects.bulk_update(facts, ["checked_on"], batch_size=200)
        return {fact.association_id for facts in self.checked.values() for fact in facts}

    def make_room_for_names(self, names):
        """One official name at a time: of an old and a new one, that of the older evidence is past."""
        past = []
        for name in names:
            for old in self.facts[Name, name.association_id]:
                is_open = old.type == name.type == Name.Type.OFFICIAL and not old.valid_to
                if is_open and not old.is_past:
                    if name.attested_on >= (old.attested_on or old.valid_from):
                        old.is_past = True
                        past.append(old)
                    else:
                        name.type = Name.Type.FORMER
        Name.objects.bulk_update(past, ["is_past"], batch_size=200)


def _says_the_same(old, new):
    """Whether the known fact `old` says all that `new` says."""
    match new:
        case Name():
            return old.name == new.name
        case Identifier():
            return (old.scheme, old.value) == (new.scheme, new.value)
        case Address():
            return all(getattr(new, part) in ("", getattr(old, part)) for part in PLACE)
        case ContactPoint():
            same = old.value == new.value or (old.e164 and old.e164 == new.digits())
            return old.type == new.type and same
        case OfficeHolder():
            return (old.role, old.name) == (new.role, new.name)
        case Affiliation():
            return old.parent_id == new.parent_id
