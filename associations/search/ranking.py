"""The order of results: one rule, in Python, the same on every database.

An exact acronym or name comes first; then names that begin with what was typed; then names in which
every word stands as it was typed; then by how much of what was typed (weighted by how rare each
word is) a name covers, and how much of that name was typed; then what else is known of the entry.
Of that, a place that was typed whole among other words counts half, a country in full; and whatever
is there, or in the country that it was said to be of, comes before what is like it elsewhere. Live
before closed, fresh before stale, then by name.
"""

import re
from itertools import compress
from typing import NamedTuple

from .abbreviations import LEGAL, SMALL, abbreviates
from .documents import (
    ACRONYM,
    FORMER,
    INITIALS,
    INITIALS_PREFIX,
    MARKS,
    NAMES,
    NUMBER,
    OFFICIAL,
    OTHER,
    PERSON,
    PLACE,
    TRANSLATED,
)
from .places import country_names
from .text import words
from .vocabulary import rarity

EXACT, BEGINS, HOLDS, COVERS, ABBREVIATED, BEGUN, BEGUN_ELSEWHERE, SYLLABLES = range(8)

RESPELT_LIKENESS = 0.9
# What stands somewhere as it was typed is hardly misspelt.
GUESSED_LIKENESS = 0.8
BEGUN_LIKENESS = 0.6
# What is called so today comes before what was, or is called so elsewhere.
OTHERWISE_NAMED = 0.9
# “würzburg” is “wuerzburg” and “Trade & Industry” “Trade and Industry”, but “asw” hardly “aasw”.
OTHERWISE_WRITTEN = 0.85
AND = frozenset(["and", "e", "ed", "en", "et", "och", "og", "und", "y"])
SHORT_LIKENESS = 0.7
# What a name must tell for its being typed whole to tell anything.
TELLING = 8
# How the parts of the score weigh: words that nobody typed, the whole entry, other facts; a city
# and a country that were typed whole next to something else, and a name beside them.
UNTOLD, EVERYWHERE, OTHER_FACTS = 0.6, 0.3, 0.2
CITY, COUNTRY, NAMED_TOO = 0.5, 1, 0.2
# What it adds to the score to be there: in a country that was typed, next to what is elsewhere.
IN_CITY, IN_COUNTRY = 0.15, 0.5
# Of so many words that were typed, each that the name lacks counts in full; of more, less.
SHORT_QUERY = 3
# How much the words of a name tell, while nobody has looked how rare they are.
USUAL, LITTLE_WEIGHT = 4, 0.4
LITTLE = SMALL | LEGAL
# In what is known of the words of documents: a mark is none.
IS_MARK = object()


class Match(NamedTuple):
    """Why an entry was found: in which part (a mark of `documents`), by which words."""

    mark: str
    part: str
    tier: int
    score: float
    covered: float
    respelt: tuple = ()
    # How much of a name's words, by weight, was typed.
    told: float = 0


class Question:
    """What was typed, as `Term`s, ready to be held against many documents."""

    def __init__(self, text, terms):
        self.terms = terms
        self.whole = words(text)
        same = {term.typed: term.same[0] for term in terms if term.same}
        self.otherwise = [same.get(word, word) for word in self.whole]
        self.first = self.otherwise[0] if self.otherwise else None
        self.alike = _without_and(self.otherwise)
        self.weights = [term.weight for term in terms]
        self.total = sum(self.weights) or 1
        telling = sum(not term.is_little for term in terms)
        self.patience = min(1, SHORT_QUERY / (telling or 1))
        self.needed = [number for number, term in enumerate(terms) if term.is_needed]
        # How much words of names tell, in nats, of those that `learn()` was told.
        self.rarity = {}
        # How surely a word of a document was typed: `{word: {number of the term: likeness}}`.
        self.likeness = dict.fromkeys(MARKS, IS_MARK)
        for number, term in enumerate(terms):
            for word in term.alternatives:
                self.likeness.setdefault(word, {})[number] = _likeness(term, word)
            self.likeness.setdefault(term.typed, {})[number] = 1
        pairs = [(n, pair.split()) for n, term in enumerate(terms) for pair in term.parted]
        self.parted = [(number, frozenset(pair)) for number, pair in pairs]
        # How the places of documents count, by their words.
        self.places = {}
        # The terms that call a country otherwise, or say what is of it, by its words in documents.
        self.countries = {}
        for number, term in enumerate(terms):
            if saying := term.country or term.of_country:
                self.countries.setdefault(saying, {})[number] = 1
            if len(term.country) == 1:
                self.likeness.setdefault(*term.country, {})[number] = RESPELT_LIKENESS
        self.is_respelt = any(term.is_respelt for term in terms)
        self.begun = tuple((n, term.typed) for n, term in enumerate(terms) if term.is_beginning)
        beginnings = "|".join(re.escape(typed) for _number, typed in self.begun)
        self.begun_in = re.compile(f" ((?:{beginnings})[^ ]*)").findall if beginnings else None
        self.initials = [
            (n, INITIALS_PREFIX + term.typed) for n, term in enumerate(terms) if term.is_short
        ]

    def learn(self, several):
        """Look up how rare the words of names are that were `touched()`; one query."""
        names = (name for parts, *_rest in several for mark, name, _found in parts if mark in NAMES)
        self.rarity = rarity({word for name in names for word in name})

    def _put_together(self, words):
        """`{number of a term: both words}` of those terms that stand here as two words."""
        return {number: pair for number, pair in self.parted if pair.issubset(words)}

    def match(self, line):
        """The best `Match` with a document; None if nothing of what was typed stands in it."""
        return self.best(self.touched(line))

    def touched(self, line):
        """`(parts, short, covered)`: the parts of a document in which something of what was typed
        stands, each as `(mark, its words, {number of a term: likeness})`; of which terms it has
        the initials; how much of what was typed it covers. For `best()`.

        Of its words only those are looked at that were typed, and the marks between them.
        """
        if self.begun_in:
            self._learn_begun(self.begun_in(line))
        likeness, is_alone = self.likeness, len(self.terms) == 1
        parts, mark, first, found = [], None, 0, {}
        line, _mark, initials = line.partition(f" {INITIALS} ")  # which are the last of it
        initials = initials.split(" ") if self.initials else ()
        short = [number for number, each in self.initials if each in initials]
        tokens = line.split(" ")
        tokens.append(OFFICIAL)  # a mark, too, ends what stands before it
        for place in compress(range(len(tokens)), map(likeness.get, tokens)):
            token = tokens[place]
            like = likeness[token]
            if like is IS_MARK:
                if found or self.parted or self.countries or (is_alone and mark in NAMES):
                    self._take(parts, mark, tokens[first:place], found)
                mark, first, found = token, place + 1, {}
                continue
            for number, sure in like.items():
                if sure > found.get(number, 0):
                    found[number] = sure
        everywhere = dict.fromkeys(short, SHORT_LIKENESS)
        for _mark, _words, found in parts:
            for number, sure in found.items():
                if sure > everywhere.get(number, 0):
                    everywhere[number] = sure
        return parts, short, self._weighed(everywhere) / self.total

    def _learn_begun(self, words):
        """Take these words of documents for those that are only begun, if they are no others."""
        for word in words:
            if word not in self.likeness:
                like = {n: BEGUN_LIKENESS for n, begun in self.begun if word.startswith(begun)}
                self.likeness[word] = like

    def _take(self, parts, mark, words, found):
        """Take this part among the `parts`, if something of what was typed stands in it, or if it
        may be abbreviated by it."""
        if self.parted:
            for number in self._put_together(words):
                found[number] = max(found.get(number, 0), RESPELT_LIKENESS)
        if mark == PLACE:
            found |= self.countries.get(tuple(words), {})
        if found or (len(self.terms) == 1 and mark in NAMES):
            parts.append((mark, words, found))

    def best(self, touched):
        """The best `Match` of those with these parts; None if there is none."""
        parts, short, whole = touched
        matches = [found for part in parts if (found := self._match(*part, short, whole))]
        if not matches:
            return None
        best = max(matches, key=_quality)
        mark, words, tier, score, covered, _respelt, told = best
        if mark == PLACE:
            # Of those in one place, the likeliest by name.
            score += NAMED_TOO * max((m.score for m in matches if m.mark in NAMES), default=0)
        score += self._being_there(parts)
        return Match(mark, " ".join(words), tier, score, covered, self._respelt(words), told)

    def _being_there(self, parts):
        """What it adds to be in a city or a country that was typed next to something else, or in
        that which this was said to be of."""
        cities, lands = set(), set()
        for mark, place, found in parts:
            if mark == PLACE and (weight := self._place_weight(place)) != OTHER_FACTS:
                (lands if weight == COUNTRY else cities).update(found)
        # Hong Kong is both, and one place.
        return IN_CITY * bool(cities - lands) + IN_COUNTRY * bool(lands)

    def _weighed(self, found):
        """How much of what was typed these hits cover, by weight."""
        weights, covered = self.weights, 0
        for number, sure in found.items():
            covered += weights[number] * sure
        return covered

    def _match(self, mark, words, found, short, everywhere):
        """The `Match` with a part, of which it has the words; None if nothing stands there."""
        is_name = mark in NAMES
        if is_name and (exact := self._exactness(words)):
            score = exact if mark in (OFFICIAL, ACRONYM) else exact * OTHERWISE_NAMED
            return Match(mark, words, EXACT, score, 1, told=1)
        sure = found
        if is_name and short:
            sure = found | {n: SHORT_LIKENESS for n in short if found.get(n, 0) < SHORT_LIKENESS}
        if not sure:
            fit = abbreviates(self.terms[0].typed, words)
            return Match(mark, words, SYLLABLES, fit, fit) if fit else None
        covered = self._weighed(sure)
        if not is_name:
            weight = self._place_weight(words) if mark == PLACE else OTHER_FACTS
            score = weight * covered / self.total + EVERYWHERE * everywhere
            is_begun = len(self.terms) == 1 and found.get(0) == BEGUN_LIKENESS
            tier = BEGUN_ELSEWHERE if is_begun else COVERS
            return Match(mark, words, tier, score, everywhere)
        told, untold = 0, 0
        likeness, rarity, together = self.likeness, self.rarity, ()
        if self.parted:
            together = frozenset().union(*self._put_together(words).values())
        for word in words:
            # Little words tell hardly anything, others as they are rare.
            weight = LITTLE_WEIGHT if word in LITTLE else rarity.get(word, USUAL)
            if word in likeness or word in together:
                told += weight
            elif sure is found:
                untold += weight
        missed = self.total - covered
        score = covered / (covered + self.patience * missed + UNTOLD * untold)
        score = (1 - EVERYWHERE) * score + EVERYWHERE * everywhere
        whole = told / ((told + untold) or 1) * min(1, covered / TELLING)
        return Match(mark, words, self._tier(words, found, sure), score, everywhere, told=whole)

    def _exactness(self, words):
        """How exactly a name is what was typed: 1; less in another writing; 0 if it is not."""
        if words == self.whole:
            return 1
        # Hardly any begins alike.
        is_alike = words[0] == self.first and _without_and(words) == self.alike
        return OTHERWISE_WRITTEN if is_alike else 0

    def _place_weight(self, words):
        """How what a place covers counts: more where all of it was typed next to something else."""
        place = tuple(words)
        if place not in self.places:
            saying = self.countries.get(place)
            is_whole = saying or all(1 in self.likeness.get(word, {}).values() for word in place)
            is_asked_for = is_whole and len(self.terms) > len(saying or place)
            weight = COUNTRY if place in country_names() else CITY
            self.places[place] = weight if is_asked_for else OTHER_FACTS
        return self.places[place]

    def _tier(self, words, found, sure):
        beginning = words[: len(self.whole)]
        if beginning == self.whole or beginning == self.otherwise:
            return BEGINS
        if len(self.terms) == 1:
            if sure is not found and found.get(0, 0) < 1:
                return ABBREVIATED
            if found.get(0) == BEGUN_LIKENESS:
                return BEGUN
        elif self.needed and all(found.get(number, 0) == 1 for number in self.needed):
            return HOLDS
        return COVERS

    def _respelt(self, words):
        """Those of the words that stand for what was typed otherwise."""
        if not self.is_respelt:
            return ()
        return tuple(
            word
            for word in words
            for number, sure in self.likeness.get(word, {}).items()
            if sure in (RESPELT_LIKENESS, GUESSED_LIKENESS)
            and self.terms[number].is_respelt
            and not self.terms[number].is_of(word)
        )


def _without_and(words):
    return [word for word in words if word not in AND]


def _likeness(term, word):
    """How surely a word is one of the alternatives that a term stands for."""
    if word in term.same:
        return 1
    return GUESSED_LIKENESS if word in term.guesses else RESPELT_LIKENESS


def _quality(found):
    return (-found.tier, found.score, -ORDER.index(found.mark))


ORDER = (OFFICIAL, ACRONYM, TRANSLATED, OTHER, FORMER, PERSON, NUMBER, PLACE)


def best_first(found):
    """`{key: Match}` of these `(row, Match)`, best first; a row is as `rows.ranked_by()` has it."""

    def order(pair):
        (_key, _text, state, checked_on, name, slug), why = pair
        age = -checked_on.toordinal() if checked_on else 0
        return (why.tier, -round(why.score, 6), state == "closed", age, name, slug)

    matched = sorted((pair for pair in found if pair[1]), key=order)
    return {row[0]: why for row, why in matched}
