"""The first few of a city and of a confederation are found without sorting all of them."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("associations", "0008_changed_at"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="card",
            name="card_by_confederation",
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(
                condition=Q(confederation__isnull=False),
                fields=["confederation", "association"],
                name="card_by_confederation",
            ),
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(
                fields=["country", "locality", "association"], name="card_by_locality"
            ),
        ),
    ]
