import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import associations.models.contacts


class Migration(migrations.Migration):
    dependencies = [
        ("associations", "0015_indexes_by_use"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Distinction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="noted")),
            ],
            options={
                "verbose_name": "two bodies, not one",
                "verbose_name_plural": "two bodies, not one",
                "ordering": ["-at", "pk"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AlterModelOptions(
            name="submission",
            options={
                "base_manager_name": "objects",
                "ordering": ["at", "association"],
                "verbose_name": "submission",
                "verbose_name_plural": "submissions",
            },
        ),
        migrations.RemoveIndex(
            model_name="contactpoint",
            name="contact_point_e164",
        ),
        migrations.AddField(
            model_name="contactpoint",
            name="host",
            field=associations.models.contacts.HostField(
                blank=True, editable=False, max_length=253, verbose_name="host"
            ),
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(
                fields=["sort_key", "country", "association"], name="card_by_namesake"
            ),
        ),
        migrations.AddIndex(
            model_name="contactpoint",
            index=models.Index(fields=["e164", "association"], name="contact_point_by_number"),
        ),
        migrations.AddIndex(
            model_name="contactpoint",
            index=models.Index(fields=["host", "association"], name="contact_point_by_host"),
        ),
        migrations.AddIndex(
            model_name="identifier",
            index=models.Index(fields=["value", "association"], name="identifier_by_value"),
        ),
        migrations.AddField(
            model_name="distinction",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="noted by",
            ),
        ),
        migrations.AddField(
            model_name="distinction",
            name="first",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="associations.association",
            ),
        ),
        migrations.AddField(
            model_name="distinction",
            name="second",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="associations.association",
            ),
        ),
        migrations.AddConstraint(
            model_name="distinction",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="distinct_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="distinction",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="distinct_once"),
        ),
    ]
