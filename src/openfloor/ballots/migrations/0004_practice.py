from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ballots", "0003_void")]

    operations = [
        migrations.AddField(model_name="ballot", name="practice", field=models.BooleanField(default=False)),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                name="practice_decides_nothing",
                condition=models.Q(practice=False) | models.Q(effect__isnull=True),
            ),
        ),
    ]
