"""Indexes without what nobody asks them for: they were a tenth of a large directory.

Nine of ten words are numbers, of which nobody asks how they end; few foundings are known.
"""

from django.db import migrations, models

from associations.search.operations import RunVendorSQL

WORD = "associations_searchword"
COLUMNS = "word, backwards, length, frequency"
ENDS_OF_WORDS = ["backwards", "length", "frequency", "word"]
FOUNDINGS = ["founding_date", "state"]


def words_anew(end):
    """The table of words once more, with this at the end of what makes it."""
    return [
        f"""
        CREATE TABLE {WORD}_new (
            word varchar(64) NOT NULL PRIMARY KEY,
            backwards varchar(64) NULL,
            length smallint unsigned NOT NULL CHECK (length >= 0),
            frequency integer NOT NULL
        ) {end}
        """,
        f"INSERT INTO {WORD}_new ({COLUMNS}) SELECT {COLUMNS} FROM {WORD} ORDER BY word",
        f"DROP TABLE {WORD}",
        f"ALTER TABLE {WORD}_new RENAME TO {WORD}",
    ]


class Migration(migrations.Migration):
    dependencies = [("associations", "0021_narrow_words")]

    operations = [
        migrations.RemoveIndex(model_name="searchword", name="search_word_backwards"),
        migrations.RemoveIndex(model_name="association", name="association_by_founding"),
        migrations.AlterField(
            model_name="searchword",
            name="backwards",
            field=models.CharField(blank=True, max_length=64, null=True),
        ),
        migrations.RunSQL(
            f"UPDATE {WORD} SET backwards = NULL WHERE backwards = ''",
            f"UPDATE {WORD} SET backwards = '' WHERE backwards IS NULL",
        ),
        RunVendorSQL(
            {
                # Their rows stand in the order of the words, without an index beside them.
                "sqlite": words_anew("WITHOUT ROWID"),
                # What Django made for LIKE: words are in the order that this needs, slugs are
                # never looked up by it.
                "postgresql": [
                    f"DROP INDEX IF EXISTS {WORD}_word_7958d1e7_like",
                    "DROP INDEX IF EXISTS associations_association_slug_9a506dbc_like",
                ],
            },
            {"sqlite": words_anew(""), "postgresql": []},
        ),
        migrations.AddIndex(
            model_name="searchword",
            index=models.Index(
                fields=ENDS_OF_WORDS,
                condition=models.Q(backwards__isnull=False),
                name="search_word_backwards",
            ),
        ),
        migrations.AddIndex(
            model_name="association",
            index=models.Index(
                fields=FOUNDINGS,
                condition=models.Q(founding_date__gt=""),
                name="association_by_founding",
            ),
        ),
    ]
