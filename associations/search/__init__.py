"""Finding associations by what people type: `search()` is the one door.

What counts as a result: the entries in which every word that was typed stands, a misspelt word
repaired, the last one perhaps only begun. Where these are few, the entries that cover most of what
was typed, weighted by rarity, come after them, marked as near matches. The database's own index
proposes them, `ranking` orders them: the same on every database.
"""

from .abbreviations import significant
from .hits import SORTED, Hits, search
from .index import BACKENDS, is_whole, rebuild, settle, vocabulary_is_right
from .sorting import Sorted
from .text import sort_key, words

MAX_LENGTH = 1000

__all__ = [
    "BACKENDS",
    "MAX_LENGTH",
    "SORTED",
    "Hits",
    "Sorted",
    "is_whole",
    "rebuild",
    "search",
    "settle",
    "significant",
    "sort_key",
    "vocabulary_is_right",
    "words",
]
