"""Which association a row is of: by number or address here, else by name, country and town."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain

from django.db.models import Max
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rapidfuzz import fuzz

from .. import phones
from ..duplicates import FEW, LONG_IDENTIFIER
from ..models import Association, Card, ContactPoint, FormerSlug, Identifier
from ..models.contacts import host
from ..nearby import ALIKE
from ..search import sort_key, words
from .similar import similarly_called

# So many entries are offered for a row of which it is not certain whose it is.
OFFERED = 5

# What is compared of a card.
COMPARED = ("name", "sort_key", "acronym_key", "country", "locality")
SAME_NAME = gettext_noop("same name")
SAME_PHONE = gettext_noop("same telephone or fax")
SAME_WEBSITE = gettext_noop("same website")
SAME_NUMBER = gettext_noop("same identifier")
SAME_ACRONYM = gettext_noop("same acronym")
SIMILAR_NAME = gettext_noop("similar name")


@dataclass
class Alike:
    """What the directory has that a batch of rows might be: `{row.line: {key: reason}}`."""

    by_name: dict = field(default_factory=lambda: defaultdict(list))
    cards: dict = field(default_factory=dict)
    schemes: set = field(default_factory=set)
    called: dict = field(default_factory=lambda: defaultdict(list))
    # By what only one body has; by what it may be called.
    by_sign: dict = field(default_factory=lambda: defaultdict(dict))
    by_likeness: dict = field(default_factory=lambda: defaultdict(dict))


class Matcher:
    """Finds the associations of the rows of one file, batch by batch; it writes nothing.

    With `asks`, a row of which it is not certain is given back with its `candidates`, for somebody
    to decide; without, a name and a country are enough, and a name of several is refused. With
    `remembers`, new rows are not saved between the batches: what stood in the file is kept here.
    """

    def __init__(self, refuse, *, asks=False, remembers=False):
        self.refuse = refuse
        self.asks = asks
        self.remembers = remembers
        # Which associations had a row already: a bit each, so that a million are 125 kB.
        self.seen = bytearray()
        # Of the rows that are not saved yet: their numbers; by name of new ones, their registers.
        self.numbers, self.named = set(), defaultdict(list)

    @cached_property
    def newest(self):
        """The key of the newest entry that was there before this import."""
        return Association.objects.aggregate(newest=Max("pk"))["newest"] or 0

    def match(self, rows):
        """Those of the rows that are of one association, new or known, and of each but one."""
        rows, certain = self.identified(rows)
        alike = self.alike([row for row in rows if row.line not in certain])
        if not self.remembers:
            self.numbers, self.named = set(), defaultdict(list)
        matched, keys = [], {}
        for row in rows:
            key = certain.get(row.line)
            if key is None:
                if not self.is_certain(row, alike):
                    continue
                key = row.entry
            scheme = row.identifier and row.identifier[0]
            named = self.named[row.key]
            is_named_so = any(scheme is None or other != scheme for other in named)
            if row.identifier in self.numbers or (self.is_seen(key) if key else is_named_so):
                column = "identifier" if row.identifier else "name"
                self.refuse(row.line, column, _("This association stands in the file already."))
                continue
            if row.identifier:
                self.numbers.add(row.identifier)
            if key is None:
                named.append(scheme)
            keys[row.line] = key
            matched.append(row)
        associations = Association.objects.in_bulk(key for key in keys.values() if key is not None)
        for row in matched:
            row.association = associations.get(keys[row.line])
            row.is_new = keys[row.line] is None
            if row.association is None and not row.is_new:
                self.refuse(row.line, "", _("The entry that was chosen is no longer there."))
        return [row for row in matched if row.is_new or row.association]

    def identified(self, rows):
        """The rows, but for those whose numbers are of several entries; and `{row.line: key}` of
        those with a number, or else an address here, that is an entry's.
        """
        wanted = {number for row in rows for number in row.identifiers}
        slugs = {row.told["slug"] for row in rows} - {""}
        known = {}
        if wanted:
            found = Identifier.objects.filter(
                scheme__in={scheme for scheme, _number in wanted},
                value__in={number for _scheme, number in wanted},
            ).values_list("scheme", "value", "association")
            known = {(scheme, value): key for scheme, value, key in found}
        if slugs:
            former = FormerSlug.objects.filter(slug__in=slugs, association__isnull=False)
            known.update(former.values_list("slug", "association"))
            known.update(Association.objects.filter(slug__in=slugs).values_list("slug", "pk"))
        if not known:
            return rows, {}
        good, certain = [], {}
        for row in rows:
            keys = {known[number] for number in row.identifiers if number in known}
            if len(keys) > 1:
                self.refuse(row.line, "identifier", _("Its numbers are those of several entries."))
                continue
            good.append(row)
            if keys or row.told["slug"] in known:
                certain[row.line] = keys.pop() if keys else known[row.told["slug"]]
        return good, certain

    def is_certain(self, row, alike):
        """Whether it is certain whose the row is: then `row.entry` is the key, None of a new one.

        If not, it is refused, or has `candidates`.
        """
        if row.choice == NEW:
            row.entry = None
            return True
        if row.choice:
            row.entry = row.choice
            return True
        scheme = row.identifier and row.identifier[0]
        # With another number of the same register it is another body of the same name.
        named = [k for k in alike.by_name[row.key] if (k, scheme) not in alike.schemes]
        if not self.asks:
            if len(named) > 1:
                reason = _("%d entries have this name in this country: give an identifier.")
                self.refuse(row.line, "name", reason % len(named))
                return False
            row.entry = named[0] if named else None
            return True
        # Entries of other rows of this file are other bodies.
        for likely in (alike.by_sign, alike.by_likeness):
            for key in [key for key in likely[row.line] if self.was_seen(key)]:
                del likely[row.line][key]
        row.entry, row.candidates = _judged(row, named, scheme, alike)
        return not row.candidates

    def alike(self, rows):
        """What stands in the directory that is called as these rows are; if it `asks`, whatever
        else may be the same body, too: a few queries."""
        found = Alike()
        cards = Card.objects.filter(sort_key__in={row.key[0] for row in rows}).order_by("pk")
        if not self.asks:
            for key, name, country in cards.values_list("pk", "sort_key", "country"):
                found.by_name[name, country].append(key)
            keys = {key for alike in found.by_name.values() for key in alike}
        else:
            self.add_signs(rows, found)
            self.add_likenesses(rows, found)
            told = (*found.by_sign.values(), *found.by_likeness.values())
            keys = {key for each in told for key in each}
            compared = cards.only(*COMPARED), Card.objects.filter(pk__in=keys).only(*COMPARED)
            for card in chain(*compared):
                if card.pk not in found.cards:
                    found.cards[card.pk] = card
                    found.by_name[card.sort_key, card.country].append(card.pk)
                    found.called[card.sort_key].append(card)
            keys = set(found.cards)
        held = (
            Identifier.objects.filter(association__in=keys) if keys else Identifier.objects.none()
        )
        found.schemes = set(held.values_list("association", "scheme"))
        return found

    def add_signs(self, rows, found):
        """Note which entries have the telephones, websites and numbers of these rows."""
        numbers, sites, identifiers = defaultdict(list), defaultdict(list), defaultdict(list)
        for row in rows:
            for _scheme, value in row.identifiers:
                if len(value) >= LONG_IDENTIFIER:
                    identifiers[value].append(row.line)
            for written in (*row.told["phone"], *row.told["fax"]):
                if number := phones.parse(written, row.told["country"]):
                    numbers[number.e164].append(row.line)
            for website in row.told["website"]:
                if site := host(website):
                    sites[site].append(row.line)
        for model, column, told, reason in (
            (ContactPoint, "host", sites, SAME_WEBSITE),
            (ContactPoint, "e164", numbers, SAME_PHONE),
            (Identifier, "value", identifiers, SAME_NUMBER),
        ):
            for value, keys in _holders(model, column, told).items():
                for line in told[value]:
                    found.by_sign[line].update(dict.fromkeys(keys, reason))

    def add_likenesses(self, rows, found):
        """Note which entries have a name like those of these rows, or one as their acronym."""
        for line, keys in similarly_called(rows, self.newest).items():
            found.by_likeness[line].update(dict.fromkeys(keys, SIMILAR_NAME))
        named, called = defaultdict(list), defaultdict(list)
        for row in rows:
            named[row.key[0]].append(row.line)
            if acronym := sort_key(row.told["acronym"]):
                called[acronym].append(row.line)
        for column, lines in (("acronym_key", named), ("sort_key", called)):
            for value, keys in _holders(Card, column, lines).items():
                for line in lines[value]:
                    found.by_likeness[line].update(dict.fromkeys(keys, SAME_ACRONYM))

    def is_seen(self, key):
        """Whether a row of this file was of the association already; from now on, one was."""
        was_seen = self.was_seen(key)
        place = key >> 3
        if place >= len(self.seen):
            self.seen.extend(bytes(place + 4096 - len(self.seen)))
        self.seen[place] |= 1 << (key & 7)
        return was_seen

    def was_seen(self, key):
        place = key >> 3
        return place < len(self.seen) and bool(self.seen[place] & 1 << (key & 7))


def _holders(model, column, values):
    """`{value: keys of its entries}` of these values; what many have tells nothing."""
    if not values:
        return {}
    rows = model.objects.filter(**{f"{column}__in": values})
    if model is not Card:
        rows = rows.filter(is_past=False)
    held = defaultdict(set)
    for value, key in rows.order_by().values_list(column, "association"):
        held[value].add(key)
    return {value: sorted(keys) for value, keys in held.items() if len(keys) <= FEW}


# The choice that a row is of no entry that there is.
NEW = "new"


def _judged(row, named, scheme, alike):
    """`(key or None, candidates)`: whose the row is; `{key: reason}` where somebody has to say."""
    near = [key for key in named if _may_be_in_one_town(row, alike.cards[key])]
    if len(near) == 1:
        return near[0], {}
    candidates = dict.fromkeys(named, SAME_NAME)
    # One whose country is not known may be in any.
    for card in alike.called[row.key[0]]:
        if not (card.country and row.key[1]):
            candidates[card.pk] = SAME_NAME
    candidates |= alike.by_sign[row.line]
    for key, reason in alike.by_likeness[row.line].items():
        card = alike.cards[key]
        is_near = _may_be_in_one_town(row, card) and _may_be_in_one_country(row, card)
        if is_near and key not in candidates:
            candidates[key] = reason
    candidates = {k: why for k, why in candidates.items() if (k, scheme) not in alike.schemes}
    same = [
        key
        for key in candidates
        if key in alike.by_sign[row.line] and _are_called_alike(row, alike.cards[key])
    ]
    if len(same) == 1:
        return same[0], {}
    return None, dict(list(candidates.items())[:OFFERED])


def _may_be_in_one_town(row, card):
    there = words(card.locality)
    return not there or not row.told["locality"] or words(row.told["locality"]) == there


def _may_be_in_one_country(row, card):
    return not card.country or row.key[1] in ("", card.country)


def _are_called_alike(row, card):
    own = " ".join(words(row.told["name"]))
    return fuzz.token_sort_ratio(own, " ".join(words(card.name))) >= ALIKE or bool(
        card.acronym_key and card.acronym_key in (row.key[0], sort_key(row.told["acronym"]))
    )
