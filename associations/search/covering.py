"""Near matches: the cards that cover most of what was typed, weighed by how rare its words are."""

import numpy as np

from . import rows
from .abbreviations import shortenings, splits
from .documents import INITIALS_PREFIX
from .ranking import SYLLABLES, best_first

# The words of a question stand in so many documents together that are weighed.
WEIGHED, WEIGHED_KEPT = 4000, 500
CANDIDATES = 60
# A candidate has at least this share of the weight that the heaviest has.
WORTH_IT = 0.4
LONGEST_NAME = 10
# So many of the best are ranked again, with how rare the words of their names are.
REFINED = 30
COVERED, WHOLE_NAME = 0.3, 0.95
SPLITS, ABBREVIATED_KEPT = 12, 150
# No key of a card has such a letter.
NOBODY = "-"


def likeliest(question, terms, look_up, shown, rows_of):
    """`{key: Match}` of the cards that cover most of what was typed, best first; bounded.

    The `question` learns how rare the words of their names are. `look_up` gives the keys in the
    index of each of several queries, `shown` those of the first of some keys that are looked for,
    `rows_of` their columns as `rows.ranked_by()` has them.
    """
    candidates = np.array(list(_candidates(terms, look_up)), np.int64)
    found, touched = {}, {}
    for row in rows_of(shown(candidates)[:CANDIDATES].tolist()):
        parts = question.touched(row[1])
        why = question.best(parts)
        if why and _is_near(why):
            found[row] = why
            touched[row[0]] = parts
    best = list(best_first(found.items()))[:REFINED]
    ranked = {row[0]: row for row in found}
    question.learn(touched[key] for key in best)
    return best_first((ranked[key], question.best(touched[key])) for key in best)


def weighed(terms):
    """Those of these terms whose documents are weighed, the rarest first."""
    known = [term for term in terms if term.wide_frequency and not term.is_little]
    known.sort(key=lambda term: (term.wide_frequency, term.typed))
    found, budget = [], WEIGHED
    for term in known:
        if term.wide_frequency <= budget or not found:
            found.append(term)
            budget -= term.wide_frequency
    return found


def _is_near(why):
    """Whether it covers a good part of what was typed, or what was typed holds a whole name."""
    return why.tier == SYLLABLES or why.covered >= COVERED or why.told >= WHOLE_NAME


def _candidates(terms, look_up):
    """The keys of cards that cover most of what was typed, by weight, the likeliest first."""
    keys = dict.fromkeys(_whole_names(terms))
    keys.update(dict.fromkeys(_heaviest(weighed(terms), look_up)))
    if len(terms) == 1 and terms[0].is_short:
        for queries in _abbreviated(terms[0].typed):
            keys.update(dict.fromkeys(look_up([queries])[0][:ABBREVIATED_KEPT].tolist()))
            if len(keys) >= CANDIDATES:
                break
    return keys


def _whole_names(terms):
    """The keys of cards whose whole name or acronym is a part of what was typed; a query."""
    typed = [term.typed for term in terms]
    names = {
        "0".join(typed[first:last])[:200]
        for first in range(len(typed))
        for last in range(first + 2, min(first + LONGEST_NAME, len(typed)) + 1)
    }
    acronyms = [term.typed for term in terms if term.is_short]
    if not names and not acronyms:
        return []
    return rows.called_any(sorted(names) or [NOBODY], acronyms or [NOBODY])


def _heaviest(terms, look_up):
    """The keys of cards in which the most of these terms stand, by weight; a query."""
    if not terms:
        return []
    found = look_up([[[term.wide_group]] for term in terms])
    weights = np.repeat([term.weight for term in terms], [len(keys) for keys in found])
    keys = np.concatenate(found)
    # Each of the found is in order: what this way of sorting is quick at.
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    firsts = np.flatnonzero(np.diff(keys, prepend=-1))
    keys = keys[firsts]
    totals = np.add.reduceat(weights[order], firsts).round(3) if len(keys) else weights
    order = np.lexsort((keys, -totals))[:WEIGHED_KEPT]
    worth = totals[order] >= totals.max(initial=0) * WORTH_IT
    return keys[order][worth].tolist()


def _abbreviated(short):
    """What to ask the index for names of which this may be the acronym, the likeliest first."""
    if len(short) > 2:
        yield [[[(INITIALS_PREFIX + short, True)]]]
    for each in shortenings(short):
        yield [[[(INITIALS_PREFIX + letters, False) for letters in each]]]
    if ways := splits(short)[:SPLITS]:
        yield [[[(part, True)] for part in parts] for parts in ways]
