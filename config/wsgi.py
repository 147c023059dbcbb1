"""The web application, as a WSGI server loads it; not over a database that was just restored."""

import os
import sys
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

from config.processes import die_with_parent

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

    from publishing.api.front import Application

die_with_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_wsgi_application()


def refuse_what_was_restored() -> None:
    """End here while the database does not know what was withdrawn or erased since its backup."""
    # These need Django, which is set up by now.
    from django.db import Error, connections

    from config.health import why_not_to_serve

    try:
        reason = why_not_to_serve()
    except Error:
        reason = "The database does not answer, so nothing tells if it was restored: start it."
    finally:
        connections.close_all()
    if reason:
        sys.exit(reason)


def with_its_front(django: "WSGIHandler") -> "Application":
    """Before Django's middleware, what the feed's views have just answered is answered again."""
    from publishing.api.front import in_front_of

    return in_front_of(django)


refuse_what_was_restored()
application = with_its_front(django)
