"""Makes the demonstration in a process of its own, and says on each line how far it is."""

import os
import sys


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "openfloor.settings"
    import django
    from django.core.management import call_command
    from django.utils import timezone

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    from openfloor.demonstration.loader import load

    load(timezone.now(), _tell)


def _tell(done: int, of: int) -> None:
    sys.stdout.write(f"{done} {of}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
