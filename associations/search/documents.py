"""What an association is found by: one line of text, kept on its card and indexed by the database.

The words of each part follow the mark of what it is, all parted by single blanks:
`= aicco # aicco @ leonardo abbruzzese ; roma % 39800200111`.
"""

from functools import lru_cache

from .abbreviations import initials
from .text import words

OFFICIAL, ACRONYM, FORMER, TRANSLATED, OTHER = "=", "#", "<", "~", "&"
PERSON, PLACE, NUMBER, INITIALS = "@", ";", "%", "!"
NAMES = (OFFICIAL, ACRONYM, FORMER, TRANSLATED, OTHER)
MARKS = frozenset([*NAMES, PERSON, PLACE, NUMBER, INITIALS])
# Initials are words that nobody types.
INITIALS_PREFIX = "0i"


def document(parts):
    """The line for these `(mark, text)`; the initials of its names are added."""
    found = {}
    for mark, text in parts:
        if cleaned := _cleaned(text):
            found[mark, cleaned] = None
    short = {}
    for mark, name in found:
        if mark in NAMES and mark != ACRONYM:
            for each in initials(name.split()):
                short[INITIALS, INITIALS_PREFIX + each] = None
    return " ".join(f"{mark} {text}" for mark, text in [*found, *short])


# Of a thousand documents that are written together, many tell of one place.
@lru_cache(maxsize=10_000)
def _cleaned(text):
    return " ".join(words(text))


def vocabulary(line):
    """The set of the words of a document."""
    return set(line.split(" ")).difference(MARKS, ("",))
