"""A permission by its key, as forms choose one: `media:press:press_release`."""

from evidence.models import Audience, Channel, Consent, Decision, Purpose, scope_parts


def in_words(key: str) -> str:
    """As people say it."""
    purpose, audience, channel = scope_parts(key).values()
    return f"{Purpose(purpose).label}, to {Audience(audience).label}: {Channel(channel).label}"


def permitted_keys(consent: Consent) -> list[str]:
    """What it still permits, each once."""
    scopes = list(consent.scopes.order_by("pk"))
    denied = {each.key for each in scopes if each.decision == Decision.DENY}
    return list(dict.fromkeys(each.key for each in scopes if each.key not in denied))
