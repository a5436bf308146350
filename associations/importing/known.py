"""What the directory says already of the associations in a batch of rows."""

from collections import defaultdict

from ..models import (
    Address,
    Affiliation,
    ContactPoint,
    Identifier,
    Name,
    OfficeHolder,
)
from .rows import Row

PLACE = ("street_address", "postal_code", "locality", "region", "country")


class Above:
    """What stands above the associations of a batch, in the database and in the batch itself."""

    def __init__(self, rows):
        """A query for each level of affiliations that stands above these rows."""
        self.parents = defaultdict(set)
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
    if isinstance(parent, Row):
        return f"line {parent.line}" if parent.is_new else parent.association.pk
    return parent


class Known:
    """What the directory says already of these associations: a query for each table."""

    MODELS = (Name, Identifier, Address, ContactPoint, OfficeHolder, Affiliation)

    def __init__(self, keys):
        self.facts = defaultdict(list)
        self.checked = defaultdict(list)
        for model in self.MODELS if keys else ():
            for fact in model.objects.filter(association__in=keys).order_by("pk"):
                self.facts[model, fact.association_id].append(fact)

    def news_in(self, fact):
        """What `fact` adds: `changed` (a new value), `confirmed` (newer evidence), `unchanged`."""
        same = [
            old for old in self.facts[type(fact), fact.association_id] if _says_the_same(old, fact)
        ]
        if not same:
            return "changed"
        latest = max(same, key=lambda old: (old.attested_on or old.valid_from, old.pk))
        if isinstance(fact, Address) and not _says_the_same(fact, latest):
            return "unchanged"  # it says less: neither news nor a check of the rest
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
        """One official name at a time: of two, that of the older evidence is past."""
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
            since = new.valid_from in ("", old.valid_from)
            return since and (old.role, old.name) == (new.role, new.name)
        case Affiliation():
            return old.parent_id == new.parent_id
