"""What a returned file was made from: an issued version, or the pack as it reads."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from campaigns.briefing import Briefing
from campaigns.building import preview
from campaigns.manifests import briefing_of
from campaigns.models import Pack, PackItem, PackVersion
from campaigns.packs import Composition, compose
from campaigns.rebuilding import withdrawn_from
from campaigns.returned.reading import Returned
from evidence.refusing import Refused

SECOND = timedelta(seconds=1)  # as closely as a Word file tells when it was made
WITHDRAWN = (
    "This version holds an account that was called back since: delete the file, and ask whoever "
    "sent it to delete theirs."
)


@dataclass(frozen=True, slots=True)
class Origin:
    """What the file is held against, how that is called, and accounts that it may not show."""

    briefing: Briefing
    named: str
    unprinted: tuple[str, ...]


def origin_of(pack: Pack, returned: Returned) -> Origin:
    """By the moment that we wrote into the file; raises Refused for another pack's."""
    composition = compose(pack)
    unprinted = tuple(_unprinted(composition))
    version = _version(pack, returned.created)
    if version is None:
        _refuse_another_packs(pack, returned)
        return Origin(preview(composition), "the pack as it reads now", unprinted)
    if version.why_gone or withdrawn_from(version):
        raise Refused(version.why_gone or WITHDRAWN)
    day = timezone.localtime(version.issued_at)
    named = f"version {version.number}, issued {day:%-d %B %Y}"
    return Origin(briefing_of(version), named, unprinted)


def _version(pack: Pack, made_at: datetime | None) -> PackVersion | None:
    if made_at is None:
        return None
    known = PackVersion.objects.filter(issued_at__gte=made_at, issued_at__lt=made_at + SECOND)
    versions = list(known.select_related("pack").defer("content"))
    own = next((each for each in versions if each.pack_id == pack.pk), None)
    if own is None and versions:
        raise Refused(_of_another(versions[0].pack))
    return own


def _refuse_another_packs(pack: Pack, returned: Returned) -> None:
    """A preview's: it tells when its pack was last edited, and its title."""
    if returned.created is None or returned.title == pack.title:
        return
    made = {"updated_at__gte": returned.created, "updated_at__lt": returned.created + SECOND}
    if other := Pack.objects.exclude(pk=pack.pk).filter(title=returned.title, **made).first():
        raise Refused(_of_another(other))


def _of_another(pack: Pack) -> str:
    return f"This is the Word file of another pack, “{pack}”: choose it on that pack's page."


def _unprinted(composition: Composition) -> list[str]:
    """The words of accounts that were chosen and may not be printed now."""
    printed = [account.version.pk for account in composition.accounts]
    chosen = PackItem.objects.filter(section__pack=composition.pack)
    left_out = chosen.filter(testimony_version__isnull=False).exclude(testimony_version__in=printed)
    return [str(text) for text in left_out.values_list("testimony_version__text", flat=True)]
