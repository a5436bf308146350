"""By its digest a process knows whether it has read a block already."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("associations", "0019_answers_of_imports")]

    operations = [
        # None is needed of a block as long as it stays what it is.
        migrations.AddField(
            model_name="columnblock",
            name="digest",
            field=models.BigIntegerField(default=0),
        ),
    ]
