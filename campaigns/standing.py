"""What carries each ask as far as it is the same on any day, kept until something in it changes."""

from campaigns.carried import Carried, carried_by
from campaigns.linked import linked
from campaigns.models import (
    Amendment,
    AmendmentAsPublished,
    Ask,
    AskAmendment,
    Campaign,
    EvidenceLink,
    MinisterQuestion,
    Objection,
)
from campaigns.unbound import find_unbound
from campaigns.unchanged import WhileUnchanged
from evidence.models import (
    Claim,
    ClaimAcceptance,
    ClaimInput,
    EvidenceGap,
    NumberDecision,
    Organisation,
    Period,
    ReviewState,
    Source,
    Statement,
    Statistic,
)


def _stand() -> list[Carried]:
    """All asks but the retired. Who may be quoted for them is asked for each day anew."""
    asks = Ask.objects.exclude(review_state=ReviewState.RETIRED).prefetch_related("campaign")
    evidence = linked()
    carried = carried_by(asks, evidence)
    find_unbound(carried, evidence.figures)
    return carried


standing = WhileUnchanged(
    _stand,
    (
        *(Ask, Ask.targets.through, Campaign, Organisation, Objection, MinisterQuestion),
        *(EvidenceLink, Statistic, Period, Source, Source.derived_from.through, Statement),
        *(Claim, ClaimInput, ClaimAcceptance, EvidenceGap, NumberDecision),
        *(AskAmendment, Amendment, AmendmentAsPublished),
    ),
)
