"""Countries in what was typed, however they are called."""

from functools import cache

from .. import countries
from .text import words

# What is Latin American is not of the United States.
OTHER_AMERICAS = {"latin", "latino", "latina", "south", "sud", "central", "centro"}


def countries_in(typed):
    """`{word: (word, …)}` of those words that call a country otherwise than documents do, alone or
    with those next to them: the words by which it stands there."""
    found, seen = {}, set()
    for size in range(_longest(), 0, -1):
        for first in range(len(typed) - size + 1):
            said = tuple(typed[first : first + size])
            if said in _called() and seen.isdisjoint(said):
                seen.update(said)
                if said not in country_names():
                    found.update(dict.fromkeys(said, _called()[said]))
    return found


def countries_of(typed):
    """`{word: (word, …)}` of those words that say of what country something is, as in “german” and
    “south african”."""
    found = {}
    for said in (*zip(typed, typed[1:], strict=False), *zip(typed)):
        if said in _whose() and found.keys().isdisjoint(said):
            found.update(dict.fromkeys(said, _whose()[said]))
    for before, word in zip(typed, typed[1:], strict=False):
        if word.startswith("american") and before in OTHER_AMERICAS:
            found.pop(word, None)
    return found


@cache
def country_names():
    """The words of each country's names, as they stand in documents."""
    found = (name for code in countries.names("en") for name in countries.names_of(code))
    return {tuple(words(name)) for name in found}


@cache
def one_word_names(country):
    """Those names of a country, given as the words of the English one, that are a single word:
    “united” is none."""
    in_english = countries.names("en").items()
    code = next(code for code, name in in_english if tuple(words(name)) == country)
    names = (words(name) for name in countries.names_of(code))
    return {name[0] for name in names if len(name) == 1}


@cache
def _called():
    """By what a country is called: the words by which it stands in documents."""
    in_english = countries.names("en")
    names = ((tuple(words(name)), code) for name, code in countries.writings().items())
    found = {said: tuple(words(in_english[code])) for said, code in names}
    return found | {said: said for said in country_names()}


@cache
def _whose():
    """By what is of a country: the words by which it stands in documents."""
    in_english = countries.names("en")
    names = ((tuple(words(name)), code) for name, code in countries.adjectives().items())
    return {said: tuple(words(in_english[code])) for said, code in names if said not in _called()}


@cache
def _longest():
    return max(map(len, _called()))
