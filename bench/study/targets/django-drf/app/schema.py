"""`python -m app.schema` migrates $DATABASE; a second call changes nothing."""

import os

import django
from django.core.management import call_command


def create() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "app.settings")
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


if __name__ == "__main__":
    create()
