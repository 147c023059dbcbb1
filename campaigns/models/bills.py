"""Bills as Parliament takes them: members, stages and sittings, prints and marshalled lists."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.models.vocabulary import is_known_stage
from evidence.models import Reviewed


class House(models.TextChoices):
    COMMONS = "commons", "House of Commons"
    LORDS = "lords", "House of Lords"


class Member(models.Model):
    """A member of either House, as Parliament publishes them."""

    parliament_id = models.PositiveIntegerField(
        null=True,
        blank=True,
        unique=True,
        help_text="The id in Parliament's Members API, if known.",
    )
    name = models.CharField(max_length=120, unique=True, help_text="As Parliament lists them.")
    house = models.CharField(
        max_length=8, choices=House, blank=True, help_text="Empty where not known."
    )
    party = models.CharField("party or group", max_length=80, blank=True)
    is_current = models.BooleanField(
        "sits now", null=True, blank=True, help_text="Empty where not known."
    )
    left_on = models.DateField(
        null=True, blank=True, help_text="The last day as a member; empty while they sit."
    )
    read_at = models.DateTimeField("last read from Parliament", null=True, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="member_house_is_known_or_empty",
                condition=Q(house="") | Q(house__in=House.values),
            ),
            models.CheckConstraint(
                name="member_who_left_sits_no_more",
                condition=Q(left_on=None) | Q(is_current=False),
                violation_error_message="A member who left does not sit now.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MemberContact(models.Model):
    """What the charity itself holds on how to reach a member, apart from the public record."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="contact")
    email = models.EmailField(blank=True)
    salutation = models.CharField(max_length=80, blank=True, help_text="As in: Dear Lord ...")
    preferences = models.TextField(blank=True)

    class Meta:
        ordering = ["member"]

    def __str__(self) -> str:
        return f"How to reach {self.member}"


@pghistory.track()
class Bill(Reviewed):
    """A bill before Parliament, or the Act that it became."""

    parliament_id = models.PositiveIntegerField(
        null=True, blank=True, unique=True, help_text="The id on bills.parliament.uk."
    )
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    session = models.CharField(max_length=20, blank=True, help_text="As in 2022-23.")
    url = models.URLField("web address", blank=True)
    act_title = models.CharField("title as an Act", max_length=200, blank=True)
    royal_assent_on = models.DateField("Royal Assent", null=True, blank=True)
    campaigns = models.ManyToManyField(
        "campaigns.Campaign", related_name="bills", blank=True, help_text="Who follows it."
    )

    class Meta(Reviewed.Meta):
        ordering = ["title"]
        constraints = [
            *Reviewed.Meta.constraints,
            models.CheckConstraint(
                name="bill_act_has_its_royal_assent",
                condition=Q(act_title="") | Q(royal_assent_on__isnull=False),
                violation_error_message="An Act has a date of Royal Assent.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_watched(self) -> bool:
        return BillWatch.objects.filter(bill=self).exists()


class BillWatch(models.Model):
    """A bill that is read from Parliament by the schedule, for as long as this row is there."""

    bill = models.OneToOneField(Bill, on_delete=models.CASCADE, related_name="watch")
    since = models.DateTimeField(auto_now_add=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["bill"]

    def __str__(self) -> str:
        return f"{self.bill} is watched"


class WatchedClause(models.Model):
    """A clause on which a new amendment is told at once, as it is printed in the bill."""

    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="watched_clauses")
    clause = models.CharField(
        max_length=40, help_text="As printed, as in: Clause 142, or: Schedule 3."
    )
    note = models.CharField(max_length=160, blank=True, help_text="Why it matters.")

    class Meta:
        ordering = ["bill", "clause"]
        constraints = [
            models.UniqueConstraint(fields=["bill", "clause"], name="watched_clause_once")
        ]

    def __str__(self) -> str:
        return self.clause


class BillAsPublished(models.Model):
    """What Parliament's API says of a bill now; the sync alone writes it, and nobody reviews it."""

    bill = models.OneToOneField(Bill, on_delete=models.CASCADE, related_name="as_published")
    short_title = models.CharField(max_length=300)
    current_house = models.CharField(max_length=20, blank=True, help_text="Parliament's own word.")
    current_stage = models.ForeignKey(
        "campaigns.Stage", on_delete=models.PROTECT, null=True, related_name="+"
    )
    is_act = models.BooleanField(null=True)
    is_defeated = models.BooleanField(null=True)
    withdrawn_on = models.DateField(null=True)
    royal_assent_on = models.DateField(null=True)
    last_update = models.CharField(max_length=40, blank=True, help_text="As the API prints it.")

    class Meta:
        ordering = ["bill"]

    def __str__(self) -> str:
        return self.short_title


class Stage(models.Model):
    """A stage of a bill in one House. Its name is Parliament's own; unknown stays empty."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="stages")
    parliament_id = models.PositiveIntegerField(
        null=True, blank=True, unique=True, help_text="The bill stage's id in Parliament's API."
    )
    house = models.CharField(max_length=8, choices=House, blank=True)
    name = models.CharField(max_length=80, blank=True, help_text="Empty where not known.")
    name_as_published = models.CharField(
        max_length=160, blank=True, editable=False, help_text="Word for word, from the sync."
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["bill", "position"]
        constraints = [
            # Parliament itself may take a stage twice under one name, with an id for each.
            models.UniqueConstraint(
                fields=["bill", "house", "name"],
                condition=~Q(name="") & Q(parliament_id=None),
                name="stage_once_in_a_house",
                violation_error_message="The bill already has this stage in that House.",
            ),
            models.CheckConstraint(
                name="stage_house_is_known_or_empty",
                condition=Q(house="") | Q(house__in=House.values),
            ),
        ]

    def __str__(self) -> str:
        if not self.name:
            return "Stage not known"
        return f"{House(self.house).label[9:]} {self.name}" if self.house else self.name

    @property
    def has_unknown_name(self) -> bool:
        """Whether Parliament calls it something that we have no word for."""
        return bool(self.name_as_published) and not is_known_stage(self.name_as_published)


class Sitting(models.Model):
    """A day on which a stage was taken."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="sittings")
    date = models.DateField()
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "date"], name="sitting_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.date.day} {self.date:%B %Y}"


class BillPrint(models.Model):
    """One print of a bill: pages and lines belong to a print, and change with the next."""

    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="prints")
    parliament_id = models.PositiveIntegerField(
        null=True, blank=True, unique=True, help_text="The publication's id in Parliament's API."
    )
    number = models.CharField(
        max_length=160, help_text="As printed, as in: HL Bill 87 (Rev), or: Bill 285."
    )
    house = models.CharField(max_length=8, choices=House, blank=True)
    published_on = models.DateField(null=True, blank=True, help_text="Empty where not known.")
    url = models.URLField("web address", max_length=500, blank=True)

    class Meta:
        ordering = ["bill", "-published_on", "number"]
        verbose_name = "print"
        constraints = [
            models.UniqueConstraint(
                fields=["bill", "number"],
                condition=Q(parliament_id=None),
                name="bill_print_number_once",
                violation_error_message="The bill already has this print.",
            ),
            models.CheckConstraint(
                name="bill_print_house_is_known_or_empty",
                condition=Q(house="") | Q(house__in=House.values),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class MarshalledList(models.Model):
    """A list in which a stage's amendments stand numbered, in the order of debate."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="marshalled_lists")
    parliament_id = models.PositiveIntegerField(null=True, blank=True, unique=True)
    name = models.CharField(max_length=200, help_text="As in: Third Marshalled List.")
    date = models.DateField(null=True, blank=True, help_text="Empty where not known.")
    print = models.ForeignKey(
        BillPrint,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="marshalled_lists",
        help_text="Whose pages and lines it cites. Empty where not known.",
    )
    url = models.URLField("web address", max_length=500, blank=True)

    class Meta:
        ordering = ["stage", "date", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "name", "date"],
                nulls_distinct=False,
                condition=Q(parliament_id=None),
                name="marshalled_list_once",
                violation_error_message="The stage already has this list.",
            )
        ]

    def __str__(self) -> str:
        return self.name
