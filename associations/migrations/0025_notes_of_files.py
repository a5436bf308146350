from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("associations", "0024_words_in_one_go"),
    ]

    operations = [
        migrations.AddField(
            model_name="importjob",
            name="notes",
            field=models.JSONField(default=list),
        ),
    ]
