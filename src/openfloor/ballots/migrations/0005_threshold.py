from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ballots", "0004_practice")]

    operations = [
        migrations.AddField(
            model_name="ballot", name="threshold", field=models.PositiveSmallIntegerField(null=True)
        ),
        migrations.AddField(
            model_name="ballot", name="attempt", field=models.PositiveSmallIntegerField(default=1)
        ),
        migrations.AddField(
            model_name="trustee", name="key_lost", field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name="trustee", name="certificate_message", field=models.TextField(null=True)
        ),
        migrations.AddField(
            model_name="trustee", name="coefficients_message", field=models.TextField(null=True)
        ),
        migrations.AddField(model_name="trustee", name="key_message", field=models.TextField(null=True)),
        migrations.AddField(model_name="trustee", name="wrong_shares", field=models.JSONField(default=list)),
        migrations.AddField(
            model_name="trustee", name="sent_bad_part", field=models.BooleanField(default=False)
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                name="no_trustee_is_enough_alone",
                condition=models.Q(threshold=None) | models.Q(threshold__gte=2),
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                name="ballot_has_every_key_once_opened",
                condition=models.Q(state__in=["draft", "announced", "frozen", "withdrawn", "void"])
                | models.Q(threshold=None)
                | models.Q(trustees_text__contains='"verification_keys":['),
            ),
        ),
        migrations.AddConstraint(
            model_name="trustee",
            constraint=models.CheckConstraint(
                name="trustee_takes_one_round_after_the_other",
                condition=(
                    models.Q(coefficients_message=None) | models.Q(certificate_message__isnull=False)
                )
                & (
                    models.Q(key_message=None)
                    | models.Q(coefficients_message__isnull=False, freeze_signature__isnull=False)
                ),
            ),
        ),
    ]
