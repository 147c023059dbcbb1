#!/usr/bin/env python
"""Runs Attest's commands; what stops one before it began is told in one sentence."""

import os
import sys

from config.processes import die_with_parent


def main() -> None:
    die_with_parent()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured  # no Django yet, no sentence to tell
    from django.core.management import execute_from_command_line

    from config.embedded_postgres import DatabaseUnavailable

    try:
        execute_from_command_line(sys.argv)
    except (DatabaseUnavailable, ImproperlyConfigured) as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
