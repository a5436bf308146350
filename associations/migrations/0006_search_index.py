"""The index that proposes what a search finds, and the collation in which words are looked up."""

from django.db import migrations, models

from associations.search.operations import RunVendorSQL

CARD = "associations_card"
FTS = "associations_card_fts"
WORDS = "associations_card_words"
WORD = "associations_searchword"

CREATE_SQLITE = [
    f"""
    CREATE VIRTUAL TABLE {FTS} USING fts5(
        search_text, content='{CARD}', content_rowid='association_id',
        detail='none', columnsize=0, prefix='2 3',
        tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
    )
    """,
    f"""
    CREATE TRIGGER card_indexed_when_new AFTER INSERT ON {CARD} BEGIN
        INSERT INTO {FTS} (rowid, search_text) VALUES (NEW.association_id, NEW.search_text);
    END
    """,
    f"""
    CREATE TRIGGER card_indexed_when_changed AFTER UPDATE OF search_text ON {CARD}
    WHEN OLD.search_text <> NEW.search_text BEGIN
        INSERT INTO {FTS} ({FTS}, rowid, search_text)
        VALUES ('delete', OLD.association_id, OLD.search_text);
        INSERT INTO {FTS} (rowid, search_text) VALUES (NEW.association_id, NEW.search_text);
    END
    """,
    f"""
    CREATE TRIGGER card_indexed_when_deleted AFTER DELETE ON {CARD} BEGIN
        INSERT INTO {FTS} ({FTS}, rowid, search_text)
        VALUES ('delete', OLD.association_id, OLD.search_text);
    END
    """,
    f"INSERT INTO {FTS} ({FTS}) VALUES ('rebuild')",
]
DROP_SQLITE = [
    "DROP TRIGGER card_indexed_when_new",
    "DROP TRIGGER card_indexed_when_changed",
    "DROP TRIGGER card_indexed_when_deleted",
    f"DROP TABLE {FTS}",
]
CREATE_POSTGRESQL = [
    # A table of its own, so that a million hits are read from a narrow one.
    f"CREATE TABLE {WORDS} (association_id bigint PRIMARY KEY, words tsvector NOT NULL)",
    # Each change goes into the index at once: no search has to look through a list of late ones.
    f"CREATE INDEX card_words_index ON {WORDS} USING gin (words) WITH (fastupdate = off)",
    f"""
    CREATE FUNCTION card_indexed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            DELETE FROM {WORDS} WHERE association_id = OLD.association_id;
        ELSIF TG_OP = 'INSERT' THEN
            INSERT INTO {WORDS} VALUES (
                NEW.association_id, array_to_tsvector(string_to_array(NEW.search_text, ' '))
            );
        ELSIF OLD.search_text <> NEW.search_text THEN
            UPDATE {WORDS} SET words = array_to_tsvector(string_to_array(NEW.search_text, ' '))
            WHERE association_id = NEW.association_id;
        END IF;
        RETURN NULL;
    END $$
    """,
    f"""
    INSERT INTO {WORDS}
    SELECT association_id, array_to_tsvector(string_to_array(search_text, ' ')) FROM {CARD}
    """,
    f"""
    CREATE TRIGGER card_indexed AFTER INSERT OR UPDATE OR DELETE ON {CARD}
    FOR EACH ROW EXECUTE FUNCTION card_indexed()
    """,
    # By code point, as SQLite and Python compare: so that a range of words is one beginning.
    f'ALTER TABLE {WORD} ALTER word TYPE varchar(64) COLLATE "C"',
    f'ALTER TABLE {WORD} ALTER backwards TYPE varchar(64) COLLATE "C"',
    f'ALTER TABLE {CARD} ALTER sort_key TYPE varchar(200) COLLATE "C"',
    f'ALTER TABLE {CARD} ALTER acronym_key TYPE varchar(200) COLLATE "C"',
    f'ALTER TABLE {CARD} ALTER slug TYPE varchar(100) COLLATE "C"',
]
DROP_POSTGRESQL = [
    f'ALTER TABLE {CARD} ALTER slug TYPE varchar(100) COLLATE "default"',
    f'ALTER TABLE {CARD} ALTER sort_key TYPE varchar(200) COLLATE "default"',
    f"DROP TRIGGER card_indexed ON {CARD}",
    "DROP FUNCTION card_indexed",
    f"DROP TABLE {WORDS}",
]


class Migration(migrations.Migration):
    dependencies = [("associations", "0005_data_version")]

    operations = [
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("backwards", models.CharField(blank=True, max_length=64)),
                ("length", models.PositiveSmallIntegerField()),
                ("frequency", models.IntegerField(default=0)),
            ],
            options={
                "verbose_name": "word of the search",
                "verbose_name_plural": "words of the search",
                "indexes": [
                    models.Index(
                        fields=["backwards", "length", "frequency", "word"],
                        name="search_word_backwards",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="card",
            name="acronym_key",
            field=models.CharField(blank=True, max_length=200, default=""),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(fields=["acronym_key"], name="card_by_acronym"),
        ),
        # Few cards have one. An index over all of them is taken for a bad one, and passed over.
        migrations.AlterField(
            model_name="card",
            name="confederation",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=models.deletion.SET_NULL,
                related_name="+",
                to="associations.association",
            ),
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(
                fields=["confederation"],
                condition=models.Q(confederation__isnull=False),
                name="card_by_confederation",
            ),
        ),
        # Documents are written otherwise by now: the first look at the directory, or
        # `manage.py reindex`, writes the cards anew.
        migrations.RunSQL(
            f"UPDATE {CARD} SET search_text = '', changes_on = '2000-01-01'",
            migrations.RunSQL.noop,
        ),
        RunVendorSQL(
            {"sqlite": CREATE_SQLITE, "postgresql": CREATE_POSTGRESQL},
            {"sqlite": DROP_SQLITE, "postgresql": DROP_POSTGRESQL},
        ),
    ]
