from django.db import connections, router, transaction
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.functional import cached_property

from ..models.card import Card
from . import postgresql, sqlite
from .abbreviations import splits
from .documents import INITIALS_PREFIX
from .ranking import SYLLABLES, Question
from .reading import read
from .text import sort_key
from .vocabulary import LAST, is_right, near, nearest, recount

BACKENDS = {"sqlite": sqlite, "postgresql": postgresql}

# Strict hits so many are put in order by rank; of more, those that are named or begin so.
RANKED = 200
# Where strict hits are fewer, near matches are looked for: so many.
FEW, NEAR = 5, 25
# The words of a question stand in so many documents together that are weighed for a near match.
WEIGHED, WEIGHED_KEPT = 4000, 500
NEAR_CANDIDATES, NAMED_KEPT = 150, 50
# A candidate has at least this share of the weight that the heaviest has.
WORTH_IT = 0.4
LONGEST_NAME = 10
# So many of the best are ranked again, with how rare the words of their names are.
REFINED = 30
NEAR_COVERED, WHOLE_NAME = 0.3, 0.95
# Words that are also looked up in other spellings; of a question of at most so many.
WIDENED = 6
SPLITS, SPLIT_KEPT = 12, 150
# So many of the hits are in their order where a database sorts them.
PLACED = 100
COLUMNS = ("pk", "search_text", "state", "checked_on", "sort_key", "slug")


def rebuild():
    """Make index and vocabulary anew from the documents of the cards."""
    using = router.db_for_write(Card)
    with transaction.atomic(using):
        recount(_documents())
        BACKENDS[connections[using].vendor].rebuild(using)


def settle():
    """Tell the database how large the tables are, after many entries were written."""
    using = router.db_for_write(Card)
    BACKENDS[connections[using].vendor].settle(using)


def vocabulary_is_right():
    return is_right(_documents())


def _documents():
    cards = Card.objects.order_by().values_list("search_text", flat=True)
    return cards.iterator(chunk_size=2000)


def search(cards, text):
    """The `Hits` of `text` among the `cards` (a queryset); if it is blank, all in their order."""
    return Hits(cards, text)


class Hits:
    """What was found, best first: a sequence that is counted and cut without being loaded whole.

    `cards` are all of it as a queryset, for counting by other columns.
    """

    def __init__(self, cards, text):
        self.among = cards
        self.text = text
        self.backend = BACKENDS[connections[cards.db].vendor]
        self.terms = read(text)

    # what is asked for

    @cached_property
    def is_blank(self):
        return not self.text.strip()

    @cached_property
    def strict(self):
        """The cards in which every word stands; perhaps spelt otherwise, if none is as typed."""
        if self.is_blank:
            return self.among
        strict = self._with_every_word()
        if not 1 < len(self.terms) <= WIDENED or strict.exists():
            return strict
        self._widen()
        strict = self._with_every_word()
        best = next(iter(self._likeliest), None)
        # Words spelt otherwise are a guess: not where fewer words, spelt as typed, fit better.
        return strict if strict.filter(pk=best).exists() else self.among.none()

    def _widen(self):
        """Let the rarest of the words stand for those that are spelt nearly like them, too."""
        for term in self.terms:
            others = [word for word in near(term.typed) if word not in term.alternatives]
            term.is_respelt = term.is_respelt or bool(others)
            term.alternatives = [*term.alternatives, *others]

    def _with_every_word(self):
        terms = [term for term in self.terms if term.is_needed] or self.terms
        if not terms or not all(map(_group, terms)):
            return self.among.none()
        return self.among.filter(pk__in=self.backend.documents([_group(term) for term in terms]))

    @cached_property
    def strict_count(self):
        return self.strict.count()

    @cached_property
    def cards(self):
        if self.is_blank:
            return self.among
        if not self.near:
            return self.strict
        return self.among.filter(pk__in=[*self.ranked, *self.near])

    # in which order

    @cached_property
    def ranked(self):
        """`{key: Match}` of the best strict hits, best first: all where they are not many."""
        if self.is_blank or not self.terms:
            return {}
        if self.strict_count <= RANKED:
            rows = self.strict.order_by().values_list(*COLUMNS)
        else:
            key = sort_key(self.text)
            named = Q(sort_key=key) | Q(acronym_key=key)
            begins = Q(sort_key__gte=key, sort_key__lt=key + LAST)
            rows = [
                *self.strict.filter(named)
                .order_by("sort_key", "slug")[:RANKED]
                .values_list(*COLUMNS),
                *self.strict.filter(begins)
                .order_by("sort_key", "slug")[:RANKED]
                .values_list(*COLUMNS),
            ]
        question = Question(self.text, self.terms)
        return _in_order((row, question.match(row[1])) for row in dict.fromkeys(rows))

    @cached_property
    def near(self):
        """`{key: Match}` of the near matches, best first: none where there are hits enough."""
        if self.is_blank or not self.terms or self.strict_count >= FEW:
            return {}
        others = [pair for pair in self._likeliest.items() if pair[0] not in self.ranked]
        return dict(others[:NEAR])

    @cached_property
    def _likeliest(self):
        """`{key: Match}` of the cards that cover most of what was typed, best first; bounded."""
        question = Question(self.text, self.terms)
        found = {}
        for row in self._load(self._near_candidates()):
            why = question.match(row[1])
            if why and _is_near(why):
                found[row] = why
        best = list(_in_order(found.items()))[:REFINED]
        rows = {row[0]: row for row in found}
        question.learn(rows[key][1] for key in best)
        return _in_order((rows[key], question.match(rows[key][1])) for key in best)

    def _load(self, keys):
        keys = list(keys)
        chosen = self.among.filter(pk__in=keys).order_by()
        rows = {row[0]: row for row in chosen.values_list(*COLUMNS)}
        return [rows[key] for key in keys if key in rows][:NEAR_CANDIDATES]

    def _near_candidates(self):
        """The keys of cards that cover most of what was typed, by weight, the likeliest first."""
        keys = {}
        named = self._whole_names()
        if named:
            keys.update(dict.fromkeys(named))
        known = [term for term in self.terms if term.frequency and not term.is_little]
        known.sort(key=lambda term: (term.frequency, term.typed))
        asked, budget = [], WEIGHED
        for term in known:
            if term.frequency <= budget or not asked:
                asked.append((_group(term), round(term.weight * 1000)))
                budget -= term.frequency
        if asked:
            found = self.backend.heaviest(asked, WEIGHED_KEPT, self.among.db)
            least = found[0][1] * WORTH_IT if found else 0
            keys.update((key, None) for key, weight in found if weight >= least)
        if len(self.terms) == 1 and self.terms[0].typed.isalpha() and not self.strict_count:
            ways = splits(self.terms[0].typed)[:SPLITS]
            queries = [[[(part, True)] for part in parts] for parts in ways]
            if queries:
                rows = self.among.filter(pk__in=self.backend.documents(*queries)).order_by("pk")
                keys.update(dict.fromkeys(rows.values_list("pk", flat=True)[:SPLIT_KEPT]))
        return keys

    def _whole_names(self):
        """The keys of cards whose whole name or acronym is a part of what was typed; a query."""
        typed = [term.typed for term in self.terms]
        names = {
            "0".join(typed[first:last])[:200]
            for first in range(len(typed))
            for last in range(first + 2, min(first + LONGEST_NAME, len(typed)) + 1)
        }
        acronyms = [term.typed for term in self.terms if term.is_short]
        if not names and not acronyms:
            return []
        rows = self.among.filter(Q(sort_key__in=names) | Q(acronym_key__in=acronyms))
        return list(rows.order_by("sort_key", "slug").values_list("pk", flat=True)[:NAMED_KEPT])

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
        return {word for term in terms for word in (term.typed, *term.alternatives)}

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

    def count(self):
        return self.strict_count + len(self.near)

    __len__ = count

    def __getitem__(self, wanted):
        """The cards of this slice: those ranked, with their `match`, others by name, near ones."""
        if not isinstance(wanted, slice):
            return self[wanted : wanted + 1][0]
        if self.is_blank:
            return self.among[wanted]
        start, stop, _step = wanted.indices(self.count())
        keys = list(self.ranked)
        chosen = keys[start:stop]
        found = list(self._cards(chosen, self.ranked))
        rest = self.strict_count - len(keys)
        if rest > 0 and stop > len(keys):
            others = self.strict.exclude(pk__in=keys).order_by("sort_key", "slug")
            found += others[max(start - len(keys), 0) : min(stop - len(keys), rest)]
        near = list(self.near)
        if near and stop > self.strict_count:
            first = max(start - self.strict_count, 0)
            found += self._cards(near[first : stop - self.strict_count], self.near)
        return found

    def _cards(self, keys, why):
        loaded = self.among.model.objects.in_bulk(keys)
        for key in keys:
            if card := loaded.get(key):
                card.match = why[key]
                card.is_near_match = why is self.near
                yield card


def _is_near(why):
    """Whether it covers a good part of what was typed, or what was typed holds a whole name."""
    return why.tier == SYLLABLES or why.covered >= NEAR_COVERED or why.told >= WHOLE_NAME


def _spellings(term):
    """The words that one of the typed words may stand for."""
    group = [(word, False) for word in term.alternatives]
    return [*group, (term.typed, True)] if term.is_beginning else group


def _group(term):
    """What one of the typed words may stand for in the index: with the initials of names."""
    if not term.is_short:
        return _spellings(term)
    return [*_spellings(term), (INITIALS_PREFIX + term.typed, False)]


def _in_order(found):
    """`{key: Match}` of these `(row, Match)`, best first."""

    def order(pair):
        (_key, _text, state, checked_on, name, slug), why = pair
        age = -checked_on.toordinal() if checked_on else 0
        return (why.tier, -round(why.score, 6), state == "closed", age, name, slug)

    matched = sorted((pair for pair in found if pair[1]), key=order)
    return {row[0]: why for row, why in matched}
