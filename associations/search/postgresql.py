"""Candidates from a GIN index over the words of the documents (migration 0021 makes its table, of
keys alone, and keeps it in step with the cards)."""

import numpy as np
from django.db import connections
from django.db.models.expressions import RawSQL

from ..composed import binary_cursor

MATCHED = "FROM associations_card_words WHERE card_document(association_id) @@"


def documents(queries):
    """The keys of the cards whose document matches one of the queries: see `sqlite.documents()`."""
    return matching(written(queries))


def matching(query):
    """The same for what `written()` makes of them."""
    # As an array, of which the planner always expects little: no plan looks all cards through. It
    # does not see the query, nor plan again for another one.
    sql = f"SELECT unnest(ARRAY(SELECT association_id {MATCHED} (SELECT %s)::tsquery))"
    return RawSQL(sql, [query])


def keys(queries, using):
    """The same keys as an array, in order: see `sqlite.keys()`."""
    return keys_of_each([queries], using)[0]


def keys_of_each(several, using):
    """The same for each of several such `queries`; one query."""
    selects = (
        f"SELECT {number}, string_agg(int8send(association_id), ''::bytea) {MATCHED} %s::tsquery"
        for number in range(len(several))
    )
    with binary_cursor(using) as cursor:
        cursor.execute(" UNION ALL ".join(selects), list(map(written, several)))
        found = dict(cursor.fetchall())
    return [_read(found.pop(number)) for number in range(len(several))]


def _read(told):
    keys = np.frombuffer(told or b"", ">i8").astype(np.int64)
    # They come in order, or nearly so: what this way of sorting is quick at.
    keys.sort(kind="stable")
    return keys


def rebuild(using):
    """Make the index anew from the documents, and tell the planner how large the tables are."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "DELETE FROM associations_card_words AS indexed WHERE NOT EXISTS ("
            "SELECT FROM associations_card AS card"
            " WHERE card.association_id = indexed.association_id)"
        )
        cursor.execute(
            "INSERT INTO associations_card_words SELECT association_id FROM associations_card"
            " ON CONFLICT DO NOTHING"
        )
        cursor.execute("REINDEX INDEX card_words_index")
    settle(using)


def settle(using):
    """Tell the planner how large the tables are, after many rows were written."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "ANALYZE associations_card, associations_card_words, associations_searchword"
        )


def written(queries):
    """The queries in the words of the index."""
    return " | ".join(f"({' & '.join(map(_group, query))})" for query in queries)


def _group(group):
    return f"({' | '.join(_term(*alternative) for alternative in group)})"


def _term(word, is_beginning):
    if " " in word:
        return f"({' & '.join(_term(each, False) for each in word.split())})"
    return f"'{word}':*" if is_beginning else f"'{word}'"
