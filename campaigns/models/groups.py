"""Groupings: which amendments are debated together on a sitting day, as the Whips announce."""

from django.db import models
from django.db.models import Q

from campaigns.models.bills import Sitting, Stage
from campaigns.models.parliament import Amendment


class AmendmentGroup(models.Model):
    """A group in a stage's groupings for one day, typed or pasted by a person."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="groups")
    sitting = models.ForeignKey(
        Sitting,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="groups",
        help_text="Empty where the day is not known.",
    )
    number = models.PositiveSmallIntegerField(help_text="Its place in the list of groups.")
    title = models.CharField(max_length=200, blank=True, help_text="Empty where none is printed.")

    class Meta:
        ordering = ["stage", "sitting", "number"]
        verbose_name = "group of amendments"
        verbose_name_plural = "groups of amendments"
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "sitting", "number"],
                nulls_distinct=False,
                name="amendment_group_number_once",
                violation_error_message="There is already a group of this number on that day.",
            )
        ]

    def __str__(self) -> str:
        return f"Group {self.number}: {self.title}" if self.title else f"Group {self.number}"


class GroupPlace(models.Model):
    """A place in a group, as printed; the amendment is empty where we know none of that number."""

    group = models.ForeignKey(AmendmentGroup, on_delete=models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField()
    printed = models.CharField(max_length=160, help_text="As in: 262A, or: Clause 15 stand part.")
    amendment = models.ForeignKey(
        Amendment, on_delete=models.PROTECT, null=True, blank=True, related_name="group_places"
    )

    class Meta:
        ordering = ["group", "position"]
        constraints = [
            models.UniqueConstraint(fields=["group", "position"], name="group_place_once"),
            models.UniqueConstraint(
                fields=["group", "amendment"],
                condition=Q(amendment__isnull=False),
                name="amendment_once_in_a_group",
                violation_error_message="The amendment is already in this group.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.printed}, in {self.group}"
