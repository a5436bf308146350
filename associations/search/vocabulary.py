"""The directory's own words: how rare each is, and which are spelt nearly as somebody typed."""

import math
from collections import Counter
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import islice

from django.db.models.expressions import RawSQL
from rapidfuzz import process
from rapidfuzz.distance import OSA

from ..composed import composed_once
from ..inserting import insert_values
from ..models.vocabulary import SearchWord
from .documents import INITIALS_PREFIX, vocabulary

LOOKED_AT = 2000
BATCH = 2000
ALTERNATIVES = 4
# No letter of any script sorts behind it.
LAST = "\U0010ffff"

# So many words wait at most to be written: some 10 MB.
WAITING = 50_000
ADD = """
    ON CONFLICT (word) DO UPDATE SET
    frequency = associations_searchword.frequency + excluded.frequency
"""
BEGUN = f"""
    SELECT sum(frequency) FROM (
        SELECT frequency FROM associations_searchword
        WHERE word >= %s AND word < %s ORDER BY word LIMIT {LOOKED_AT}
    ) AS begun
"""

_waiting = ContextVar("waiting", default=None)


@contextmanager
def counted_at_the_end():
    """Within a transaction that changes many documents: words of several are written but once."""
    change = Counter()
    token = _waiting.set(change)
    try:
        yield
        _write(change)
    finally:
        _waiting.reset(token)


def count(old, new):
    """Keep the frequencies right where these `old` documents (lines) give way to the `new` ones."""
    waiting = _waiting.get()
    change = Counter() if waiting is None else waiting
    for line in new:
        change.update(vocabulary(line))
    for line in old:
        change.subtract(vocabulary(line))
    change[""] += sum(map(bool, new)) - sum(map(bool, old))
    if waiting is None or len(change) > WAITING:
        _write(change)


def _write(change):
    # In one order, so that two writers wait for each other instead of for ever.
    words = iter(sorted(word for word, number in change.items() if number))
    while batch := list(islice(words, BATCH)):
        rows = [(word, _backwards(word), len(word), change[word]) for word in batch]
        insert_values(SearchWord, rows, on_conflict=ADD)
        if fewer := [word for word in batch if change[word] < 0]:
            SearchWord.objects.filter(word__in=fewer, frequency=0).delete()
    change.clear()


def _backwards(word):
    return None if _is_number(word) else word[::-1]


def _is_number(word):
    return any(map(str.isdigit, word))


def frequencies(words):
    """`{word: in how many documents it stands}` of these words and of the empty one; a query."""
    return dict(_frequencies(["", *words]))


@composed_once(SearchWord)
def _frequencies(words):
    known = SearchWord.objects.filter(word__in=words, frequency__gt=0)
    return known.values_list("word", "frequency")


def frequencies_and_beginning(words, prefix):
    """The same, and in how many documents words with this beginning stand, about; a query."""
    rows = _with_beginning(["", *words], prefix, prefix + LAST if prefix else prefix)
    return {word: number for word, number, _begun in rows}, rows[0][2] or 0 if rows else 0


@composed_once(SearchWord)
def _with_beginning(words, first, end):
    # The same in each row: a database looks it up once.
    begun = RawSQL(BEGUN, [first, end])
    known = SearchWord.objects.filter(word__in=words, frequency__gt=0)
    return known.values_list("word", "frequency", begun)


def rarity(words):
    """`{word: how much it tells, in nats}` of those words that stand somewhere; a query."""
    known = frequencies(words)
    total = known.pop("", 1)
    return {word: math.log(1 + total / (1 + number)) for word, number in known.items()}


def beginning_with(prefix):
    """In how many documents words with this beginning stand, about; a query."""
    return frequencies_and_beginning((), prefix)[1]


def near(word):
    """The words spelt nearly so: one error from 4 letters, two from 8; at most 2 queries.

    One half of a word with one error is intact, but where two letters changed places across the
    middle; of one with two errors nearly always the first or the last third. These are looked up,
    the number of errors is then counted. Numbers have none.
    """
    allowed = 0 if _is_number(word) else (len(word) >= 4) + (len(word) >= 8)
    for errors in range(1, allowed + 1):
        part = len(word) // 2 if errors == 1 else len(word) // 3
        first, last = word[:part], word[::-1][:part]
        lengths = len(word) - errors, len(word) + errors
        known = dict(_sharing(first, first + LAST, last, last + LAST, _swapped(word), *lengths))
        found = process.extract(
            word, list(known), scorer=OSA.distance, score_cutoff=errors, limit=None
        )
        nearest = sorted(
            (distance, -known[other], other)
            for other, distance, _at in found
            if distance and not other.startswith(INITIALS_PREFIX)
        )
        if nearest:
            least = nearest[0][0]
            return [other for distance, _f, other in nearest[:ALTERNATIVES] if distance == least]
    return []


@composed_once(SearchWord)
def _sharing(first, first_end, last, last_end, swapped, shortest, longest):
    words = SearchWord.objects.filter(length__range=(shortest, longest), frequency__gt=0)
    words = words.values_list("word", "frequency")
    begun = words.filter(word__gte=first, word__lt=first_end)
    ended = words.filter(backwards__gte=last, backwards__lt=last_end)
    # Each by its own index: by all at once, a database looks every row up.
    found = begun.union(ended, words.filter(word__in=swapped))
    return found.order_by("-frequency", "word")[:LOOKED_AT]


def _swapped(word):
    """A word with any two neighbouring letters in each other's place."""
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]


def nearest(word):
    """Up to three words that are spelt most like this one; a query. Numbers have none."""
    if len(word) < 3 or _is_number(word):
        return []
    first = word[:2]
    rows = SearchWord.objects.filter(word__gte=first, word__lt=first + LAST, frequency__gt=0)
    rows = rows.filter(length__range=(len(word) - 3, len(word) + 3)).exclude(word=word)
    known = list(rows.order_by("-frequency", "word").values_list("word", flat=True)[:LOOKED_AT])
    found = process.extract(
        word, known, scorer=OSA.distance, score_cutoff=1 + len(word) // 3, limit=None
    )
    return [other for other, _distance, _at in sorted(found, key=lambda each: each[1:])[:3]]


def recount(lines):
    """Write the vocabulary of these documents anew; within a transaction."""
    SearchWord.objects.all().delete()
    lines = iter(lines)
    while batch := list(islice(lines, BATCH)):
        count(old=[], new=batch)


def is_right(lines):
    """Whether the vocabulary is that of these documents."""
    right = Counter()
    for line in lines:
        right.update({*vocabulary(line), ""} if line else ())
    kept = SearchWord.objects.exclude(frequency=0).values_list("word", "frequency")
    return dict(kept.iterator(chunk_size=5000)) == right
