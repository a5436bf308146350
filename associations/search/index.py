"""The index of the words of all cards, and whether it has what it should.

That is asked often, so of some cards at a time, not of all.
"""

import random

from django.db import connections, router, transaction

from ..composed import composed_once
from ..models.card import Card
from . import postgresql, sqlite
from .documents import vocabulary
from .rows import documents_of
from .vocabulary import frequencies, is_right, recount

BACKENDS = {"sqlite": sqlite, "postgresql": postgresql}
# A word that stands in more entries is broad: what has it takes long to look up.
BROAD = 2000
# So many cards with neighbouring keys are looked up, wherever chance begins.
LOOKED_UP = 50


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


def is_whole():
    """Whether the vocabulary and the index know some of the cards; 4 queries where they do.

    Where the directory is no larger than that, all of its cards.
    """
    newest = Card.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    first = random.randint(0, max(newest - LOOKED_UP, 0))
    # What somebody changed between two of the queries is there when it is looked up once more.
    lacking = _lacking(_from(first))
    return not (lacking and _lacking(documents_of(lacking)))


@composed_once(Card)
def _from(key):
    cards = Card.objects.filter(pk__gte=key).order_by("pk")
    return cards.values_list("pk", "search_text")[:LOOKED_UP]


def _lacking(cards):
    """The keys of those of these `(key, document)` that cannot be found by their rarest word."""
    documents = {key: words for key, line in cards if (words := vocabulary(line))}
    known = frequencies(sorted(set().union(*documents.values())))
    rarest = {key: min(words, key=lambda w: known.get(w, 0)) for key, words in documents.items()}
    rarest = {key: word for key, word in rarest.items() if known.get(word, 0) <= BROAD}
    if not rarest:
        return []
    using = router.db_for_read(Card)
    queries = [[[(word, False)]] for word in sorted(set(rarest.values()))]
    found = set(BACKENDS[connections[using].vendor].keys(queries, using).tolist())
    return [key for key, word in rarest.items() if word not in known or key not in found]


def _documents():
    cards = Card.objects.order_by().values_list("search_text", flat=True)
    return cards.iterator(chunk_size=2000)
