import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("associations", "0017_hosts_of_websites"),
    ]

    operations = [
        migrations.CreateModel(
            name="Visits",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("number", models.PositiveIntegerField()),
                (
                    "association",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="visits",
                        to="associations.association",
                    ),
                ),
            ],
            options={
                "verbose_name": "visits of a month",
                "verbose_name_plural": "visits of a month",
                "indexes": [
                    models.Index(fields=["month", "-number", "association"], name="visits_most")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("association", "month"), name="one_number_a_month"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="correction",
            name="taken_back",
            field=models.JSONField(
                default=dict, editable=False, encoder=django.core.serializers.json.DjangoJSONEncoder
            ),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(
                condition=models.Q(("entry__isnull", False)),
                fields=["entry", "job"],
                name="row_by_entry",
            ),
        ),
    ]
