"""The groups of staff: Editors keep the entries right, Publishers decide what visitors see."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

FACTS = [
    "name",
    "identifier",
    "address",
    "contactpoint",
    "officeholder",
    "affiliation",
    "succession",
    "citation",
]
EDITORS = [
    *(f"{act}_{model}" for model in FACTS for act in ("view", "add", "change", "delete")),
    *(
        f"{act}_{model}"
        for model in ("association", "source", "sector")
        for act in ("view", "add", "change")
    ),
]
PUBLISHERS = [*EDITORS, "publish_association"]


def make_groups(apps, schema_editor):
    # Permissions are made after all migrations; a new database needs them here already.
    config = installed.get_app_config("associations")
    create_permissions(config, apps=apps, using=schema_editor.connection.alias, verbosity=0)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    of_app = Permission.objects.filter(content_type__app_label="associations")
    for name, codenames in (("Editors", EDITORS), ("Publishers", PUBLISHERS)):
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*of_app.filter(codename__in=codenames))


def drop_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=["Editors", "Publishers"]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("associations", "0002_kept_by_the_database"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, drop_groups)]
