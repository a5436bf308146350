"""The directory of a first visit: `fixtures/` into the database, once and for ever.

What was loaded once is never loaded again, whatever staff made of it since: edited, ended,
deleted or withdrawn. A later release adds the entries and facts that it ships anew, no more.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from .changes import insert_related, one_change
from .models import (
    Address,
    Affiliation,
    Association,
    Citation,
    ContactPoint,
    FormerSlug,
    Identifier,
    Name,
    OfficeHolder,
    Sector,
    ShippedItem,
    Source,
    Succession,
)

LISTS = {
    "names": Name,
    "identifiers": Identifier,
    "addresses": Address,
    "contact_points": ContactPoint,
    "office_holders": OfficeHolder,
    "affiliations": Affiliation,
    "successions": Succession,
    "citations": Citation,
}
COLUMNS = (
    "kind",
    "state",
    "description_it",
    "description_en",
    "founding_date",
    "dissolution_date",
)


@dataclass
class Report:
    associations: int = 0
    facts: int = 0
    left_alone: int = 0


def load(sectors, directory):
    """Load of these files (paths) what never was; return a `Report`. One transaction."""
    report = Report()
    labels = json.loads(sectors.read_text(encoding="utf-8"))["sectors"]
    shipped = json.loads(directory.read_text(encoding="utf-8"))
    with one_change(comment=directory.name):
        loaded = set(ShippedItem.objects.values_list("digest", flat=True))
        entries = shipped["associations"]
        fresh = [entry for entry in entries if _digest(entry["slug"]) not in loaded]
        created = _create(fresh, report)
        _put_in_sectors(fresh, created, _sectors(labels) if created else {})
        _add_facts(entries, created, loaded, _Sources(shipped["sources"]), report)
    return report


def _create(entries, report):
    """Create the entries that nobody made before; return them by slug."""
    slugs = [entry["slug"] for entry in entries]
    taken = set(Association.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    taken |= set(FormerSlug.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    rows = [
        Association(slug=entry["slug"], **{column: entry[column] for column in COLUMNS})
        for entry in entries
        if entry["slug"] not in taken
    ]
    created = {row.slug: row for row in Association.objects.bulk_create(rows)}
    ShippedItem.objects.bulk_create(ShippedItem(digest=_digest(slug)) for slug in created)
    report.associations = len(created)
    report.left_alone += len(slugs) - len(created)
    return created


def _sectors(labels):
    known = {sector.slug: sector for sector in Sector.objects.all()}
    missing = [Sector(**label) for label in labels if label["slug"] not in known]
    return known | {sector.slug: sector for sector in Sector.objects.bulk_create(missing)}


def _put_in_sectors(entries, created, sectors):
    through = Association.sectors.through
    rows = [
        through(association_id=created[entry["slug"]].pk, sector_id=sectors[slug].pk)
        for entry in entries
        if entry["slug"] in created
        for slug in entry["sectors"]
    ]
    insert_related(through, rows)


def _add_facts(entries, created, loaded, sources, report):
    known = _by_slug([entry["slug"] for entry in entries])
    rows, digests = defaultdict(list), []
    for entry in entries:
        if entry["slug"] not in created and _digest(entry["slug"]) not in loaded:
            continue  # staff made it themselves, with facts of their own
        association = known.get(entry["slug"])
        for name, model in LISTS.items():
            for shipped in entry.get(name, ()):
                digest = _digest(entry["slug"], name, shipped)
                if digest in loaded:
                    continue
                digests.append(digest)
                if association is None or association.state == Association.State.WITHDRAWN:
                    report.left_alone += 1
                    continue
                row = _fact(model, association, shipped, known, sources)
                if row is None:
                    report.left_alone += 1
                # A number of a new entry may be another entry's already.
                elif entry["slug"] in created and model is not Identifier:
                    rows[model].append(row)
                elif _fits(row):
                    row.save()
                    report.facts += 1
                else:
                    report.left_alone += 1
    for model, fresh in rows.items():
        model.objects.bulk_create(fresh)
        report.facts += len(fresh)
    ShippedItem.objects.bulk_create(ShippedItem(digest=digest) for digest in digests)


def _by_slug(slugs):
    """Associations by these slugs, whether they have them still or had them once."""
    former = FormerSlug.objects.filter(slug__in=slugs, association__isnull=False)
    found = {row.slug: row.association for row in former.select_related("association")}
    return found | {row.slug: row for row in Association.objects.filter(slug__in=slugs)}


def _fact(model, association, shipped, known, sources):
    """A shipped fact, unsaved; None where the other entry that it is about was deleted."""
    values = {**shipped, "association": association, "source": sources[shipped["source"]]}
    if model is Affiliation:
        values["parent"] = known.get(shipped["parent"])
        return model(**values) if values["parent"] else None
    if model is Succession:
        predecessor, successor = values.pop("predecessor"), shipped["successor"]
        values["association"] = known.get(predecessor)
        values["successor"] = known.get(successor)
        values["valid_from"] = values.pop("date")
        is_whole = all(slug in known for slug in (predecessor, successor) if slug)
        return model(**values) if is_whole else None
    return model(**values)


def _fits(row):
    """Whether a new fact agrees with what staff made of its entry meanwhile."""
    try:
        row.full_clean()
    except ValidationError:
        return False
    return True


class _Sources(dict):
    """The sources by their keys in the file, each looked up or made when it is first needed."""

    def __init__(self, shipped):
        self.shipped = shipped
        super().__init__()

    def __missing__(self, key):
        told = self.shipped[key]
        identity = {name: told[name] for name in ("title", "url", "published_on")}
        rest = {"publisher": told["publisher"], "seen_on": told["seen_on"] or None}
        self[key], _created = Source.objects.get_or_create(**identity, defaults=rest)
        return self[key]


def _digest(*parts):
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
