"""What entries are filtered and counted by, packed; the indexes that did it before go."""

from django.db import migrations, models

from associations.search.operations import RunVendorSQL


class Migration(migrations.Migration):
    dependencies = [
        ("associations", "0006_search_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="ColumnBlock",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("records", models.BinaryField()),
            ],
            options={
                "verbose_name": "block of columns",
                "verbose_name_plural": "blocks of columns",
            },
        ),
        migrations.CreateModel(
            name="FacetValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("facet", models.CharField(max_length=15)),
                ("value", models.CharField(max_length=2000)),
            ],
            options={
                "verbose_name": "value of a filter",
                "verbose_name_plural": "values of filters",
            },
        ),
        migrations.RemoveIndex(
            model_name="card",
            name="card_by_name",
        ),
        migrations.RemoveIndex(
            model_name="card",
            name="card_by_place",
        ),
        migrations.RemoveIndex(
            model_name="card",
            name="card_by_state",
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(fields=["sort_key", "slug", "association"], name="card_by_name"),
        ),
        migrations.AddConstraint(
            model_name="facetvalue",
            constraint=models.UniqueConstraint(
                fields=("facet", "value"), name="one_number_for_a_facet_value"
            ),
        ),
        # Not compressed: all of it is read at once, and it hardly gets smaller.
        RunVendorSQL(
            {
                "sqlite": [],
                "postgresql": [
                    "ALTER TABLE associations_columnblock ALTER records SET STORAGE EXTERNAL"
                ],
            },
            {"sqlite": [], "postgresql": []},
        ),
    ]
