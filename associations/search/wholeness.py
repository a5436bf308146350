"""Whether the index has what it should: asked often, so of some cards at a time, not of all."""

import random

from django.db import connections, router

from ..composed import composed_once
from ..models.card import Card
from .documents import vocabulary
from .hits import BACKENDS, BROAD, documents_of
from .vocabulary import frequencies

# So many cards with neighbouring keys are looked up, wherever chance begins.
LOOKED_UP = 50


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
    # A word that stands in many entries takes long to look up.
    rarest = {key: word for key, word in rarest.items() if known.get(word, 0) <= BROAD}
    if not rarest:
        return []
    using = router.db_for_read(Card)
    queries = [[[(word, False)]] for word in sorted(set(rarest.values()))]
    found = set(BACKENDS[connections[using].vendor].keys(queries, using).tolist())
    return [key for key, word in rarest.items() if word not in known or key not in found]
