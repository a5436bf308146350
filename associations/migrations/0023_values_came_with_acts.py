import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("associations", "0022_smaller_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="facetvalue",
            name="came_with",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="associations.changeset",
            ),
        ),
    ]
