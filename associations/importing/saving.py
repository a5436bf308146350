"""Good rows into the database, a batch at a time."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain, count

from django.utils import timezone
from django.utils.translation import gettext as _

from ..changes import flush, in_batches, insert_related
from ..inserting import unsaved
from ..models import (
    Address,
    Affiliation,
    Association,
    Card,
    Citation,
    ContactPoint,
    Identifier,
    Name,
    OfficeHolder,
    Sector,
    Source,
)
from ..search import sort_key
from ..slugs import slug_of, taken
from .answers import ADDED
from .known import PLACE, Above, Known
from .matching import Matcher
from .rows import COLUMNS, AssociationRow, Coming, Row

SLUG_LENGTH = 80
SOURCES_KEPT = 1000
MOST_WAITING = 100_000
# The types of contact points, and whether they are dialled in a country.
CONTACTS = [(type.value, type.value in ("phone", "fax")) for type in ContactPoint.Type]
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
    """With `answers`, what is not known in a row is asked in it, or is as somebody said."""

    def __init__(
        self,
        file_name,
        *,
        draft,
        on_error,
        on_note,
        skip_unknown_parents=False,
        answers=None,
        **matching,
    ):
        self.file_name = file_name
        self.draft = draft
        self.skip_unknown_parents = skip_unknown_parents
        self.on_error = on_error
        self.on_note = on_note
        self.answers = answers
        self.report = Report()
        self.today = timezone.localdate()
        self.sources = {}
        self.sectors = {}
        self.matcher = Matcher(self.refuse, **matching)
        # What the names of earlier rows stand for, where these are not saved between the batches.
        self.coming = {}
        self.above = defaultdict(set) if self.matcher.remembers else None
        # `(line, confederation, affiliation without it)` of rows that wait for one further down.
        self.waiting = []

    # reading

    def good_rows(self, rows):
        """Those of the `rows`, as `taking_apart.prepare()` gives them, that can be saved."""
        form = AssociationRow()
        for line, cells, notes in rows:
            for note in notes:
                self.on_note(line, note.field, note.text)
            if form.read(cells):
                yield Row(line, form.cleaned_data)
            else:
                self.refuse_all(line, form.errors)

    def refuse_all(self, line, errors):
        self.report.errors += 1
        found = errors.as_data()
        for column in sorted(found, key=("__all__", *COLUMNS).index):
            reasons = found[column]
            for reason in reasons:
                self.on_error(
                    line, "" if column == "__all__" else column, " ".join(reason.messages)
                )

    def refuse(self, line, column, reason):
        self.report.errors += 1
        self.on_error(line, column, reason)

    # planning

    def plan(self, rows):
        """The good rows of a batch, each with what it would change; nothing is written.

        The number of queries does not depend on the number of rows.
        """
        rows = self.affiliate([row for row in self.matcher.match(rows) if self.may_change(row)])
        self.weigh([row for row in rows if not row.is_new])
        if self.matcher.remembers:
            for row in rows:
                for name in _names_of(row):
                    self.coming.setdefault(name, Coming(row.line))
        return rows

    def may_change(self, row):
        """Whether the row's entry is one that an import may complete, by what the row tells."""
        if row.is_new:
            return True
        if row.association.state == Association.State.WITHDRAWN:
            row.is_withdrawn = True
            self.report.withdrawn += 1
            return False
        if _is_founded_too_late(row):
            reason = _("An association cannot be dissolved before it is founded.")
            self.refuse(row.line, "founding_date", reason)
            return False
        return True

    def affiliate(self, rows):
        """The rows whose confederation is found, in this batch too, or that name none."""
        asked = {text for row in rows for text in row.told["confederation"]}
        if not asked:
            return rows
        parents = self.confederations(asked)
        here = {}
        for row in rows:
            for name in _names_of(row):
                here.setdefault(name, row)
        for row in rows:
            for text in row.told["confederation"]:
                found = parents.get(text) or called(here, text) or self.in_file(text)
                row.confederations[text] = found or self.added(text)
        above = Above(rows, self.above)
        good = {row.line: row for row in rows}
        for row in rows:
            for text, parent in list(row.confederations.items()):
                if parent and above.makes_a_circle(row, parent):
                    self.doubt(row, text, good, _("“%s”: this makes a circle of affiliations."))
        # A refused row is no confederation either, nor is what would have belonged to it.
        while lost := [pair for row in good.values() for pair in _lost(row, good)]:
            for row, text in lost:
                self.doubt(row, text, good, self.unknown())
                if self.answers is None:
                    row.awaited.append(text)
        return list(good.values())

    def unknown(self):
        if self.answers is None:
            return _("“%s” is neither in the directory nor in the file up to here.")
        return _("“%s” is neither in the directory nor in a row of this file that goes in.")

    def added(self, text):
        """A confederation that is to be added, as somebody said, where it is not yet."""
        is_added = self.answers is not None and self.is_to_be_added(text)
        return Coming(0) if is_added else None

    def is_to_be_added(self, text):
        is_wanted = self.answers.to("confederation", text) == ADDED
        return is_wanted and bool(sort_key(text)) and not self.in_file(text)

    def in_file(self, text):
        """The association of another row that this text calls, where it is not saved yet."""
        return called(self.coming, text)

    def leave_out(self, lines):
        """What these rows would have brought does not come; return it, by name."""
        lost = {name: row for name, row in self.coming.items() if row.line in lines}
        for name in lost:
            del self.coming[name]
        return lost

    def doubt(self, row, text, good, reason):
        """A confederation that cannot be: the row is refused, or asks, or goes without it."""
        if self.answers is not None:
            del row.confederations[text]
            if self.answers.to("confederation", text) is None:
                row.asked.append(["confederation", text, reason % text])
            else:
                reason = _("“%s” is left out, as decided.")
                self.on_note(row.line, "confederation", reason % text, text)
        elif self.skip_unknown_parents:
            del row.confederations[text]
            self.on_note(row.line, "confederation", reason % text)
        elif row.line in good:
            self.refuse(row.line, "confederation", reason % text)
            del good[row.line]

    def confederations(self, texts):
        """`{text: key}` of those found by slug, else by name or acronym, confederations first."""
        keys = {text: (sort_key(text), sort_key(_without_acronym(text))) for text in texts}
        wanted = {key for both in keys.values() for key in both if key}
        by_slug, found = defaultdict(list), defaultdict(list)
        named = (
            Card.objects.at(texts),
            Card.objects.filter(sort_key__in=wanted),
            Card.objects.filter(acronym_key__in=wanted),
        )
        # Each by its own index; one that is found twice is the same.
        for card in {card.pk: card for cards in named for card in cards.order_by()}.values():
            rank = (card.kind not in ("confederation", "federation"), card.pk)
            by_slug[card.slug].append(rank)
            for name in filter(None, (card.sort_key, card.acronym_key)):
                found[name].append(rank)
        best = {}
        for text in texts:
            whole, short = keys[text]
            if ranked := by_slug[text] or found[whole] or found[short]:
                best[text] = min(ranked)[1]
        if self.answers is not None:
            best |= self.answers.entries(texts - best.keys())
        return best

    def weigh(self, rows):
        """Note on each row of a known entry what it adds to what the directory says, and ends."""
        known = Known([row.association.pk for row in rows])
        for row in rows:
            for fact in self.facts_of(row):
                known.weigh(row, fact)
            known.end(row)
            for name in FILLED_IN:
                if row.told[name] and not getattr(row.association, name):
                    row.fills_in.append(name)
                    row.learns("changed")
        self.weigh_sectors(rows)

    # writing

    def save(self, rows):
        """Save a batch of good rows; the number of queries does not depend on their number."""
        self.write(self.plan(rows))

    def write(self, rows):
        """Save what was planned for these rows of one batch."""
        self.create([row for row in rows if row.is_new])
        self.add_facts(rows)
        self.put_in_sectors(rows)
        self.cite(rows)
        self.wait(rows)
        for row in rows:
            setattr(self.report, row.outcome, getattr(self.report, row.outcome) + 1)

    def wait(self, rows):
        """Keep which rows wait for a confederation further down in the file."""
        for row in rows:
            for text in row.awaited:
                if len(self.waiting) < MOST_WAITING:
                    affiliation = Affiliation(
                        association_id=row.association.pk,
                        attested_on=row.told["source_date"],
                        checked_on=row.told["checked_on"],
                        source_id=self.source_of(row.told).pk,
                    )
                    self.waiting.append((row.line, text, affiliation))

    def affiliate_those_waiting(self):
        """Put rows under the confederations that stood below them in the file.

        Else the same file would change something when it is imported again.
        """
        parents = self.confederations({text for _line, text, _affiliation in self.waiting})
        rows = []
        for line, text, affiliation in self.waiting:
            if parent := parents.get(text):
                affiliation.parent_id = parent
                association = Association(pk=affiliation.association_id)
                rows.append(
                    (Row(line, {}, association, confederations={text: parent}), affiliation)
                )
        above = Above([row for row, _affiliation in rows])
        known_now = (
            affiliation
            for row, affiliation in rows
            if affiliation.parent_id not in above.parents[affiliation.association_id]
            and not above.makes_a_circle(row, affiliation.parent_id)
        )
        for batch in in_batches(known_now):
            Affiliation.objects.insert(batch)
            flush()
        self.waiting.clear()

    def create(self, rows):
        """The associations of these rows: public ones, but with `draft`."""
        state = Association.State.DRAFT if self.draft else Association.State.PUBLIC
        for row, slug in zip(rows, self.free_slugs(rows), strict=True):
            told = row.told
            row.association = unsaved(
                Association,
                slug=slug,
                state=state,
                kind=told["kind"] or Association.Kind.ASSOCIATION,
                description_it=told["description_it"],
                description_en=told["description_en"],
                founding_date=told["founding_date"],
            )
        Association.objects.insert([row.association for row in rows])
        for row in rows:
            self.matcher.is_seen(row.association.pk)

    def free_slugs(self, rows):
        """A slug for each row that no entry has or had: its name, then with place or number."""
        wanted = Counter(next(_slugs(row)) for row in rows)
        asked = set(wanted)
        held = taken(asked)
        # Most get the first that they want: only of others is it asked what else there is.
        for row in rows:
            first = next(_slugs(row))
            if first in held or wanted[first] > 1:
                asked.update(_slugs(row))
        held |= taken(asked - wanted.keys())

        def is_free(slug):
            if slug not in asked:
                asked.add(slug)
                held.update(taken({slug}))
            return slug not in held

        for row in rows:
            first = next(_slugs(row))
            numbered = (f"{first[:SLUG_LENGTH]}-{number}" for number in count(2))
            slug = next(filter(is_free, chain(_slugs(row), numbered)))
            held.add(slug)
            yield slug

    def add_facts(self, rows):
        # What ends makes room before the next takes its place: one official name at a time.
        for model, ended in _by_model(row.ended for row in rows).items():
            model.objects.bulk_update(ended, ["is_past"], batch_size=200)
        for model, checked in _by_model(row.checked for row in rows).items():
            model.objects.bulk_update(checked, ["checked_on"], batch_size=200)
        added = defaultdict(list)
        for row in rows:
            told = self.facts_of(row) if row.is_new else (fact for fact, _shown in row.facts)
            for fact in told:
                fact.source_id = self.source_of(row.told).pk
                if isinstance(fact, Affiliation):
                    # Perhaps its key is known only now: it was new, too.
                    fact.parent_id = _key_of(row.confederations[fact.called])
                    if fact.parent_id is None:
                        self.waiting.append((row.line, fact.called, fact))
                        continue
                added[type(fact)].append(fact)
        for model, facts in added.items():
            model.objects.insert(facts)
        filled = [row.association for row in rows if _fill_in(row)]
        Association.objects.bulk_update(filled, [*FILLED_IN, "updated_at"], batch_size=100)

    def facts_of(self, row):
        """The facts that a row states, unsaved and without their source."""
        told = row.told
        common = {
            "association_id": row.association.pk,
            "attested_on": told["source_date"],
            "checked_on": told["checked_on"],
        }
        yield unsaved(Name, type=Name.Type.OFFICIAL, name=told["name"], **common)
        if told["acronym"] and told["acronym"] != told["name"]:
            yield unsaved(Name, type=Name.Type.ACRONYM, name=told["acronym"], **common)
        for column, type in (("other_names", Name.Type.OTHER), ("former_names", Name.Type.FORMER)):
            for name in told[column]:
                yield unsaved(Name, type=type, name=name, **common)
        for scheme, value in row.identifiers:
            yield unsaved(Identifier, scheme=scheme, value=value, **common)
        place = {part: told[part] for part in PLACE}
        if any(place.values()):
            yield unsaved(Address, **place, **common)
        for type, is_dialled in CONTACTS:
            country = told["country"] if is_dialled else ""
            for value in told[type]:
                yield unsaved(ContactPoint, type=type, value=value, country=country, **common)
        if told["president"]:
            dates = {"attested_on": told["president_as_of"] or told["source_date"]}
            yield unsaved(
                OfficeHolder,
                role=told["president_role"] or OfficeHolder.Role.PRESIDENT,
                title=told["president_title"],
                honorific_prefix=told["president_prefix"],
                name=told["president"],
                valid_from=told["president_since"],
                **{**common, **dates},
            )
        for officer in told["officers"]:
            yield unsaved(OfficeHolder, **officer, **common)
        for text, parent in row.confederations.items():
            affiliation = unsaved(Affiliation, parent_id=_key_of(parent), **common)
            affiliation.called = text
            yield affiliation

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
            unsaved(
                Citation,
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

    def weigh_sectors(self, rows):
        """Note which sectors are new to these known entries."""
        rows = [row for row in rows if row.told["sector"]]
        keys = [row.association.pk for row in rows]
        through = Association.sectors.through.objects.filter(association__in=keys)
        held = set(through.values_list("association", "sector__slug")) if keys else set()
        for row in rows:
            row.sectors = {
                slug: name
                for slug, name in _sectors(row).items()
                if (row.association.pk, slug) not in held
            }
            if row.sectors:
                row.fills_in.append("sector")
                row.learns("changed")

    def put_in_sectors(self, rows):
        """Add each row's sectors; a new one is called the same in both languages."""
        lacking = [(row, _sectors(row) if row.is_new else row.sectors) for row in rows]
        asked = {slug: name for _row, sectors in lacking for slug, name in sectors.items()}
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
        added = [
            unsaved(through, association_id=row.association.pk, sector_id=self.sectors[slug])
            for row, sectors in lacking
            for slug in sectors
        ]
        insert_related(through, added)


def _names_of(row):
    """By what later rows may call it."""
    return filter(None, (row.told["slug"], row.told["acronym"], row.key[0]))


def called(found, text):
    """What a text calls, of these by their names."""
    names = text, sort_key(text), sort_key(_without_acronym(text))
    return next((found[name] for name in names if name in found), None)


def _sectors(row):
    """`{slug: name}` of the row's sectors."""
    return {_sector_slug(name): name for name in row.told["sector"]}


def _by_model(lists):
    """`{model: its facts}` of these lists of facts."""
    found = defaultdict(list)
    for facts in lists:
        for fact in facts:
            found[type(fact)].append(fact)
    return found


def _key_of(parent):
    """The key of a confederation; None of one that is not saved yet."""
    if isinstance(parent, Row):
        return parent.association.pk if parent.association else None
    return None if isinstance(parent, Coming) else parent


def _is_founded_too_late(row):
    """Whether the row would found an association after the end that the directory knows."""
    founded, dissolved = row.told["founding_date"], row.association.dissolution_date
    is_told = founded and dissolved and not row.association.founding_date
    return is_told and dissolved < founded and not founded.startswith(dissolved)


def _lost(row, good):
    """The confederations of the row that are none, or that were refused themselves."""
    for text, parent in row.confederations.items():
        if parent is None or (isinstance(parent, Row) and parent.line not in good):
            yield row, text


def _fill_in(row):
    """Put into the entry what it lacks and the row tells; return whether there was anything."""
    for name in row.fills_in:
        if name in FILLED_IN:
            setattr(row.association, name, row.told[name])
    if row.fills_in:
        row.association.updated_at = timezone.now()
    return bool(row.fills_in)


def _slugs(row):
    """The slugs that a new entry might have, the plainest first."""
    if row.told["slug"]:
        yield row.told["slug"]
    name = slug_of(row.told["name"]) or "association"
    if len(name) > SLUG_LENGTH:
        name = name[:SLUG_LENGTH].rsplit("-", 1)[0]
    yield name
    if row.told["locality"]:
        yield f"{name[:60]}-{slug_of(row.told['locality'])[:38]}".strip("-")
    if row.identifier:
        yield f"{name[:60]}-{slug_of(row.identifier[1])[:38]}".strip("-")


def _without_acronym(text):
    """As in “Confederazione generale (CGII)”."""
    return re.sub(r"\s*\([^()]*\)$", "", text)


def _sector_slug(name):
    return slug_of(name)[:60].strip("-") or "other"
