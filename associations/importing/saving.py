"""Good rows into the database, a batch at a time."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

from anyascii import anyascii
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from ..changes import insert_related
from ..models import (
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
from ..search import sort_key
from .known import PLACE, Above, Known
from .rows import AssociationRow, Row

SLUG_LENGTH = 80
SOURCES_KEPT = 1000
FILLED_IN = ("description_it", "description_en", "founding_date")


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


class Importer:
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

    def good_rows(self, records):
        form = AssociationRow()
        for line, cells, header in records:
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
        """Save a batch of good rows; the number of queries does not depend on their number."""
        rows = self.match(rows)
        rows = self.affiliate(rows)
        self.create([row for row in rows if row.is_new])
        self.add_facts(rows)
        self.put_in_sectors(rows)
        self.cite(rows)
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
        matched, keys = [], {}
        # Of the rows of this batch so far: their numbers; by the name of new ones, their registers.
        numbers, named = set(), defaultdict(list)
        for row in rows:
            key = by_identifier.get(row.identifier)
            scheme = row.identifier and row.identifier[0]
            if key is None:
                # With another number of the same register it is another body of the same name.
                alike = [k for k in by_name[row.key] if (k, scheme) not in schemes]
                if len(alike) > 1:
                    reason = _("%d entries have this name in this country: give an identifier.")
                    self.refuse(row.line, "name", reason % len(alike))
                    continue
                key = alike[0] if alike else None
            is_named_so = any(scheme is None or other != scheme for other in named[row.key])
            if row.identifier in numbers or (self.is_seen(key) if key else is_named_so):
                column = "identifier" if row.identifier else "name"
                self.refuse(row.line, column, _("This association stands in the file already."))
                continue
            if row.identifier:
                numbers.add(row.identifier)
            if key is None:
                named[row.key].append(scheme)
            keys[row.line] = key
            matched.append(row)
        associations = Association.objects.in_bulk(key for key in keys.values() if key is not None)
        good = []
        for row in matched:
            row.association = associations.get(keys[row.line])
            row.is_new = row.association is None
            if not row.is_new and row.association.state == Association.State.WITHDRAWN:
                self.report.withdrawn += 1
            elif not row.is_new and _is_founded_too_late(row):
                reason = _("An association cannot be dissolved before it is founded.")
                self.refuse(row.line, "founding_date", reason)
            else:
                good.append(row)
        return good

    def named_alike(self, rows):
        """`{(sort key, country): [keys]}` of the rows, and the `(key, scheme)` that these have."""
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
        """The rows whose confederation is found, in this batch too, or that name none."""
        asked = {row.told["confederation"] for row in rows} - {""}
        if not asked:
            return rows
        parents = self.confederations(asked)
        here = {}
        for row in rows:
            for name in filter(None, (row.told["acronym"], row.key[0])):
                here.setdefault(name, row)
        for row in rows:
            if text := row.told["confederation"]:
                row.parent = parents.get(text) or here.get(text) or here.get(sort_key(text))
        above = Above(rows)
        good = {row.line: row for row in rows}
        for row in rows:
            if row.parent and above.makes_a_circle(row):
                reason = _("This makes a circle of affiliations.")
                self.refuse(row.line, "confederation", reason)
                del good[row.line]
        # A refused row is no confederation either, nor is what would have belonged to it.
        while lost := [row for row in good.values() if _has_lost_its_confederation(row, good)]:
            for row in lost:
                reason = _("“%s” is neither in the directory nor in the file up to here.")
                self.refuse(row.line, "confederation", reason % row.told["confederation"])
                del good[row.line]
        return list(good.values())

    def confederations(self, texts):
        """`{text: key}` of those found by slug, name or acronym; confederations come first."""
        keys = {text: sort_key(text) for text in texts}
        wanted = set(filter(None, keys.values()))
        found = defaultdict(list)
        named = (
            Card.objects.at(texts),
            Card.objects.filter(sort_key__in=wanted),
            Card.objects.filter(acronym_key__in=wanted),
        )
        # Each by its own index; one that is found twice is the same.
        for card in {card.pk: card for cards in named for card in cards.order_by()}.values():
            rank = (card.kind not in ("confederation", "federation"), card.pk)
            for name in filter(None, (card.slug, card.sort_key, card.acronym)):
                found[name].append(rank)
        best = {}
        for text in texts:
            if ranked := found[text] or found[keys[text]]:
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
        """A slug for each row that no entry has or had: its name, then with place or number."""
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
        known = Known([row.association.pk for row in rows if not row.is_new])
        added = defaultdict(list)
        for row in rows:
            for fact in self.facts_of(row):
                news = "changed" if row.is_new else known.news_in(fact)
                if news != "unchanged":
                    fact.source_id = self.source_of(row.told).pk
                    added[type(fact)].append(fact)
                    row.learns(news)
            if not row.is_new and _fill_in(row):
                row.learns("changed")
        known.make_room_for_names(added[Name])
        for model, facts in added.items():
            model.objects.insert(facts)
        filled = [row.association for row in rows if row.fills_in]
        Association.objects.bulk_update(filled, [*FILLED_IN, "updated_at"], batch_size=100)
        checked = known.save_checks()
        for row in rows:
            if row.association.pk in checked:
                row.learns("confirmed")

    def facts_of(self, row):
        """The facts that a row states, unsaved and without their source."""
        told = row.told
        common = {
            "association_id": row.association.pk,
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
        """The source that a row names; the file itself where it names none."""
        identity = (
            told["source_title"] or self.file_name,
            told["source_url"],
            told["source_date"],
        )
        if identity not in self.sources:
            if len(self.sources) >= SOURCES_KEPT:
                self.sources.clear()
            title, url, published_on = identity
            self.sources[identity], _created = Source.objects.get_or_create(
                title=title, url=url, published_on=published_on, defaults={"seen_on": self.today}
            )
        return self.sources[identity]

    def cite(self, rows):
        """Where the columns of the entries come from that are no facts of their own."""
        About = Citation.About
        citations = [
            Citation(
                association_id=row.association.pk,
                about=about,
                source_id=self.source_of(row.told).pk,
            )
            for row in rows
            for about, is_told in (
                (About.DESCRIPTION, row.tells("description_it") or row.tells("description_en")),
                (About.FOUNDING_DATE, row.tells("founding_date")),
                (About.SECTORS, row.tells("sector")),
            )
            if is_told
        ]
        Citation.objects.insert(citations, on_conflict="ON CONFLICT DO NOTHING")

    def put_in_sectors(self, rows):
        """Add each row's sectors; a new one is called the same in both languages."""
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
        old = [row.association.pk for row in rows if row.told["sector"] and not row.is_new]
        held = through.objects.filter(association__in=old) if old else through.objects.none()
        held = set(held.values_list("association", "sector"))
        added = []
        for row in rows:
            slugs = map(_sector_slug, row.told["sector"])
            pairs = {(row.association.pk, self.sectors[slug]) for slug in slugs} - held
            added += [through(association_id=key, sector_id=sector) for key, sector in pairs]
            if pairs and not row.is_new:
                row.fills_in.append("sector")
                row.learns("changed")
        insert_related(through, added)


def _is_founded_too_late(row):
    """Whether the row would found an association after the end that the directory knows."""
    founded, dissolved = row.told["founding_date"], row.association.dissolution_date
    is_told = founded and dissolved and not row.association.founding_date
    return is_told and dissolved < founded and not founded.startswith(dissolved)


def _has_lost_its_confederation(row, good):
    if isinstance(row.parent, Row):
        return row.parent.line not in good
    return row.told["confederation"] and row.parent is None


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
    name = _slug(row.told["name"]) or "association"
    if len(name) > SLUG_LENGTH:
        name = name[:SLUG_LENGTH].rsplit("-", 1)[0]
    yield name
    if row.told["locality"]:
        yield f"{name[:60]}-{_slug(row.told['locality'])[:38]}".strip("-")
    if row.identifier:
        yield f"{name[:60]}-{_slug(row.identifier[1])[:38]}".strip("-")


@lru_cache(maxsize=10_000)
def _slug(text):
    return slugify(anyascii(text))


def _taken(slugs):
    taken = set(Association.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    return taken | set(FormerSlug.objects.filter(slug__in=slugs).values_list("slug", flat=True))


def _sector_slug(name):
    return _slug(name)[:60] or "other"
