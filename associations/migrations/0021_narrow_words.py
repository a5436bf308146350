"""PostgreSQL reads the hits of a broad word from a table as narrow as can be: nothing but keys.

It looks each hit up in that table, to see whether it is still there. With the words in its rows
these stood on six times as many pages.
"""

from importlib import import_module

from django.db import migrations

from associations.search.operations import RunVendorSQL

CARD = "associations_card"
WORDS = "associations_card_words"
CHANGED = "gone JOIN written USING (association_id) WHERE gone.search_text <> written.search_text"

DROP = [
    f"DROP TRIGGER card_indexed_when_new ON {CARD}",
    f"DROP TRIGGER card_indexed_when_changed ON {CARD}",
    f"DROP TRIGGER card_indexed_when_deleted ON {CARD}",
    "DROP FUNCTION card_indexed",
    f"DROP TABLE {WORDS}",
    "DROP FUNCTION card_document",
]
CREATE = [
    # Called immutable, as an index asks: with each other document the row is another one, too.
    # Not called safe in parallel: to start other processes takes longer than to look a word up.
    f"""
    CREATE FUNCTION card_document(key bigint) RETURNS tsvector
    LANGUAGE sql IMMUTABLE BEGIN ATOMIC
        SELECT array_to_tsvector(string_to_array(search_text, ' ')) FROM {CARD}
        WHERE association_id = key;
    END
    """,
    f"CREATE TABLE {WORDS} (association_id bigint PRIMARY KEY)",
    f"INSERT INTO {WORDS} SELECT association_id FROM {CARD} ORDER BY association_id",
    f"""
    CREATE INDEX card_words_index ON {WORDS} USING gin (card_document(association_id))
    WITH (fastupdate = off)
    """,
    # However much a word may find: no plan is to make the document of each row.
    "ALTER INDEX card_words_index ALTER COLUMN 1 SET STATISTICS 0",
    f"""
    CREATE FUNCTION card_indexed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO {WORDS} SELECT association_id FROM written ORDER BY association_id;
        ELSIF TG_OP = 'UPDATE' THEN
            DELETE FROM {WORDS} WHERE association_id IN (SELECT association_id FROM {CHANGED});
            INSERT INTO {WORDS} SELECT association_id FROM {CHANGED} ORDER BY association_id;
        ELSE
            DELETE FROM {WORDS} WHERE association_id IN (SELECT association_id FROM gone);
        END IF;
        RETURN NULL;
    END $$
    """,
    f"""
    CREATE TRIGGER card_indexed_when_new AFTER INSERT ON {CARD}
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION card_indexed()
    """,
    f"""
    CREATE TRIGGER card_indexed_when_changed AFTER UPDATE ON {CARD}
    REFERENCING OLD TABLE AS gone NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION card_indexed()
    """,
    f"""
    CREATE TRIGGER card_indexed_when_deleted AFTER DELETE ON {CARD}
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION card_indexed()
    """,
]
wide = import_module("associations.migrations.0006_search_index")
CREATE_WIDE = [statement for statement in wide.CREATE_POSTGRESQL if "ALTER TABLE" not in statement]
DROP_WIDE = [statement for statement in wide.DROP_POSTGRESQL if "ALTER TABLE" not in statement]


class Migration(migrations.Migration):
    dependencies = [("associations", "0020_digests_of_columns")]

    operations = [
        RunVendorSQL(
            {"sqlite": [], "postgresql": DROP_WIDE + CREATE},
            {"sqlite": [], "postgresql": DROP + CREATE_WIDE},
        )
    ]
