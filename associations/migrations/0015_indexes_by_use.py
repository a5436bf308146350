"""Indexes with which another one begins go, one that the overview counts by comes."""

import django.db.models.deletion
from django.db import migrations, models

# A many-to-many field makes it beside the unique one that begins with it.
OF_SECTORS = "associations_association_sectors_association_id_990391b3"


class Migration(migrations.Migration):
    dependencies = [
        ("associations", "0014_imports"),
    ]

    operations = [
        migrations.AlterField(
            model_name="citation",
            name="association",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="citations",
                to="associations.association",
                verbose_name="association",
            ),
        ),
        migrations.AlterField(
            model_name="identifier",
            name="scheme",
            field=models.SlugField(
                db_index=False,
                help_text="Whose number it is, as in it-cf (Italian tax code), lei or"
                " de-lobbyregister.",
                max_length=40,
                verbose_name="scheme",
            ),
        ),
        migrations.RunSQL(
            f"DROP INDEX {OF_SECTORS}",
            f"CREATE INDEX {OF_SECTORS} ON associations_association_sectors (association_id)",
        ),
        migrations.AddIndex(
            model_name="association",
            index=models.Index(fields=["founding_date", "state"], name="association_by_founding"),
        ),
    ]
