"""Entries that are called nearly as the rows of a batch: looked for in sets, not row by row."""

from collections import defaultdict
from itertools import combinations

from django.db import connections
from rapidfuzz import fuzz

from ..models import Card, Name, SearchWord
from ..nearby import ALIKE
from ..search import BACKENDS, significant, words

# Names are compared that have two of the rarest words of a row in common, or one that is rarer
# still: so many entries have these at most.
RAREST, TELLING, ALONE = 3, 30, 5
# So many words and pairs are looked up at once.
LOOKED_UP = 500
# How alike two words are, of 100, of which one may be the other misspelt.
MISSPELT = 75


def similarly_called(rows, newest):
    """`{row.line: keys}` of the entries with a name like that of a row: a few queries.

    Of those whose key is not above `newest`: how many have the words of what an import has added is
    not counted yet.
    """
    told = {row.line: significant(words(row.told["name"])) for row in rows}
    asked = _telling(told)
    holders = _holders({words for wanted in asked.values() for words in wanted}, newest)
    found = {}
    for line, wanted in asked.items():
        near = {key: name for each in wanted for key, name in holders[each]}
        alike = {key for key, name in near.items() if _are_alike(told[line], name)}
        if alike:
            found[line] = alike
    return found


def _telling(told):
    """`{line: its telling words}`: those that few entries have, alone or two of them together."""
    frequencies = {}
    asked = sorted({word for said in told.values() for word in said})
    for start in range(0, len(asked), LOOKED_UP):
        known = SearchWord.objects.filter(word__in=asked[start : start + LOOKED_UP])
        frequencies.update(known.filter(frequency__gt=0).values_list("word", "frequency"))
    found = {}
    for line, said in told.items():
        known = {word for word in said if word in frequencies}
        rarest = sorted(known, key=lambda word: (frequencies[word], word))[:RAREST]
        alone = [(word,) for word in rarest if frequencies[word] <= ALONE]
        rest = [word for word in rarest if frequencies[word] > ALONE]
        pairs = [tuple(sorted(pair)) for pair in combinations(rest, 2)]
        pairs = [pair for pair in pairs if min(map(frequencies.get, pair)) <= TELLING]
        found[line] = alone + pairs
    return found


def _holders(asked, newest):
    """`{words: [(key, words of a name)]}` of the entries in whose names these words stand."""
    backend = BACKENDS[connections[Card.objects.db].vendor]
    wanted, found = sorted(asked), defaultdict(list)
    asked_words = {word for each in asked for word in each}
    for start in range(0, len(wanted), LOOKED_UP):
        part = wanted[start : start + LOOKED_UP]
        cards = backend.documents([[[(word, False)] for word in each] for each in part])
        names = Name.objects.filter(association__in=cards, association__lte=newest).order_by()
        for key, name in names.values_list("association", "name"):
            said = significant(words(name))
            held = sorted(asked_words.intersection(said))
            for each in (*((word,) for word in held), *combinations(held, 2)):
                if each in asked:
                    found[each].append((key, said))
    return found


def _are_alike(one, other):
    """Whether two names are one, but for their order and for words that may be misspelt."""
    if sorted(one) == sorted(other):
        return True
    if fuzz.token_sort_ratio(" ".join(one), " ".join(other)) < ALIKE:
        return False
    left, right = set(one) - set(other), set(other) - set(one)
    if any(map(str.isdigit, "".join(left | right))):
        return False
    return not (left and right) or all(
        max(fuzz.ratio(word, each) for each in right) >= MISSPELT for word in left
    )
