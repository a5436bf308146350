"""When each entry was last changed: so far, when the row of the association was last edited."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("associations", "0007_columns"),
    ]

    operations = [
        # Without a default: SQLite would have the table made anew, without its triggers.
        migrations.AddField(
            model_name="card",
            name="changed_at",
            field=models.DateTimeField(
                help_text="When anything of the entry was last written; not derived.", null=True
            ),
        ),
        migrations.RunSQL(
            "UPDATE associations_card SET changed_at = (SELECT updated_at"
            " FROM associations_association WHERE id = association_id)",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(fields=["changed_at", "association", "state"], name="card_by_news"),
        ),
    ]
