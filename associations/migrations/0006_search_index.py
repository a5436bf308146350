"""The index that proposes what a search finds, and the collation in which words are looked up."""

from django.db import migrations, models

from associations.search.operations import RunVendorSQL

CARD = "associations_card"
FTS = "associations_card_fts"
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
    f"""
    CREATE INDEX card_documents ON {CARD}
    USING gin (array_to_tsvector(string_to_array(search_text, ' ')))
    """,
    # By code point, as SQLite and Python compare: so that a range of words is one beginning.
    f'ALTER TABLE {WORD} ALTER word TYPE varchar(64) COLLATE "C"',
    f'ALTER TABLE {WORD} ALTER backwards TYPE varchar(64) COLLATE "C"',
    f'ALTER TABLE {CARD} ALTER sort_key TYPE varchar(200) COLLATE "C"',
]
DROP_POSTGRESQL = [
    f'ALTER TABLE {CARD} ALTER sort_key TYPE varchar(200) COLLATE "default"',
    "DROP INDEX card_documents",
]


class Migration(migrations.Migration):
    dependencies = [("associations", "0005_data_version")]

    operations = [
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("backwards", models.CharField(max_length=64)),
                ("length", models.PositiveSmallIntegerField()),
                ("frequency", models.IntegerField(default=0)),
            ],
            options={
                "verbose_name": "word of the search",
                "verbose_name_plural": "words of the search",
                "indexes": [
                    models.Index(
                        fields=["word", "length", "frequency"], name="search_word_forwards"
                    ),
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
            field=models.CharField(blank=True, max_length=200, db_index=True, default=""),
            preserve_default=False,
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
