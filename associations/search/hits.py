from functools import cache
from itertools import islice, repeat

import numpy as np
from django.db import connections, router
from django.db.models import Case, IntegerField, Value, When
from django.utils.functional import cached_property

from ..columns import PUBLIC, STATES, Conditions, any_of, blocks, state_numbers
from ..models.association import PUBLIC_STATES
from ..models.card import Card
from ..models.version import DataVersion
from . import rows
from .abbreviations import initials
from .covering import likeliest, weighed
from .documents import INITIALS_PREFIX
from .index import BACKENDS, BROAD
from .places import one_word_names
from .ranking import Question, best_first
from .reading import read
from .text import sort_key
from .vocabulary import near, nearest

# So many characters of a text are read.
READ = 2000
# Strict hits so many are put in order by rank; of more, those whose names are or begin so.
RANKED = 200
# Where strict hits are fewer, near matches are looked for: so many.
FEW, NEAR = 5, 25
# Words that are also looked up in other spellings; of a question of at most so many.
WIDENED = 6
# So many of the hits are in their order where a database sorts them.
PLACED = 100
# Up to so many cards are sorted by the database; of more, those in order are looked through.
SORTED = 4000
# So many at once; where more are needed, all one after the other.
LOOKED_THROUGH = 100_000
# So many entries are looked through for a word that is only begun. To look one through takes as
# long as to look that many up.
SEEN_THROUGH, SEEING = 2000, 60
# Of more hits, names that begin with what was typed are suggested, if there are enough.
MANY = 2 * RANKED


def search(text, where=PUBLIC, states=PUBLIC_STATES, version=None):
    """The `Hits` of `text`; if it is blank, all entries by name.

    It is found among the entries of these `states`; of what is found, those are shown that are as
    `where` (`columns.Conditions`) asks. The `version` of the data is asked for if it is not known.
    """
    return Hits(text, where, states, version)


@cache
def _in_states(states):
    return Conditions(state=any_of("state", state_numbers(states)))


class Hits:
    """What was found, best first: a sequence that is counted and cut without being loaded whole."""

    def __init__(self, text, where, states, version):
        if version is not None:
            self.version = version
        self.text = text[:READ]
        self.where = where
        self.states = states
        self.using = router.db_for_read(Card)
        self.backend = BACKENDS[connections[self.using].vendor]
        self.is_blank = not text.strip()
        self._looked_up, self._known_rows = [], {}

    # what is asked for

    @cached_property
    def terms(self):
        return read(self.text)

    @cached_property
    def _found(self):
        """The keys of the entries in which every word stands, in order; perhaps spelt otherwise,
        if none has them as typed."""
        found = self._with_every_word()
        if self._has(found, 1) or not 1 < len(self.terms) <= WIDENED:
            return found
        self._widen()
        found = self._with_every_word()
        best = next(iter(self._likeliest), None)
        # Words spelt otherwise are a guess: not where fewer words, spelt as typed, fit better.
        return found if best in found else found[:0]

    @cached_property
    def version(self):
        """The version of the data in which it is searched, or of one that came meanwhile."""
        return DataVersion.objects.current()

    @cached_property
    def _blocks(self):
        """All that is asked of the columns is asked of them as they stood at one moment."""
        return blocks(self.version)

    def _first(self, keys):
        """Of the first of these keys those of cards in the states that are looked for."""
        keys = keys[:RANKED]
        if len(self.states) == len(STATES):
            return keys
        return _in_states(tuple(self.states)).of(keys, self._blocks)

    def _has(self, keys, number):
        """Whether so many of the first of these keys are of cards in those states."""
        return len(self._first(keys)) >= number

    def _widen(self):
        """Let the rarest of the words stand for those that are spelt nearly like them, too."""
        for term in self.terms:
            others = [word for word in near(term.typed) if word not in term.alternatives]
            if not term.is_respelt:
                term.guesses = others
            term.is_respelt = term.is_respelt or bool(others)
            term.alternatives = [*term.alternatives, *others]

    @property
    def _needed(self):
        """The words that have to stand in an entry; none if one of them stands nowhere."""
        terms = [term for term in self.terms if term.is_needed] or self.terms
        return terms if all(term.group for term in terms) else []

    def _with_every_word(self):
        terms = self._needed
        if not terms:
            return np.zeros(0, np.int64)
        whole = [term for term in terms if not term.is_beginning]
        rarest = min((term.frequency for term in whole), default=BROAD + 1)
        broadest = min((term.frequency for term in terms if term.is_beginning), default=0)
        # What begins with broad letters takes long to look up, but not to see in a few entries.
        if rarest <= BROAD and rarest * SEEING <= broadest:
            found = self._with_words([term.group for term in whole])
            if len(found) <= SEEN_THROUGH:
                begun = [term.group for term in terms if term.is_beginning]
                return np.array(rows.holding(found.tolist(), begun), np.int64)
        return self._with_words([term.group for term in terms])

    def _with_words(self, groups):
        """The keys of the entries that have a word of each group; a query."""
        if min(term.frequency for term in self._needed) >= FEW:
            return self.backend.keys([groups], self.using)
        # Near matches will be asked for, too: a query for both.
        each = [[[term.wide_group]] for term in weighed(self.terms)]
        found, *of_each = self.backend.keys_of_each([[groups], *each], self.using)
        self._looked_up = list(zip(each, of_each, strict=True))
        return found

    # how many

    def tally(self, facets=()):
        """Count the values of these columns: `{column: {number: entries}}`; in one pass."""
        keys, counts = self.where.count(None if self.is_blank else self._all, facets, self._blocks)
        self.total = len(keys)
        self.keys = keys
        return counts

    def recall(self, total, keys):
        """Take over what an earlier `tally()` of the same found; `keys` are None if very many."""
        self.total = total
        if keys is not None:
            self.keys = keys

    @cached_property
    def _all(self):
        if not self._near:
            return self._found
        return np.union1d(self._found, np.array(list(self._near), np.int64))

    @cached_property
    def total(self):
        self.tally()
        return self.__dict__["total"]

    @cached_property
    def keys(self):
        """The keys of all that is shown, in order."""
        self.tally()
        return self.__dict__["keys"]

    @property
    def strict_count(self):
        return self.total - len(self.near)

    def count(self):
        return self.total

    __len__ = count

    # in which order

    @cached_property
    def ranked(self):
        """`{key: Match}` of the best strict hits, best first: all where they are not many."""
        if self.is_blank or not self.terms:
            return {}
        if self.strict_count <= RANKED:
            near = set(self._near)
            found = self._rows([key for key in self.keys.tolist() if key not in near])
        else:
            named = self._called_so()
            found = [named[key] for key in self._shown(np.array(list(named), np.int64))]
        return best_first((row, self.question.match(row[1])) for row in found)

    def _called_so(self):
        """`{key: its columns}` of the hits that are or were called what was typed, or whose names
        begin so, bounded."""
        found, alike = dict(self._named), self._with_its_initials
        if "_found" in self.__dict__:
            alike = _among(alike, self._found)
        begun = [term.group for term in self._needed if term.is_beginning]
        for row in self._rows(alike[:RANKED].tolist()):
            if _holds(row[1], begun):
                found[row[0]] = row
        return found

    @cached_property
    def _named(self):
        """The same, of their official names and acronyms alone; a query."""
        return {row[0]: row for row in rows.named(sort_key(self.text))}

    @cached_property
    def _with_its_initials(self):
        """The keys of entries with the initials of what was typed and its whole words; a query.

        Every name has its initials in the index, also one that an entry has besides.
        """
        short = max(initials(self.question.whole), key=len, default="")
        if not short:
            return np.zeros(0, np.int64)
        whole = [term.group for term in self._needed if not term.is_beginning]
        return self.backend.keys([[[(INITIALS_PREFIX + short, False)], *whole]], self.using)

    @cached_property
    def question(self):
        """What was typed, ready to be held against the documents of what was found."""
        return Question(self.text, self.terms)

    @cached_property
    def near(self):
        """`{key: Match}` of the near matches that are shown, best first."""
        shown = set(self._shown(np.array(list(self._near), np.int64))) if self._near else ()
        return {key: why for key, why in self._near.items() if key in shown}

    @cached_property
    def _near(self):
        """`{key: Match}` of the near matches, best first: none where there are hits enough."""
        if self.is_blank or not self.terms or self._has(self._found, FEW):
            return {}
        strict = set(self._found.tolist())
        others = [pair for pair in self._likeliest.items() if pair[0] not in strict]
        return dict(others[:NEAR])

    @cached_property
    def _likeliest(self):
        """`{key: Match}` of the cards that cover most of what was typed, best first; bounded."""
        return likeliest(
            Question(self.text, self.terms), self.terms, self._look_up, self._first, self._rows
        )

    def _look_up(self, several):
        """The keys in the index of each of these queries."""
        if several == [query for query, _keys in self._looked_up]:
            return [keys for _query, keys in self._looked_up]
        return self.backend.keys_of_each(several, self.using)

    def _rows(self, keys):
        """The columns by which these cards are ranked, in their order; a query for new ones."""
        known = self._known_rows
        if missing := [key for key in keys if key not in known]:
            known.update((row[0], row) for row in rows.ranked_by(missing))
        return [known[key] for key in keys if key in known]

    def narrow(self, queryset):
        """Those rows of a queryset that have the key of a hit."""
        if self.total <= SORTED:
            return queryset.filter(pk__in=self.keys.tolist())
        needed = [term.group for term in self._needed]
        return queryset.filter(pk__in=self.backend.documents([needed]))

    def place(self):
        """An expression by which rows with the key of a card are put in the order of the hits."""
        keys = [*self.ranked, *self.near][:PLACED]
        places = [When(pk=key, then=Value(place)) for place, key in enumerate(keys)]
        return Case(*places, default=Value(len(keys)), output_field=IntegerField())

    # in which words

    def has(self, word):
        """Whether a word (cleaned) is one of those that were looked for."""
        return word in self._looked_for or word.startswith(self._begun)

    @cached_property
    def _looked_for(self):
        terms = [term for term in self.terms if not term.is_little] or self.terms
        parted = {word for term in terms for pair in term.parted for word in pair.split()}
        said = (term.country or term.of_country for term in terms)
        lands = {word for country in said if country for word in one_word_names(country)}
        return (
            {word for term in terms for word in (term.typed, *term.alternatives)} | parted | lands
        )

    @cached_property
    def _begun(self):
        return tuple(term.typed for term in self.terms if term.is_beginning)

    def spellings(self):
        """What could be searched instead: with one word as the directory spells it; few queries."""
        found = []
        for term in sorted(self.terms, key=lambda term: (term.frequency, -len(term.typed)))[:2]:
            for other in nearest(term.typed):
                typed = [other if each is term else each.typed for each in self.terms]
                found.append(" ".join(typed))
        return found

    # as a sequence

    def suggest(self, number):
        """The first cards of it, without counting how many there are where these are very many."""
        rarest = min((term.frequency for term in self._needed), default=0)
        if rarest > MANY or len(self._found) > MANY:
            named = self._called_so()
            keys = self.where.of(list(named), self._blocks).tolist()
            found = ((named[key], self.question.match(named[key][1])) for key in keys)
            if len(best := best_first(found)) >= number:
                return _loaded(list(best)[:number], best)
        return self[:number]

    def __getitem__(self, wanted):
        """The cards of this slice, those that were ranked with their `match`: hits by rank, the
        others by name, near ones."""
        if not isinstance(wanted, slice):
            return self[wanted : wanted + 1][0]
        start, stop, _step = wanted.indices(self.total)
        if self.is_blank:
            return self.in_order(rows.BY_NAME, start, stop)
        ranked = list(self.ranked)
        keys, rest = ranked[start:stop], self.strict_count - len(ranked)
        if rest > 0 and stop > len(ranked):
            first, last = max(start - len(ranked), 0), min(stop - len(ranked), rest)
            keys += self._in_order(rows.BY_NAME, first, last, without=self.ranked)
        if stop > self.strict_count:
            first = max(start - self.strict_count, 0)
            keys += list(self.near)[first : stop - self.strict_count]
        cards = _loaded(keys, self.ranked | self.near)
        for card in cards:
            card.is_near_match = card.pk in self.near
        return cards

    def each(self, order=None):
        """The keys of all that is shown, one by one, in this order or its own; very many by name.

        Memory does not grow with their number.
        """
        if self.total <= SORTED:
            yield from self._sorted(order) if order else (card.pk for card in self[: self.total])
            return
        yield from self._streamed(_keys_by(order or rows.BY_NAME))

    def _streamed(self, keys):
        keys = keys.iterator(chunk_size=SORTED)
        while len(some := np.fromiter(islice(keys, SORTED), np.int64)):
            yield from self._shown(some)

    def in_order(self, order, start, stop):
        """The cards of a slice of the hits in another order."""
        return _loaded(self._in_order(order, start, stop))

    def _in_order(self, order, start, stop, without=()):
        """The keys of such a slice, leaving some out."""
        is_sorted = self.total <= SORTED
        found = self._sorted(order) if is_sorted else self._looked_through(order, stop)
        return list(islice((key for key in found if key not in without), start, stop))

    def having(self, column, numbers):
        """Those hits that have one of these numbers in a column; as a part of these `Hits`."""
        conditions = self.where.accepted | {"part": any_of(column, numbers)}
        part = Hits(self.text, Conditions(**conditions), self.states, self.version)
        part._found, part._near = self.keys, {}
        return part

    def spread(self, column):
        """How many of the hits have each number in a column: `{number: entries}`."""
        _keys, counts = Conditions().count(self.keys, [column], self._blocks)
        return counts[column]

    def _sorted(self, order):
        """The keys of all that is shown, in another order; a query."""
        return rows.in_order(self.keys.tolist(), order)

    def _looked_through(self, order, number):
        """The keys of all that is shown, in another order; few queries, of which each may have to
        sort all cards: for what is probably enough, for some more, for the rest."""
        keys, offset = _keys_by(order), 0
        cards = rows.last_key()  # to count them takes long
        enough = max(50, 2 * (number + 100) * cards // self.total)
        if enough <= LOOKED_THROUGH:
            for step in (enough, 8 * enough):
                yield from self._shown(np.fromiter(keys[offset : offset + step], np.int64))
                offset += step
        yield from self._streamed(keys[offset:])

    def _shown(self, keys):
        """Those of these keys (any order; kept) that are shown."""
        if self.is_blank and "keys" not in self.__dict__:
            return self.where.of(keys, self._blocks).tolist()
        return _among(keys, self.keys).tolist()


def _among(keys, some):
    """Those of the keys (any order; kept) that are among some others, sorted and perhaps many."""
    if not len(some):
        return keys[:0]
    places = np.minimum(np.searchsorted(some, keys), len(some) - 1)
    return keys[some[places] == keys]


def _keys_by(order):
    return Card.objects.order_by(*order).values_list("pk", flat=True)


def _loaded(keys, why=None):
    """The cards with these keys, in this order, with the `Match` of each of which it is known."""
    loaded = rows.loaded(keys)
    cards = [loaded[key] for key in keys if key in loaded]
    for card in cards if why else ():
        card.match = why.get(card.pk)
    return cards


def _holds(text, groups):
    """Whether a document has a word of each of these groups."""
    words = text.split(" ")
    return all(
        any(
            any(map(str.startswith, words, repeat(word)))
            if is_beginning
            else all(each in words for each in word.split())
            for word, is_beginning in group
        )
        for group in groups
    )
