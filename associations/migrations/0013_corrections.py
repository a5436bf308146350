"""Messages from outside, and links by which associations answer; Editors answer them."""

import django.db.models.deletion
import django.utils.timezone
from django.apps import apps as installed
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

import associations.dates
import associations.models.corrections

# Links are revoked, never rewritten or deleted; what was spam is deleted.
EDITORS = [
    *(f"{act}_correction" for act in ("view", "change", "delete")),
    *(f"{act}_entrylink" for act in ("view", "add", "change")),
]
GROUPS = ("Editors", "Publishers")


def permit(apps, schema_editor):
    # Permissions are made after all migrations; a new database needs them here already.
    config = installed.get_app_config("associations")
    create_permissions(config, apps=apps, using=schema_editor.connection.alias, verbosity=0)
    Permission = apps.get_model("auth", "Permission")
    of_app = Permission.objects.filter(content_type__app_label="associations")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*of_app.filter(codename__in=EDITORS))


def forbid(apps, schema_editor):
    apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="associations",
        content_type__model__in=("correction", "entrylink", "proposal", "sentform"),
    ).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("associations", "0012_open_forms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "matter",
                    models.CharField(
                        choices=[
                            ("fact", "something it says is wrong"),
                            ("missing", "something is missing"),
                            ("closed", "it no longer exists"),
                            (
                                "removal",
                                "the entry, or a person in it, is to be removed at our request",
                            ),
                            ("other", "something else"),
                            ("suggestion", "an association that is missing here"),
                        ],
                        max_length=10,
                        verbose_name="what is wrong",
                    ),
                ),
                (
                    "sender",
                    models.CharField(
                        choices=[
                            ("visitor", "a visitor"),
                            ("association", "the association itself"),
                        ],
                        default="visitor",
                        max_length=11,
                        verbose_name="sent by",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="name of the association"
                    ),
                ),
                ("website", models.CharField(blank=True, max_length=500, verbose_name="website")),
                (
                    "closed_on",
                    associations.dates.PartialDateField(default="", verbose_name="closed on"),
                ),
                ("message", models.TextField(blank=True, max_length=3000, verbose_name="message")),
                (
                    "evidence",
                    models.TextField(blank=True, max_length=1000, verbose_name="how it is known"),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="e-mail of the sender"
                    ),
                ),
                (
                    "language",
                    models.CharField(choices=[("it", "Italiano"), ("en", "English")], max_length=2),
                ),
                (
                    "secret",
                    models.CharField(
                        default=associations.models.corrections.new_secret,
                        max_length=43,
                        unique=True,
                    ),
                ),
                (
                    "received_on",
                    models.DateField(default=associations.dates.today, verbose_name="received on"),
                ),
                ("due_on", models.DateField(verbose_name="answer promised by")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accepted", "accepted"),
                            ("partly", "accepted in part"),
                            ("refused", "not accepted"),
                        ],
                        max_length=8,
                        verbose_name="answer",
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="what the sender is told"
                    ),
                ),
                (
                    "answered_on",
                    models.DateField(blank=True, null=True, verbose_name="answered on"),
                ),
                (
                    "reply_days",
                    models.PositiveSmallIntegerField(
                        help_text="Working days from the receipt to the answer.", null=True
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "association",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="corrections",
                        to="associations.association",
                        verbose_name="entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "ordering": ["due_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="EntryLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "made_on",
                    models.DateField(default=associations.dates.today, verbose_name="made on"),
                ),
                ("expires_on", models.DateField(verbose_name="expires on")),
                (
                    "sent_to",
                    models.EmailField(blank=True, max_length=254, verbose_name="mailed to"),
                ),
                ("revoked_on", models.DateField(blank=True, null=True, verbose_name="revoked on")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("right", "all is right"),
                            ("changed", "something has changed"),
                            ("closed", "it no longer exists"),
                        ],
                        max_length=7,
                        verbose_name="answer",
                    ),
                ),
                (
                    "answered_on",
                    models.DateField(blank=True, null=True, verbose_name="answered on"),
                ),
                (
                    "association",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="associations.association",
                        verbose_name="entry",
                    ),
                ),
                (
                    "correction",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="link",
                        to="associations.correction",
                        verbose_name="correction",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
            ],
            options={
                "verbose_name": "link for an association",
                "verbose_name_plural": "links for associations",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=20)),
                ("fact", models.BigIntegerField(null=True)),
                ("said", models.JSONField(default=dict)),
                ("proposed", models.JSONField(default=dict)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accepted", "accepted"),
                            ("refused", "not accepted"),
                            ("confirmed", "checked: it is still right"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "correction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="associations.correction",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposal",
                "verbose_name_plural": "proposals",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SentForm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("connection", models.CharField(max_length=64)),
                ("recipient", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "verbose_name": "form that was sent",
                "verbose_name_plural": "forms that were sent",
                "indexes": [models.Index(fields=["sent_at"], name="sent_form_by_time")],
            },
        ),
        migrations.AddIndex(
            model_name="correction",
            index=models.Index(
                condition=models.Q(("answered_on", None)), fields=["due_on"], name="correction_open"
            ),
        ),
        migrations.AddIndex(
            model_name="correction",
            index=models.Index(fields=["answered_on", "reply_days"], name="correction_answered"),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_on", None), ("reply_days", None)),
                    models.Q(
                        ("answer__gt", ""),
                        ("answered_on__isnull", False),
                        ("reply_days__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="answered_with_an_answer",
            ),
        ),
        migrations.RunPython(permit, forbid),
    ]
