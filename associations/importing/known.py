"""What the directory says already of the associations in a batch of rows."""

import re
from collections import defaultdict

from ..models import (
    Address,
    Affiliation,
    ContactPoint,
    Identifier,
    Name,
    OfficeHolder,
)
from ..models.contacts import host
from ..models.facts import iso_day
from ..search import words
from .rows import ENDED, Coming, Row

PLACE = ("street_address", "postal_code", "locality", "region", "country")


class Above:
    """What stands above the associations of a batch, in the database and in the batch itself."""

    def __init__(self, rows, parents=None):
        """A query for each level of affiliations that stands above these rows.

        `parents` are those of rows that were not saved: those of these rows are added to them.
        """
        self.parents = defaultdict(set) if parents is None else parents
        nodes = {_node(node) for row in rows if row.parents for node in (row, *row.parents)}
        level = known = {node for node in nodes if isinstance(node, int)}
        while level:
            held = Affiliation.objects.filter(association__in=level)
            pairs = list(held.values_list("association", "parent"))
            for key, parent in pairs:
                self.parents[key].add(parent)
            level = {parent for _key, parent in pairs} - known
            known = known | level

    def makes_a_circle(self, row, parent):
        """Whether the row's association already stands above its confederation; if not, adds it."""
        own, parent = _node(row), _node(parent)
        level, seen = {parent}, set()
        while level:
            if own in level:
                return True
            seen |= level
            level = {above for node in level for above in self.parents[node]} - seen
        self.parents[own].add(parent)
        return False


def _node(parent):
    """The key of an association; for one that is not saved yet, a mark of its row."""
    if isinstance(parent, Coming):
        return f"line {parent.line}"
    if isinstance(parent, Row):
        return f"line {parent.line}" if parent.is_new else parent.association.pk
    return parent


class Known:
    """What the directory says already of these associations: a query for each table."""

    MODELS = (Name, Identifier, Address, ContactPoint, OfficeHolder, Affiliation)

    def __init__(self, keys):
        self.facts = defaultdict(list)
        for model in self.MODELS if keys else ():
            for fact in model.objects.filter(association__in=keys).order_by("pk"):
                self.facts[model, fact.association_id].append(fact)

    def weigh(self, row, fact):
        """Note on its row what a fact adds to what is known, and what is over with it."""
        news = self.news_in(row, fact)
        if news == "unchanged":
            return
        row.facts.append((fact, self.shown_instead_of(fact)))
        row.learns(news)
        if isinstance(fact, Name):
            self.make_room_for(row, fact)
        elif isinstance(fact, Address):
            self.move(row, fact)

    def news_in(self, row, fact):
        """What `fact` adds: `changed` (a new value), `confirmed` (newer evidence), `unchanged`."""
        same = [old for old in self.of(fact) if _says_the_same(old, fact)]
        if not same or self.is_called_so_now(fact, same):
            return "changed"
        latest = max(same, key=lambda old: (_evidence(old), old.pk))
        if isinstance(fact, Address) and not _says_the_same(fact, latest):
            return "unchanged"  # it says less: neither news nor a check of the rest
        # A name or a number is said once: it is the entry's, whoever repeats it.
        # Nor is what the directory itself said, in one of its exports, any newer evidence of it.
        is_repeatable = not isinstance(fact, Name | Identifier) and not row.told["slug"]
        if is_repeatable and fact.attested_on > _evidence(latest):
            _quieten(fact, latest)
            return "confirmed"
        if fact.checked_on and (latest.checked_on is None or latest.checked_on < fact.checked_on):
            latest.checked_on = fact.checked_on
            row.checked.append(latest)
            row.learns("confirmed")
        return "unchanged"

    def of(self, fact):
        """The facts of the same table that are known of the same association."""
        return self.facts[type(fact), fact.association_id]

    def is_called_so_now(self, name, same):
        """Whether a name that was given up, or was but another one, is the official one now."""
        if not isinstance(name, Name) or name.type != Name.Type.OFFICIAL:
            return False
        if any(map(_is_open_official, same)):
            return False
        if not all(old.is_over() or old.type == Name.Type.OTHER for old in same):
            return False
        held = [_evidence(old) for old in self.of(name) if _is_open_official(old)]
        return bool(held) and name.attested_on > max(held)

    def make_room_for(self, row, name):
        """One official name at a time: of two, that of the older evidence is past."""
        for old in self.of(name):
            if name.type == Name.Type.OFFICIAL and _is_open_official(old):
                if name.attested_on >= _evidence(old):
                    _end(row, old)
                else:
                    name.type = Name.Type.FORMER

    def move(self, row, address):
        """Of two addresses that cannot both be right, the one shown so far is past, if it is older.

        Somebody who checked it after the date of the file knew better.
        """
        shown = self.shown(Address, address.association_id)
        if shown and _contradicts(shown, address) and address.attested_on > _evidence(shown):
            checked_on = shown.checked_on.isoformat() if shown.checked_on else ""
            if checked_on <= address.attested_on:
                _end(row, shown)

    def shown_instead_of(self, fact):
        """What the pages show so far where this fact would stand; None where they show nothing."""
        key = fact.association_id
        match fact:
            case Name(type=Name.Type.OFFICIAL):
                return next(filter(_is_open_official, self.of(fact)), None)
            case Name() | Identifier():
                return None
            case ContactPoint():
                return self.shown(ContactPoint, key, type=fact.type)
            case OfficeHolder():
                return self.shown(OfficeHolder, key, role=fact.role)
        return self.shown(type(fact), key)

    def shown(self, model, key, **values):
        """Of the facts that hold today and have these values, that of the latest evidence."""
        held = [
            fact
            for fact in self.facts[model, key]
            if fact.holds() and all(getattr(fact, name) == values[name] for name in values)
        ]
        return max(held, key=lambda fact: (fact.evidence(), -fact.pk), default=None)

    def end(self, row):
        """What the row marks as over is over, but for what is known of a later day."""
        for column in row.told["ended"]:
            for model, values in ENDED[column]:
                for fact in self.facts[model, row.association.pk]:
                    is_meant = all(getattr(fact, name) == values[name] for name in values)
                    is_older = (row.told["source_date"] or iso_day()) >= _evidence(fact)
                    if is_meant and is_older and not fact.is_over():
                        _end(row, fact)
                        row.learns("changed")


def _end(row, fact):
    fact.is_past = True
    row.ended.append(fact)


def _evidence(fact):
    """The date for which its source speaks; empty if it has none."""
    return fact.attested_on or fact.valid_from


def _is_open_official(name):
    return name.type == Name.Type.OFFICIAL and not name.valid_to and not name.is_past


def _contradicts(old, new):
    """Whether any part of two addresses is told by both, and is not the same words."""
    pairs = [(getattr(old, part), getattr(new, part)) for part in PLACE]
    return any(one and other and words(one) != words(other) for one, other in pairs)


def _says_the_same(old, new):
    """Whether the known fact `old` says all that `new` says."""
    match new:
        case Name():
            return _is_same_text(old.name, new.name)
        case Identifier():
            return (old.scheme, old.value) == (new.scheme, new.value)
        case Address():
            told = [part for part in PLACE if getattr(new, part)]
            return all(_is_same_text(getattr(old, part), getattr(new, part)) for part in told)
        case ContactPoint():
            return old.type == new.type and _reaches_the_same(old, new)
        case OfficeHolder():
            since = new.valid_from in ("", old.valid_from)
            return since and old.role == new.role and _is_same_text(old.name, new.name)
        case Affiliation():
            return old.parent_id == new.parent_id


def _is_same_text(old, new):
    """Also where the new text has but lost its small letters."""
    return old == new or (new.isupper() and old.upper() == new)


def _quieten(fact, known):
    """What is said again in capitals alone is written as it is known."""
    for part in (*PLACE, "name"):
        if getattr(fact, part, "").isupper():
            setattr(fact, part, getattr(known, part) or getattr(fact, part))


def _reaches_the_same(old, new):
    """Whether two contacts of one type are but two writings of one."""
    if old.value == new.value or (old.e164 and old.e164 == new.digits()):
        return True
    if new.type == ContactPoint.Type.WEBSITE:
        return _site(old.value) == _site(new.value)
    return "@" in new.value and old.value.casefold() == new.value.casefold()


def _site(address):
    """A web address without what browsers add to it."""
    return host(address), re.sub(r"^\w+://[^/?#]*|/$", "", address)
