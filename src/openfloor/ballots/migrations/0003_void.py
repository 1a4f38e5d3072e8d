from django.db import migrations, models

ENDED = ["withdrawn", "uncountable", "void"]
NEVER_FROZEN = ["draft", "announced", "withdrawn", "void"]
NEVER_OPENED = ["draft", "announced", "frozen", "withdrawn", "void"]


class Migration(migrations.Migration):

    dependencies = [
        ("ballots", "0002_slips"),
    ]

    operations = [
        migrations.RemoveConstraint("ballot", "ballot_is_fixed_once_frozen"),
        migrations.RemoveConstraint("ballot", "ballot_has_its_moment_once_opened"),
        migrations.RemoveConstraint("ballot", "ballot_ends_early_only_with_a_reason"),
        migrations.AlterField(
            model_name="ballot",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("announced", "trustees make their keys"),
                    ("frozen", "being signed and checked"),
                    ("open", "open"),
                    ("closed", "waiting for its trustees"),
                    ("counted", "counted"),
                    ("withdrawn", "withdrawn"),
                    ("uncountable", "cannot be counted"),
                    ("void", "void"),
                ],
                default="draft",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            "ballot",
            models.CheckConstraint(
                name="ballot_is_fixed_once_frozen",
                condition=models.Q(state__in=NEVER_FROZEN)
                | models.Q(
                    charter__isnull=False,
                    election__isnull=False,
                    trustees_text__isnull=False,
                    credentials__isnull=False,
                ),
            ),
        ),
        migrations.AddConstraint(
            "ballot",
            models.CheckConstraint(
                name="ballot_has_its_moment_once_opened",
                condition=models.Q(state__in=NEVER_OPENED)
                | models.Q(opened_at__isnull=False, opening_ledger_head__isnull=False),
            ),
        ),
        migrations.AddConstraint(
            "ballot",
            models.CheckConstraint(
                name="ballot_ends_early_only_with_a_reason",
                condition=~models.Q(state__in=ENDED) | models.Q(reason__isnull=False),
            ),
        ),
    ]
