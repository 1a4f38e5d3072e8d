import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ballots", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="ballot", name="slips", field=models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="ballot", name="waits_for_slips", field=models.BooleanField(default=False)
        ),
        migrations.CreateModel(
            name="Slips",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("count", models.PositiveSmallIntegerField()),
                ("credentials", models.TextField()),
                ("hash", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=128)),
                (
                    "ballot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="slip_lists",
                        to="ballots.ballot",
                    ),
                ),
                (
                    "teller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="slip_lists",
                        to="ballots.teller",
                    ),
                ),
            ],
            options={
                "verbose_name": "paper slips",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("ballot", "hash"), name="a_list_of_slips_is_used_once"),
                    models.CheckConstraint(
                        condition=models.Q(("count__gt", 0)), name="a_list_of_slips_is_not_empty"
                    ),
                ],
            },
        ),
    ]
