"""Members as the API names them: found by id, else by name, and never guessed at."""

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.auth.models import User
from django.utils import timezone

from campaigns.models import Amendment, ChangeKind, House, Member
from campaigns.parliament.payloads import MemberSaid, SponsorSaid
from campaigns.parliament.telling import Teller
from evidence.publishing_again import publish_again

READER = "parliament"
LONGEST_NAME = Member._meta.get_field("name").max_length


def reader() -> User:
    """In whose name the sync writes: nobody's who could approve it, and nobody can log in as it."""
    user, made = User.objects.get_or_create(
        username=READER, defaults={"is_active": False, "last_name": "Read from Parliament"}
    )
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


class People:
    """The members of a page's amendments, in few queries."""

    def __init__(self, said: Iterable[SponsorSaid], *, house: str) -> None:
        wanted = {(one.parliament_id, one.name): one for one in said}
        ids = [one.parliament_id for one in wanted.values() if one.parliament_id]
        names = [one.name for one in wanted.values() if one.name]
        self._by_id = {
            each.parliament_id: each for each in Member.objects.filter(parliament_id__in=ids)
        }
        self._by_name = {each.name: each for each in Member.objects.filter(name__in=names)}
        for one in wanted.values():
            self._learn(one, house)

    def member(self, said: SponsorSaid) -> Member:
        found = self._by_id.get(said.parliament_id) if said.parliament_id else None
        return found or self._by_name[said.name]

    def _learn(self, said: SponsorSaid, house: str) -> None:
        """Whoever is new is added; whoever was typed without an id is given it."""
        if said.parliament_id is None and said.name in self._by_name:
            return
        if said.parliament_id in self._by_id:
            return
        named = self._by_name.get(said.name)
        if named and named.parliament_id is None:
            named.parliament_id = said.parliament_id
            named.house, named.party = named.house or said.house, named.party or said.party
            named.save(update_fields=["parliament_id", "house", "party"])
            member = named
        else:
            member = Member.objects.create(
                parliament_id=said.parliament_id,
                name=_free_name(said, taken=named is not None),
                house=said.house or house,
                party=said.party,
            )
        if said.parliament_id:
            self._by_id[said.parliament_id] = member
        self._by_name.setdefault(said.name, member)


def write_member(member: Member, said: MemberSaid, teller: Teller) -> None:
    """What the Members API says of one; who left, sits elsewhere or is named anew, is told of."""
    was, was_called, was_in = _standing(member), member.name, member.house
    member.name = _name_now(member, said)
    member.party = said.party[:80] or member.party
    member.house = said.house or member.house
    if said.is_current is not None:
        member.is_current, member.left_on = said.is_current, said.left_on
    is_new = member.read_at is None
    member.read_at = timezone.now()
    member.save(update_fields=["name", "party", "house", "is_current", "left_on", "read_at"])
    now, is_renamed = _standing(member), member.name != was_called
    if is_renamed or (was != now and not (is_new and member.is_current is not False)):
        teller.tell(
            ChangeKind.MEMBER_CHANGED,
            _told(was_called if is_renamed else "", *was),
            _told(member.name if is_renamed else "", *now),
            member=member,
            is_ours=member.copies.exists() or hasattr(member, "contact"),
        )
    if is_renamed or member.house != was_in:
        publish_again(Amendment.objects.filter(sponsors__member=member))


def members_to_read(ids: Iterable[int], *, before: datetime) -> list[Member]:
    """Of the members named on the bill, those whom we never read, or not since then."""
    known = Member.objects.filter(pk__in=ids, parliament_id__isnull=False)
    return list(known.exclude(read_at__gte=before).order_by("pk"))


def _free_name(said: SponsorSaid, *, taken: bool) -> str:
    name = said.name or f"Member {said.parliament_id}"
    return f"{name} ({said.parliament_id})" if taken else name


def _name_now(member: Member, said: MemberSaid) -> str:
    """As Parliament calls them now, unless another member is called so here."""
    name = said.name[:LONGEST_NAME]
    is_taken = Member.objects.filter(name=name).exclude(pk=member.pk).exists()
    return member.name if is_taken else name or member.name


def _standing(member: Member) -> tuple[str, str, bool | None, date | None]:
    return member.party, member.house, member.is_current, member.left_on


def _told(name: str, party: str, house: str, is_current: bool | None, left_on: object) -> str:
    sits = [party, House(house).label if house else ""]
    if is_current is False:
        sits = [f"left on {left_on}" if left_on else "sits no more"]
    return ", ".join(filter(None, (name, *sits)))
