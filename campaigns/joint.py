"""In whose name a pack goes out, in the order that every format prints, and whom to ask."""

from campaigns.briefing.blocks import Contact
from campaigns.models import Pack, PackContact


def contacts(pack: Pack) -> tuple[Contact, ...]:
    """First whose pack it is, then the others by their lines, then those without a line.

    Whose pack it is has no line of its own: the pack's contact is theirs. Where each has a line,
    the first of them sends it, and the pack's contact fills what that line leaves empty.
    """
    lines = [_of_line(line) for line in pack.contacts.select_related("organisation")]
    told = {each.organisation for each in lines}
    plain = [name for each in pack.organisations.all() if (name := each.name) not in told]
    if not plain:
        return tuple(
            _filled(pack, each) if place == 0 else each for place, each in enumerate(lines)
        )
    sender, *others = plain
    return (_filled(pack, Contact(sender)), *lines, *map(Contact, others))


def _of_line(line: PackContact) -> Contact:
    return Contact(
        organisation=line.organisation.name,
        name=line.name,
        role=line.role,
        email=line.email,
        phone=line.phone,
        about=_on_one_line(line.about),
    )


def _filled(pack: Pack, contact: Contact) -> Contact:
    return Contact(
        organisation=contact.organisation,
        name=contact.name or pack.contact_name,
        role=contact.role,
        email=contact.email or pack.contact_email,
        phone=contact.phone or pack.contact_phone,
        about=contact.about or _on_one_line(pack.about_us),
    )


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
