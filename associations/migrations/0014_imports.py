"""Imports of the desk: files, what each of their rows would do, remembered headers."""

import django.db.models.deletion
from django.apps import apps as installed
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

EDITORS = ("view_importjob", "add_importjob")


def let_editors_import(apps, schema_editor):
    # As in 0003: permissions are made after all migrations, a new database needs them here.
    config = installed.get_app_config("associations")
    create_permissions(config, apps=apps, using=schema_editor.connection.alias, verbosity=0)
    Permission = apps.get_model("auth", "Permission")
    wanted = Permission.objects.filter(content_type__app_label="associations", codename__in=EDITORS)
    for group in apps.get_model("auth", "Group").objects.filter(name__in=["Editors", "Publishers"]):
        group.permissions.add(*wanted)


class Migration(migrations.Migration):
    dependencies = [
        ("associations", "0013_corrections"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HeaderMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("mapping", models.JSONField(default=dict)),
                ("defaults", models.JSONField(default=dict)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "remembered header",
                "verbose_name_plural": "remembered headers",
            },
        ),
        migrations.CreateModel(
            name="ImportJob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=255, verbose_name="file")),
                ("packed", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="when")),
                ("header", models.JSONField(default=list)),
                ("first_rows", models.JSONField(default=list)),
                ("mapping", models.JSONField(default=dict)),
                ("defaults", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "uploaded"),
                            ("previewing", "being read"),
                            ("previewed", "to be decided"),
                            ("confirming", "being written"),
                            ("done", "done"),
                            ("undoing", "being taken back"),
                            ("failed", "failed"),
                            ("undone", "undone"),
                        ],
                        default="uploaded",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("run", models.PositiveIntegerField(default=0)),
                ("beat_at", models.DateTimeField(null=True)),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("done", models.PositiveIntegerField(default=0)),
                ("publishes", models.BooleanField(default=False)),
                ("report", models.JSONField(default=dict)),
                ("problem", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-uploaded_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.PositiveIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("doubtful", "doubtful"),
                            ("wrong", "wrong"),
                            ("new", "new"),
                            ("changed", "changed"),
                            ("gone", "gone"),
                            ("withdrawn", "withdrawn, left alone"),
                            ("confirmed", "same, newer evidence"),
                            ("same", "same"),
                        ],
                        max_length=10,
                    ),
                ),
                ("told", models.JSONField(default=dict)),
                ("entry", models.BigIntegerField(null=True)),
                ("cells", models.JSONField(default=list)),
                ("problems", models.JSONField(default=list)),
                ("doubts", models.JSONField(default=list)),
                ("notes", models.JSONField(default=list)),
                ("is_noted", models.BooleanField(default=False)),
                ("candidates", models.JSONField(default=list)),
                ("choice", models.CharField(blank=True, max_length=20)),
                ("basis", models.CharField(blank=True, max_length=64)),
                ("is_ticked", models.BooleanField(default=True)),
                ("has_changed_meanwhile", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "row of an import",
                "verbose_name_plural": "rows of an import",
                "ordering": ["job", "line", "pk"],
            },
        ),
        migrations.AddField(
            model_name="importjob",
            name="changeset",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="imports",
                to="associations.changeset",
            ),
        ),
        migrations.AddField(
            model_name="importjob",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="confirmed by",
            ),
        ),
        migrations.AddField(
            model_name="importjob",
            name="undone_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="taken back by",
            ),
        ),
        migrations.AddField(
            model_name="importjob",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who",
            ),
        ),
        migrations.AddField(
            model_name="importrow",
            name="job",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="associations.importjob",
            ),
        ),
        migrations.AddIndex(
            model_name="importjob",
            index=models.Index(fields=["-uploaded_at", "-id"], name="import_by_time"),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(fields=["job", "outcome", "line", "id"], name="row_by_outcome"),
        ),
        migrations.RunPython(let_editors_import, migrations.RunPython.noop),
    ]
