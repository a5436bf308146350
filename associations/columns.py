"""What entries are filtered and counted by, packed: a record for each card, in blocks.

A database takes seconds to group a million rows by eight columns. Here each card has a record of
`RECORD.itemsize` bytes; a pass over all of them takes some hundredths of a second, and counts the
values of every filter next to all others. Derived like the cards, and written with them. A process
keeps what it has read, and reads again only blocks that were written since: in a file, so that its
own memory does not grow with the directory.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from hashlib import blake2b
from mmap import ACCESS_READ, mmap
from operator import or_
from tempfile import TemporaryFile

import numpy as np
from django.db import connections, router
from django.db.models import Q

from .changes import current_act, in_batches
from .composed import binary_cursor, composed_once
from .freshness import DUE_MONTHS, FRESH_MONTHS, Freshness, months_before
from .models import Association, ColumnBlock, DataVersion, FacetValue
from .models.association import PUBLIC_STATES

BLOCK = 512  # records
# So many blocks are passed over at a time: all that is made of them in between stays small.
READ = 128
# Of one value each, called by the number of their `FacetValue`; of several, by that of the set.
NUMBERED = ("country", "region", "locality", "confederation", "sector")
STATES = Association.State.values
KINDS = Association.Kind.values
RECORD = np.dtype(
    [
        ("state", "u1"),  # one more than the place among `STATES`; 0: no such card
        ("kind", "u1"),  # the place among `KINDS`
        ("checked_on", "<u2"),  # days since 1970; 0: never
        *((name, "<u4") for name in NUMBERED),  # 0: none
    ]
)
SIZE = RECORD.itemsize
# To count more of them, a table of all numbers that there are is quicker.
COUNTED_SINGLY = 1000
# Filters that have another name than their column.
COLUMN_OF = {"freshness": "checked_on"}
EPOCH = 719163  # date(1970, 1, 1).toordinal()
LAST_DAY = 2**16 - 1  # in 2149


# writing


def write(cards, sets):
    """Write the records of these cards (`{column: value}` of each); 3 queries, and up to 4 more
    for values and blocks that are new.

    `sets` are `{key: {"confederation": keys, "sector": keys}}` of them.
    """
    told = {card["association_id"]: _values(card, sets) for card in cards}
    blocks = _locked_or_new({key // BLOCK for key in told})
    numbers = _numbers({pair for pairs in told.values() for pair in pairs})
    _save({card["association_id"]: _record(card, told, numbers) for card in cards}, blocks)


def clear(keys):
    """Take away the records of the cards with these keys."""
    nothing = np.zeros((), RECORD)
    _save(dict.fromkeys(keys, nothing), _locked_or_new({key // BLOCK for key in keys}))


def forget_unused(values):
    """Delete those of these `FacetValue`s (a queryset) that no record has any more.

    One pass over all records, or less. A part of `one_change()`: nobody else changes any meanwhile.
    """
    unused = defaultdict(list)
    for facet, number in values.values_list("facet", "pk"):
        unused[facet].append(number)
    unused = {facet: np.array(numbers) for facet, numbers in unused.items()}
    for _keys, records in chunks() if unused else ():
        for facet, numbers in unused.items():
            unused[facet] = numbers[~np.isin(numbers, records[facet])]
        if not any(map(len, unused.values())):
            return
    for batch in in_batches(number for numbers in unused.values() for number in numbers.tolist()):
        found = FacetValue.objects.filter(pk__in=batch)
        found._raw_delete(found.db)


def differences(cards, sets):
    """The keys of those of these cards whose records are not what `write()` would make of them."""
    told = {card["association_id"]: _values(card, sets) for card in cards}
    known = _known({pair for pairs in told.values() for pair in pairs})
    numbers = defaultdict(lambda: -1, known)
    kept = {}
    for keys, records in chunks(np.array(sorted(told), np.int64)):
        kept.update(zip(keys.tolist(), records.tolist(), strict=True))
    return [
        card["association_id"]
        for card in cards
        if kept.get(card["association_id"]) != _record(card, told, numbers)
    ]


def day_number(day):
    """A date as the records have it; 0 for none."""
    return min(max(day.toordinal() - EPOCH, 1), LAST_DAY) if day else 0


def date_of(number):
    """The date that a record has; None for none."""
    return date.fromordinal(number + EPOCH) if number else None


def days_of_freshness(states):
    """The numbers of the days on which what was checked is of these freshnesses today."""
    fresh = day_number(months_before(FRESH_MONTHS))
    due = day_number(months_before(DUE_MONTHS))
    days = {
        Freshness.NEVER: range(1),
        Freshness.OVERDUE: range(1, due + 1),
        Freshness.DUE: range(due + 1, fresh + 1),
        Freshness.FRESH: range(fresh + 1, LAST_DAY + 1),
    }
    return [day for state in states for day in days[state]]


def set_of(keys):
    """Several keys as one value."""
    return ",".join(map(str, sorted(keys)))


def keys_of(value):
    """The keys in such a value."""
    return [int(key) for key in value.split(",") if key]


def _values(card, sets):
    several = sets[card["association_id"]]
    pairs = (
        *((name, card[name]) for name in ("country", "region", "locality")),
        *((name, set_of(several[name])) for name in ("confederation", "sector")),
    )
    return [(name, value) for name, value in pairs if value]


def _record(card, told, numbers):
    named = dict.fromkeys(NUMBERED, 0)
    named.update((pair[0], numbers[pair]) for pair in told[card["association_id"]])
    state, kind = STATES.index(card["state"]) + 1, KINDS.index(card["kind"])
    return (state, kind, day_number(card["checked_on"]), *named.values())


def _known(values):
    """`{(facet, value): number}` of these values."""
    wanted = defaultdict(list)
    for facet, value in values:
        wanted[facet].append(value)
    if not wanted:
        return {}
    asked = reduce(or_, (Q(facet=facet, value__in=each) for facet, each in wanted.items()))
    rows = FacetValue.objects.filter(asked).values_list("facet", "value", "pk")
    return {(facet, value): number for facet, value, number in rows}


def _numbers(values):
    known = _known(values)
    if missing := sorted(values - known.keys()):
        act = current_act()
        new = [FacetValue(facet=facet, value=value, came_with=act) for facet, value in missing]
        FacetValue.objects.bulk_create(new, ignore_conflicts=True)
        known.update(_known(set(missing)))
    return known


def _locked_or_new(numbers):
    """`{number: records}` of these blocks, which nobody else writes until this is saved."""
    kept = _locked(numbers)
    if missing := numbers - kept.keys():
        # Perhaps another transaction makes one of them just now: then it is waited for.
        empty = bytes(BLOCK * SIZE)
        new = [ColumnBlock(number=number, records=empty) for number in sorted(missing)]
        ColumnBlock.objects.bulk_create(new, ignore_conflicts=True)
        kept |= _locked(missing)
    return kept


def _save(records, kept):
    changed = defaultdict(dict)
    for key, record in records.items():
        changed[key // BLOCK][key % BLOCK] = record
    blocks, empty = [], []
    for number, placed in sorted(changed.items()):
        block = np.frombuffer(kept[number], RECORD).copy()
        for place, record in placed.items():
            block[place] = record
        if block["state"].any():
            packed = block.tobytes()
            blocks.append(ColumnBlock(number=number, records=packed, digest=_digest(packed)))
        else:
            empty.append(number)
    # Without a card they are as if they had never been.
    ColumnBlock.objects.filter(number__in=empty).delete()
    ColumnBlock.objects.bulk_create(
        blocks,
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["records", "digest"],
    )


def _digest(packed):
    """A whole number that another block hardly ever has, as databases keep it."""
    return int.from_bytes(blake2b(packed, digest_size=8).digest(), signed=True)


def _locked(numbers):
    blocks = ColumnBlock.objects.select_for_update().order_by("number")  # in one order for all
    return dict(blocks.filter(number__in=numbers).values_list("number", "records"))


# reading


def chunks(keys=None):
    """`(keys, records)`, a few thousand at a time, of these keys (sorted) or of all cards."""
    return blocks().chunks(keys)


def blocks(version=None):
    """The blocks as they stand now: they have `chunks()`; a query, and few more after a change.

    None where the `version` of the data is known that was there before.
    """
    using = router.db_for_read(ColumnBlock)
    if connections[using].in_atomic_block:
        # What it has written itself is not to be seen by others, and may be taken back.
        return _Stored()
    if version is None:
        # First: of what changes meanwhile the blocks may tell or not, and are asked for again.
        version = DataVersion.objects.current()
    kept = _kept.get(using) or _Kept()
    if kept.version != version:
        kept = _kept[using] = kept.renewed(version)
    return kept


class _Stored:
    """The blocks in the database, read some at a time, a query for these."""

    def chunks(self, keys=None):
        if keys is None:
            ((last,),) = _last() or [(-1,)]
            for first in range(0, last + 1, READ):
                numbers, records = _unpacked(_blocks_between(first, first + READ))
                yield _keys_in(numbers), records
            return
        of_blocks = keys // BLOCK
        wanted = of_blocks[np.flatnonzero(np.diff(of_blocks, prepend=-1))]
        for first in range(0, len(wanted), READ):
            some = wanted[first : first + READ]
            start, stop = np.searchsorted(of_blocks, [some[0], some[-1] + 1])
            yield _of_keys(keys[start:stop], *_unpacked(_blocks_among(some.tolist())))


@dataclass(frozen=True)
class _Kept:
    """The blocks as they stood under a version of the data, in a file of the process."""

    version: int = -1
    digests: dict = field(default_factory=dict)
    numbers: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    # In one row.
    records: np.ndarray = field(default_factory=lambda: np.zeros(0, RECORD))

    def chunks(self, keys=None):
        if keys is None:
            for first in range(0, len(self.numbers), READ):
                some = slice(first, first + READ)
                of_some = self.records[first * BLOCK : (first + READ) * BLOCK]
                yield _keys_in(self.numbers[some]), of_some
            return
        for first in range(0, len(keys), READ * BLOCK):
            yield _of_keys(keys[first : first + READ * BLOCK], self.numbers, self.records)

    def renewed(self, version):
        """The same under this version: another one, as others may be reading this one."""
        told = dict(_digests())
        same = told.items() & self.digests.items()
        if len(same) == len(told) == len(self.numbers):
            return replace(self, version=version)
        numbers, digests = np.array(sorted(told), np.int64), dict(same)
        with TemporaryFile() as file:
            self._write(file, numbers, np.array(list(digests), np.int64))
            for some in in_batches(told.keys() - digests.keys(), READ):
                for number, records, digest in _blocks_among(some):
                    file.seek(int(np.searchsorted(numbers, number)) * BLOCK * SIZE)
                    file.write(records)
                    digests[number] = digest
            return _Kept(version, digests, numbers, _mapped(file))

    def _write(self, file, numbers, same):
        """Write the blocks of these numbers into a file: those that are the `same`, and room."""
        kept = self.records.view(np.uint8).reshape(-1, BLOCK * SIZE)
        for first in range(0, len(numbers), READ):
            some = numbers[first : first + READ]
            packed = np.zeros((len(some), BLOCK * SIZE), np.uint8)
            still = np.isin(some, same)
            packed[still] = kept[np.searchsorted(self.numbers, some[still])]
            file.write(packed)


def _mapped(file):
    """The records in a file, read when they are asked for: the system keeps what is asked for
    often in memory, and takes it out again when others need it."""
    file.flush()
    if not file.tell():
        return np.zeros(0, RECORD)
    return np.frombuffer(mmap(file.fileno(), 0, access=ACCESS_READ), RECORD)


def _keys_in(numbers):
    """The keys of all records of the blocks of these numbers."""
    return (numbers[:, None] * BLOCK + np.arange(BLOCK)).ravel()


def _of_keys(keys, numbers, records):
    """`(keys, records)` of those of these keys (sorted) that are in the blocks of these numbers,
    whose `records` are in one row: to take them by two numbers each takes twenty times as long."""
    of_blocks = keys // BLOCK
    places = np.searchsorted(numbers, of_blocks)
    inside = places < len(numbers)
    inside[inside] = numbers[places[inside]] == of_blocks[inside]
    if not inside.all():
        keys, places, of_blocks = keys[inside], places[inside], of_blocks[inside]
    return keys, records.take(keys + (places - of_blocks) * BLOCK)


_kept = {}  # by the alias of the database


@composed_once(ColumnBlock)
def _last():
    return ColumnBlock.objects.order_by("-number").values_list("number")[:1]


@composed_once(ColumnBlock, binary_cursor)
def _digests():
    return ColumnBlock.objects.order_by().values_list("number", "digest")


@composed_once(ColumnBlock, binary_cursor)
def _blocks_between(first, end):
    blocks = ColumnBlock.objects.filter(number__gte=first, number__lt=end)
    return blocks.order_by("number").values_list("number", "records", "digest")


@composed_once(ColumnBlock, binary_cursor)
def _blocks_among(numbers):
    blocks = ColumnBlock.objects.filter(number__in=numbers)
    return blocks.order_by("number").values_list("number", "records", "digest")


def _unpacked(rows):
    """`(their numbers, their records in one row)` of these rows of blocks."""
    numbers = np.array([number for number, _records, _digest in rows], np.int64)
    records = np.frombuffer(b"".join(records for _number, records, _digest in rows), RECORD)
    return numbers, records


class Conditions:
    """What is asked of the records: for each filter in force a function of records to booleans."""

    def __init__(self, **accepted):
        self.accepted = accepted

    def of(self, keys, among=None):
        """Those of the `keys` (any order; kept) whose cards are as asked, `among` these blocks or
        those that stand now."""
        keys = np.asarray(keys, np.int64)
        are_sorted = len(keys) < 2 or (keys[1:] > keys[:-1]).all()
        found = (among or blocks()).chunks(keys if are_sorted else np.unique(keys))
        passed = [some[self._failed(records) == 0] for some, records in found]
        passed = np.concatenate(passed) if passed else keys[:0]
        return passed if are_sorted else keys[np.isin(keys, passed)]

    def _failed(self, records):
        """How many of the filters each record fails; 255 for no card."""
        failed = (records["state"] == 0) * np.uint8(255)
        for accepts in self.accepted.values():
            failed += (failed < 255) & ~accepts(records)
        return failed

    def count(self, keys=None, facets=(), among=None):
        """`(keys, counts)`: the keys as asked, of these or of all; and for each facet
        `{its number in the records: entries}` next to all filters but its own.

        `among` these blocks, or those that stand now."""
        found, counts = [], {name: _Counts() for name in facets}
        for chunk, records in (among or blocks()).chunks(keys):
            failed = self._failed(records)
            passed = failed == 0
            found.append(chunk[passed])
            for name in facets:
                accepts = self.accepted.get(name)
                # All but its own: what fails this one alone counts, too.
                chosen = failed == ~accepts(records) if accepts else passed
                counts[name].add(records[name][chosen])
        keys = np.concatenate(found) if found else np.zeros(0, np.int64)
        return keys, {name: each.told() for name, each in counts.items()}

    def having(self, column, numbers):
        """Those of these numbers that an entry as asked has in a column."""
        missing = set(numbers)
        for _keys, records in chunks() if missing else ():
            passed = records[column][self._failed(records) == 0]
            missing = missing.difference(passed[np.isin(passed, list(missing))].tolist())
            if not missing:
                break
        return set(numbers) - missing


class _Counts:
    """How often each number of a column was there."""

    def __init__(self):
        self.few = Counter()
        self.many = np.zeros(1, np.int64)

    def add(self, numbers):
        if len(numbers) <= COUNTED_SINGLY:
            self.few.update(numbers.tolist())
            return
        more, other = self.many, np.bincount(numbers)
        if len(more) < len(other):
            more, other = other, more
        more[: len(other)] += other
        self.many = more

    def told(self):
        places = np.flatnonzero(self.many)
        self.few.update(dict(zip(places.tolist(), self.many[places].tolist(), strict=True)))
        return dict(self.few)


# what filters accept


def any_of(column, numbers):
    """A condition: that the column has one of these numbers."""
    wanted = np.array(sorted(numbers), np.int64)
    if RECORD[column].itemsize > 2:
        return lambda records: np.isin(records[column], wanted)
    # Of so few numbers a table says it at once.
    table = np.zeros(256 ** RECORD[column].itemsize, bool)
    table[wanted] = True
    return lambda records: table[records[column]]


def numbers_of(facet, values):
    """The numbers of these values of a facet."""
    return [number for (number,) in _of_values(facet, list(values))]


@composed_once(FacetValue)
def _of_values(facet, values):
    return FacetValue.objects.filter(facet=facet, value__in=values).values_list("pk")


def numbers_of_sets(facet, keys):
    """The numbers of the sets in which one of these keys is."""
    wanted = set(keys)
    rows = FacetValue.objects.filter(facet=facet).values_list("pk", "value")
    return [number for number, value in rows if not wanted.isdisjoint(keys_of(value))]


def sorted_numbers(column, numbers, is_descending):
    """These numbers of a column, by the values that they stand for: none is least."""
    if column in NUMBERED:
        values = dict(FacetValue.objects.filter(pk__in=numbers).values_list("pk", "value"))
        return sorted(numbers, key=lambda each: values.get(each, ""), reverse=is_descending)
    values = {"state": ["", *STATES], "kind": KINDS}.get(column)
    by_value = values.__getitem__ if values else None
    return sorted(numbers, key=by_value, reverse=is_descending)


def state_numbers(states):
    return [STATES.index(state) + 1 for state in states]


def kind_numbers(kinds):
    return [KINDS.index(kind) for kind in kinds]


PUBLIC = Conditions(state=any_of("state", state_numbers(PUBLIC_STATES)))
