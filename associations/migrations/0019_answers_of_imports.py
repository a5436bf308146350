from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("associations", "0018_visits_answers_and_the_missing"),
    ]

    operations = [
        migrations.AddField(
            model_name="headermapping",
            name="answers",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="importjob",
            name="answers",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="importrow",
            name="asked",
            field=models.JSONField(default=list),
        ),
    ]
