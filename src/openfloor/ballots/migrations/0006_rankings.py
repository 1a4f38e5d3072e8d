from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ballots", "0005_threshold")]

    operations = [
        migrations.AddField(model_name="ballot", name="undecodable", field=models.JSONField(null=True)),
        migrations.AddField(model_name="ballot", name="places", field=models.JSONField(null=True)),
        migrations.AddField(
            model_name="trustee",
            name="shuffle_signature",
            field=models.CharField(max_length=128, null=True),
        ),
    ]
