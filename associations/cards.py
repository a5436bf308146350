"""The current card of an association: derived from its facts by one function, `build()`."""

from collections import defaultdict

from django.db import models
from django.utils import timezone

from . import columns, countries, phones
from .changes import in_batches, one_change
from .composed import composed_once
from .dates import evidence, holds, next_boundary
from .inserting import insert_values
from .models import (
    Address,
    Affiliation,
    Association,
    Card,
    ContactPoint,
    DataVersion,
    Identifier,
    Name,
    OfficeHolder,
)
from .models.people import HEADS
from .search import documents, vocabulary
from .search.text import sort_key

BATCH = 2000
# Of so many, those that are new may make another way to look them up the quicker one.
MANY = 100
VALIDITY = ("valid_from", "valid_to", "attested_on", "is_past", "checked_on")


def refresh(keys, are_news=True):
    """Write the cards of the associations with these keys anew; return how many.

    In one transaction with what follows from it: the cards that name one of them as confederation.
    From now on they are told to have changed at this moment, unless none of it `are_news`.
    """
    written = 0
    with one_change() as change:
        for batch in in_batches(keys, BATCH):
            written += _write(batch, are_news)
            renamed = _cards_with_another_name_of(batch)
            while renamed:
                written += _write(renamed[:BATCH], are_news)
                renamed = renamed[BATCH:]
        change.is_made |= written > 0
    return written


def catch_up(version=None):
    """Write the cards anew that the calendar has made wrong since; return how many.

    One query on an index where there is none, which is the case but for the first call of a day;
    and none at all if it was asked already under this `version` of the data.
    """
    today = timezone.localdate()
    if version is not None and _caught_up[0] == (version, today):
        return 0
    outdated = [key for (key,) in _outdated(today)]
    written = refresh(outdated) if outdated else 0
    _caught_up[0] = (version, today)
    return written


_caught_up = [None]


@composed_once(Card)
def _outdated(day):
    return Card.objects.outdated(day).order_by().values_list("pk")


def differences():
    """The slugs of the associations whose card is missing or not what `build()` makes of it."""
    keys = Association.objects.order_by("pk").values_list("pk", flat=True)
    for batch in in_batches(keys.iterator(chunk_size=BATCH), BATCH):
        kept = {
            row["association_id"]: row for row in Card.objects.filter(pk__in=batch).values(*BLANK)
        }
        cards, sets = _derived(batch)
        packed_wrongly = set(columns.differences(cards, sets))
        for card in cards:
            key = card["association_id"]
            if kept.get(key) != card or key in packed_wrongly:
                yield card["slug"]


def build(keys):
    """The cards, unsaved, of the associations with these keys as their facts stand today.

    At most `BATCH` keys; a constant number of queries.
    """
    return [Card(**values) for values in _derived(keys)[0]]


def _derived(keys):
    """The same as `{column: value}` of each, and the `_sets()` of each."""
    today = timezone.localdate()
    day = today.isoformat()
    keys = list(keys)
    facts = _facts(keys)
    above = {row["parent"] for rows in facts[Affiliation].values() for row in rows}
    named = _names(keys, facts[Name], day) | _names(above - set(keys), None, day)
    states = dict(Association.objects.filter(pk__in=above).values_list("pk", "state"))
    slugs = dict(Association.objects.filter(pk__in=above).values_list("pk", "slug"))
    rows = Association.objects.filter(_among(keys, "pk")).values("pk", "slug", "kind", "state")
    cards = [_card(row, facts, named, states, slugs, today, day) for row in rows]
    return cards, _sets(keys, facts[Affiliation], day)


def _sets(keys, affiliations, day):
    """`{association: {"confederation": keys, "sector": keys}}`: what it has several of."""
    found = {
        key: {
            "confederation": {row["parent"] for row in _holding(affiliations[key], day)},
            "sector": set(),
        }
        for key in keys
    }
    through = Association.sectors.through.objects.filter(_among(keys))
    for association, sector in through.values_list("association", "sector"):
        found[association]["sector"].add(sector)
    return found


COLUMNS = {
    Name: ("type", "name", "language"),
    Identifier: ("scheme", "value"),
    Address: ("street_address", "postal_code", "locality", "region", "country"),
    ContactPoint: ("type", "value", "country", "e164"),
    OfficeHolder: ("role", "honorific_prefix", "name"),
    Affiliation: ("parent", "status"),
}


def _facts(keys):
    """`{model: {association: [row as a dict, …]}}`: all their facts, a query for each table."""
    found = {}
    for model, told in COLUMNS.items():
        found[model] = grouped = defaultdict(list)
        rows = model.objects.filter(_among(keys)).order_by("pk")
        for row in rows.values("association", *told, *VALIDITY):
            grouped[row["association"]].append(row)
    return found


def _among(keys, column="association"):
    """The condition that a column is one of these keys."""
    distinct = set(keys)
    if len(distinct) > 1 and max(distinct) - min(distinct) == len(distinct) - 1:
        # Those of an import follow each other: a thousand of them are as quickly said as two.
        return models.Q((f"{column}__gte", min(distinct)), (f"{column}__lte", max(distinct)))
    return models.Q((f"{column}__in", distinct))


def _holding(rows, day):
    """Of these rows those that hold on `day`, the latest evidence first."""
    held = [
        row
        for row in rows
        if not row["is_past"] and holds(row["valid_from"], row["valid_to"], row["attested_on"], day)
    ]
    if len(held) > 1:
        held.sort(key=lambda row: _evidence(row, day), reverse=True)
    return held


def _evidence(row, day):
    return evidence(row["valid_from"], row["attested_on"], day)


def _names(keys, facts, day):
    """`{association: (name row or None, acronym row or None)}` for these associations."""
    if facts is None:
        facts = defaultdict(list)
        rows = Name.objects.filter(association__in=keys).order_by("pk")
        for row in rows.values("association", *COLUMNS[Name], *VALIDITY):
            facts[row["association"]].append(row)
    return {key: _name_and_acronym(facts[key], day) for key in keys}


def _name_and_acronym(rows, day):
    held = _holding(rows, day)
    official = [row for row in held if row["type"] == Name.Type.OFFICIAL]
    # A body is never nameless: where no official name holds today, the last one known stands.
    official = official or [row for row in reversed(rows) if row["type"] == Name.Type.OFFICIAL]
    official = official or held or rows
    acronyms = [row for row in held if row["type"] == Name.Type.ACRONYM]
    return (official[0] if official else None, acronyms[0] if acronyms else None)


# The last column is not: when it was changed.
DERIVED = Card._meta.concrete_fields[:-1]
BLANK = {field.attname: field.get_default() for field in DERIVED}


def _card(association, facts, named, states, slugs, today, day):
    key = association["pk"]
    own = {model: facts[model][key] for model in COLUMNS}
    held = {model: _holding(rows, day) for model, rows in own.items()}
    name, acronym = named[key]
    address = next(iter(held[Address]), None)
    contact = {row["type"]: row for row in reversed(held[ContactPoint])}
    phone = contact.get(ContactPoint.Type.PHONE)
    email = contact.get(ContactPoint.Type.EMAIL)
    website = contact.get(ContactPoint.Type.WEBSITE)
    heads = [row for row in held[OfficeHolder] if row["role"] in HEADS]
    heads.sort(key=lambda row: HEADS.index(row["role"]))
    heads.sort(key=lambda row: _evidence(row, day), reverse=True)
    head = heads[0] if heads else None
    affiliation = next(iter(held[Affiliation]), None)
    shown = [name, acronym, address, phone, email, website, head, affiliation]
    shown = [row for row in shown if row]
    checks = [row["checked_on"] for row in shown]
    title = name["name"] if name else association["slug"]
    card = {
        **BLANK,
        "association_id": key,
        "slug": association["slug"],
        "kind": association["kind"],
        "state": association["state"],
        "name": title,
        "language": name["language"] if name else "",
        "acronym": acronym["name"] if acronym else "",
        "checked_on": min(checks) if checks and None not in checks else None,
        "as_of": max((_evidence(row, day) for row in shown), default=""),
        "changes_on": _changes_on(own, today),
        "search_text": _search_text(own, day),
        "sort_key": sort_key(title),
        "acronym_key": sort_key(acronym["name"]) if acronym else "",
        "email": email["value"] if email else "",
        "website": website["value"] if website else "",
    }
    if address:
        card["country"] = address["country"]
        card["region"] = address["region"]
        card["locality"] = address["locality"]
    if phone:
        card["phone"] = phone["value"]
        card["phone_country"] = phone["country"] or card["country"]
        card["phone_as_of"] = _evidence(phone, day)
    if head:
        card["president"] = " ".join(filter(None, (head["honorific_prefix"], head["name"])))
        card["president_role"] = head["role"]
        # One person in one office: a later source need not repeat since when.
        same = [row for row in heads if (row["role"], row["name"]) == (head["role"], head["name"])]
        card["president_since"] = next((r["valid_from"] for r in same if r["valid_from"]), "")
        card["president_as_of"] = head["attested_on"] if head["attested_on"] <= day else ""
    if affiliation:
        parent = affiliation["parent"]
        parent_name, parent_acronym = named[parent]
        card["confederation_id"] = parent
        short = parent_acronym or parent_name
        card["confederation_name"] = short["name"] if short else slugs.get(parent, "")
        is_public = states.get(parent) in (Association.State.PUBLIC, Association.State.CLOSED)
        card["confederation_slug"] = slugs.get(parent, "") if is_public else ""
        card["confederation_status"] = affiliation["status"]
    return card


def _changes_on(own, today):
    day = today.isoformat()
    dates = (
        next_boundary(row["valid_from"], row["valid_to"], row["attested_on"], today)
        for rows in own.values()
        for row in rows
        if row["valid_to"] or row["valid_from"] > day or row["attested_on"] > day
    )
    return min(filter(None, dates), default=None)


MARKS = {
    Name.Type.OFFICIAL: documents.OFFICIAL,
    Name.Type.ACRONYM: documents.ACRONYM,
    Name.Type.FORMER: documents.FORMER,
    Name.Type.TRANSLATED: documents.TRANSLATED,
    Name.Type.OTHER: documents.OTHER,
}


def _search_text(own, day):
    """The document by which `search` finds an association: names, people, places, numbers."""
    return documents.document(
        [
            *((_mark(row, day), row["name"]) for row in own[Name]),
            *((documents.PERSON, row["name"]) for row in own[OfficeHolder]),
            *((documents.PLACE, row[part]) for row in own[Address] for part in PLACE),
            *((documents.PLACE, name) for row in own[Address] for name in _country(row)),
            *((documents.NUMBER, text) for row in own[ContactPoint] for text in _numbers(row)),
            *((documents.NUMBER, row["value"]) for row in own[Identifier]),
        ]
    )


PLACE = ("locality", "region", "postal_code")


def _mark(row, day):
    is_over = row["is_past"] or (row["valid_to"] and not holds("", row["valid_to"], "", day))
    return documents.FORMER if is_over else MARKS[row["type"]]


def _country(row):
    return countries.names_of(row["country"])


def _numbers(row):
    """A telephone number as dialled from abroad and at home, and as it was typed; other contact
    points as words."""
    if not row["e164"]:
        return [row["value"]]
    typed = "".join(c for c in row["value"] if c.isdecimal())
    return [row["e164"], phones.within_its_country(row["e164"]), typed]


WRITTEN = [field for field in Card._meta.concrete_fields if not field.primary_key]
REPLACE = "ON CONFLICT (association_id) DO UPDATE SET " + ", ".join(
    f"{field.column} = excluded.{field.column}" for field in WRITTEN
)


def _write(keys, are_news):
    # Locked, so that no other transaction takes the same words off the vocabulary; and before the
    # facts are read, so that what it makes of them meanwhile is not overwritten by what they were.
    old = Card.objects.filter(_among(keys, "pk")).select_for_update().order_by("pk")
    old = list(old.values_list("pk", "changed_at", "search_text"))
    cards, sets = _derived(keys)
    texts = [text for _key, _changed_at, text in old]
    vocabulary.count(old=texts, new=[card["search_text"] for card in cards])
    now = timezone.now()
    kept = {} if are_news else {key: changed_at for key, changed_at, _text in old}
    rows = [(*card.values(), kept.get(card["association_id"], now)) for card in cards]
    insert_values(Card, rows, on_conflict=REPLACE)
    columns.write(cards, sets)
    if len(cards) > MANY:
        DataVersion.objects.plan_anew()
    return len(cards)


def _cards_with_another_name_of(keys):
    """Keys of the cards whose confederation is one of these, and is called otherwise by now."""
    called = Card.objects.filter(pk=models.OuterRef("confederation"))
    public = models.Q(state__in=(Association.State.PUBLIC, Association.State.CLOSED))
    called = called.annotate(
        # Rows call it by the short name under which people know it.
        called_name=models.Case(models.When(acronym="", then="name"), default="acronym"),
        called_slug=models.Case(
            models.When(public, then="slug"),
            default=models.Value(""),
            output_field=models.CharField(),
        ),
    )
    cards = Card.objects.filter(_among(keys, "confederation")).annotate(
        right_name=models.Subquery(called.values("called_name")),
        right_slug=models.Subquery(called.values("called_slug")),
    )
    wrong = ~models.Q(confederation_name=models.F("right_name")) | ~models.Q(
        confederation_slug=models.F("right_slug")
    )
    return list(cards.filter(wrong).order_by().values_list("pk", flat=True))
