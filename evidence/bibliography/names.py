"""Names as they are printed, "Jane Smith", and as they are sorted, "Smith, Jane"."""

import re

PARTICLES = {"al", "bin", "da", "de", "del", "der", "di", "du", "la", "le", "ten", "van", "von"}
# A name with one of these words is a body's, or a title that no family name follows.
OF_BODIES = re.compile(
    r"agency|alliance|association|authority|bank|baroness|bbc|board|bureau|campaign|"
    r"center|centre|charities|charity|children|church|coalition|collective|college|"
    r"commission|commissioner|committee|company|consortium|constabulary|correspondent|"
    r"council|department|desk|editor|federation|force|forum|foundation|fund|"
    r"government|group|house|initiative|institute|international|journal|league|"
    r"library|limited|lord|ltd|ministry|museum|network|news|office|organisation|"
    r"organization|parliament|partnership|party|plc|police|press|project|reporter|"
    r"research|school|service|services|society|staff|study|team|times|trust|union|"
    r"university|watch|wire",
    re.IGNORECASE,
)

_GIVEN = re.compile(r"[A-Z][a-zà-ÿ'’.-]*(?:[A-Z][a-zà-ÿ]*)?|(?:[A-Z]\.)+")
_FAMILY = re.compile(r"[A-Z][\w'’-]*")


def split_name(printed: str) -> tuple[str, str] | None:
    """Given and family name, if this reads as a person's; with a space between, it is as printed.

    A body taken for a person still prints as it should, and sorts wrongly; so bodies are known by
    their words, and whatever is in doubt stays whole.
    """
    words = printed.split(" ")
    if not 2 <= len(words) <= 5 or any(map(OF_BODIES.fullmatch, words)):
        return None
    given, family = [words[0]], words[1:]
    while len(family) > 1 and family[0].casefold() not in PARTICLES:
        given.append(family.pop(0))
    lower, last = family[:-1], family[-1]
    if not all(_GIVEN.fullmatch(word) for word in given) or not _FAMILY.fullmatch(last):
        return None
    if last.isupper() or any(word not in PARTICLES for word in lower):
        return None
    return " ".join(given), " ".join(family)


def printed_name(sorted_name: str) -> str:
    """Smith, Jane as Jane Smith; a comma at the end keeps a name as it stands."""
    match sorted_name.split(", "):
        case [*_, last] if last.endswith(","):
            return sorted_name[:-1]
        case [family, given]:
            return f"{given} {family}"
        case [family, suffix, given]:
            return f"{given} {family} {suffix}"
        case _:
            return sorted_name
