"""What was typed, as terms: each word with what the directory's own vocabulary makes of it."""

import math
import re
from dataclasses import dataclass, field

from .abbreviations import LEGAL, LONGEST, SMALL
from .documents import INITIALS_PREFIX
from .places import countries_in, countries_of, one_word_names
from .text import MAX_WORD, WORD, in_one_piece, numbers, words
from .vocabulary import beginning_with, frequencies, frequencies_and_beginning, near

MAX_TERMS = 24
REPAIRED = 3
# Of two words that may have been typed as one: fewer letters, fewer entries are chance.
SHORT, RARE = 4, 10
# What the address of a site begins with, whether or not it stands in the entry.
WEB = frozenset(["http", "https", "www"])
LITTLE_WORDS = SMALL | LEGAL | WEB
# How much words tell next to others: unknown ones, a guess at these, little ones, one in brackets.
UNKNOWN, RESPELT, LITTLE, ASIDE = 0.4, 0.6, 0.1, 0.3
# As in “Ass. naz.”, “Univ.”
SHORTENED = re.compile(r"\b[^\W\d_]{3,7}(?=\.)")
# As in “Verband der Chemischen Industrie (VCI)”.
BRACKETS = re.compile(r"[(\[]\s*([^\W_]+)\s*[)\]]")
# Where a blank was lost: “addressKhalifa”, “CONICETUniversidad”.
GLUED = re.compile(r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-ZÀ-ÖØ-Þ]{2})(?=[A-ZÀ-ÖØ-Þ][a-z]{2})")
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
TWO_LETTERS = re.compile("ae|oe|ue|aa")
# Shorter words have no other writing: “UES” is not “us”.
LONG = 4
# Up to so many entries of a country are looked through for near matches of what is of it.
WIDE = 2000


@dataclass
class Term:
    """A word that was typed: what it may stand for, and how much it tells (`weight`, in nats)."""

    typed: str
    alternatives: list = field(default_factory=list)
    weight: float = 0
    # The same word in another writing: “wuerzburg” of “würzburg”.
    same: list = field(default_factory=list)
    # Two words that it is put together from: “call center”.
    parted: list = field(default_factory=list)
    # The words by which the country stands in documents that it calls otherwise: “deutschland”.
    country: tuple = ()
    # The same for what is of a country, as in “german”, and how many entries are there, about.
    of_country: tuple = ()
    there: int = 0
    # Words spelt nearly so, though it stands somewhere as it was typed.
    guesses: list = field(default_factory=list)
    is_beginning: bool = False
    is_respelt: bool = False
    # A small word or a legal form: no entry is left out for the want of it.
    is_little: bool = False
    # The same for one word in brackets, which repeats in short what stands before.
    is_aside: bool = False
    # Perhaps an acronym: alone, or in capitals.
    is_short: bool = False
    # In how many entries it stands, about.
    frequency: int = 0

    @property
    def is_abroad(self):
        """Whether it calls a country in whose name, as documents have it, it does not stand."""
        return bool(self.country) and self.typed not in self.country

    def is_of(self, word):
        """Whether a word calls the country of which this says that something is."""
        country = self.of_country
        return bool(country) and (word in country or word in one_word_names(country))

    @property
    def is_needed(self):
        return not self.is_little and not self.is_aside

    @property
    def spellings(self):
        """The words that it may stand for, each with whether it is only a beginning; of two with a
        blank between them, both."""
        others = (word for word in self.alternatives if not self.is_beginning or word != self.typed)
        country = [" ".join(self.country)] if self.is_abroad else []
        group = [(word, False) for word in (*others, *self.parted, *country)]
        return [*group, (self.typed, True)] if self.is_beginning else group

    @property
    def group(self):
        """What it may stand for in the index: with the initials of names."""
        if not self.is_short:
            return self.spellings
        return [*self.spellings, (INITIALS_PREFIX + self.typed, False)]

    @property
    def wide_group(self):
        """The same where near matches are looked for: with what is in the country it is of, if
        that is not very much."""
        return [*self.group, (" ".join(self.of_country), False)] if self.is_wide else self.group

    @property
    def is_wide(self):
        return 0 < self.there <= WIDE

    @property
    def wide_frequency(self):
        return self.frequency + (self.there if self.is_wide else 0)


def read(text):
    """The `Term`s of a text; few queries, of which some for each word that stands nowhere."""
    if writings := numbers(text):
        return _number(writings)
    text = in_one_piece(text)
    umlauts = dict(zip(words(text), words(text.lower().translate(UMLAUTS)), strict=False))
    typed = list(dict.fromkeys(words(text)))[:MAX_TERMS]
    glued = _glued(text)
    joined = {a + b for a, b in zip(typed, typed[1:], strict=False)}
    halves = {word: _halves(word) for word in typed}
    other = {word: _other_writings(word, umlauts) for word in typed}
    abroad, of = countries_in(typed), countries_of(typed)
    last = typed[-1] if typed and len(typed[-1]) > 1 else ""
    known, begun = frequencies_and_beginning(
        {
            *typed,
            *joined,
            *(part for pairs in halves.values() for pair in pairs for part in pair),
            *(part for parts in glued.values() for part in parts),
            *(each for found in other.values() for each in found),
            *(each for found in (abroad, of) for country in found.values() for each in country),
        },
        last,
    )
    abroad, of = (
        {word: country for word, country in found.items() if all(each in known for each in country)}
        for found in (abroad, of)
    )
    said = abroad | of
    typed = list(dict.fromkeys(_taken_apart(typed, joined, glued, halves, other, said, known)))
    typed = typed[:MAX_TERMS]
    capitals = {word for each in WORD.findall(text) if each.isupper() for word in words(each)}
    if text.isupper():
        capitals = set()
    aside = {word for each in BRACKETS.findall(text) for word in words(each)}
    shortened = {word for each in SHORTENED.findall(text) for word in words(each)}
    terms = []
    for number, word in enumerate(typed):
        is_last = number == len(typed) - 1 and len(word) > 1
        term = Term(typed=word, is_beginning=is_last or word in shortened)
        around = [typed[at] for at in (number - 1, number + 1) if 0 <= at < len(typed)]
        together = [around[0] + word, word + around[-1]] if around else []
        for each in (word, *together, *other.get(word, ())):
            if each in known and each not in term.alternatives:
                term.alternatives.append(each)
        term.same = [each for each in other.get(word, ()) if each in known]
        term.parted = [" ".join(pair) for pair in _put_together(word, halves, known)]
        term.country = abroad.get(word, ())
        term.of_country = of.get(word, ())
        term.there = min((known[each] for each in term.of_country), default=0)
        term.frequency = sum(known[each] for each in term.alternatives)
        if term.is_abroad:
            term.frequency += min(known[each] for each in term.country)
        if term.is_beginning:
            number_begun = begun if word == last else beginning_with(word)
            term.frequency = max(term.frequency, number_begun)
            term.is_beginning = term.frequency > 0
        is_letters = word.isalpha() and 2 <= len(word) <= LONGEST
        term.is_short = is_letters and (len(typed) == 1 or word in capitals)
        term.is_little = len(typed) > 1 and (len(word) == 1 or word in LITTLE_WORDS)
        term.is_aside = word in aside and len(aside) < len(typed)
        terms.append(term)
    _repair(terms)
    _weigh(terms, known.get("", 1))
    return terms


def _glued(text):
    """`{word: its parts}` of the words in which a blank seems to be lost."""
    found = {}
    for each in WORD.findall(text):
        parts = GLUED.split(each)
        if len(parts) > 1 and all(len(part) > 1 for part in parts):
            cleaned = [word for part in parts for word in words(part)]
            found["".join(cleaned)] = cleaned
    return found


def _halves(word):
    return [(word[:at], word[at:]) for at in range(2, len(word) - 1)] if len(word) > 5 else []


def _other_writings(word, umlauts):
    """With one letter for two, and the other way round: wuerzburg, würzburg."""
    found = [umlauts.get(word, word)]
    if len(word) >= LONG:
        found.append(TWO_LETTERS.sub(lambda two: two[0][0], word))
    return [each for each in found if each != word]


def _taken_apart(typed, joined, glued, halves, other, said, known):
    """The words; those that stand nowhere are taken apart where both parts stand somewhere."""
    for number, word in enumerate(typed):
        around = {word + typed[number + 1]} if number + 1 < len(typed) else set()
        around |= {typed[number - 1] + word} if number else set()
        stands = word in known or word in said
        stands = stands or any(each in known for each in (*around, *other[word]))
        parts = None
        if not stands and any(part in known for part in glued.get(word, ())):
            parts = glued[word]
        elif not stands:
            pairs = (pair for pair in halves[word] if pair[0] in known and pair[1] in known)
            parts = max(pairs, key=lambda pair: min(known[p] for p in pair), default=None)
            # Short or rare parts stand in many words by chance: a misspelling is likelier, or that
            # the word is not typed to its end.
            if parts and _may_be_chance(parts, known):
                is_begun = number == len(typed) - 1 and beginning_with(word)
                parts = None if is_begun or near(word) else parts
        yield from parts or [word]


def _put_together(word, halves, known):
    """The pairs of words that it stands for, too: people write it in two more often than in one."""
    for pair in halves.get(word, ()):
        is_rarer = word in known and all(known.get(part, 0) > known[word] for part in pair)
        if is_rarer and not _may_be_chance(pair, known):
            yield pair


def _may_be_chance(parts, known):
    return min(map(len, parts)) < SHORT or min(known[part] for part in parts) < RARE


def _repair(terms):
    """Give the words that stand nowhere those that they may stand for: the longest few of them."""
    lost = [term for term in terms if not (term.frequency or term.there or term.is_little)]
    for term in sorted(lost, key=lambda term: -len(term.typed))[:REPAIRED]:
        term.alternatives = near(term.typed)
        term.is_respelt = bool(term.alternatives)
    found = {word for term in lost for word in term.alternatives}
    if found:
        known = frequencies(found)
        for term in lost:
            term.frequency = sum(known.get(word, 0) for word in term.alternatives)


def _weigh(terms, total):
    for term in terms:
        frequency = term.frequency or term.there
        term.weight = math.log(1 + total / (1 + frequency))
        if not frequency:
            term.weight *= UNKNOWN
        if term.is_respelt:
            term.weight *= RESPELT
        if term.is_little:
            term.weight *= LITTLE
        elif term.is_aside:
            term.weight *= ASIDE


def _number(writings):
    """A number in whatever writing: as typed, without a prefix for abroad, or begun."""
    forms = {form: None for each in writings for form in (each, each.lstrip("0")) if form}
    forms = [form[:MAX_WORD] for form in forms]
    typed = min(forms, key=len)
    term = Term(typed=typed if len(typed) > 4 else forms[0], alternatives=forms, is_beginning=True)
    term.weight, term.frequency = 1, 1
    return [term]
