"""Who may do what: one table of roles, written to Django's groups."""

from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model

from campaigns import models as campaigns
from config.models import DeadLetter, Job, ScheduledTask, WorkerLease
from evidence import models as evidence
from publishing import models as publishing

Models = tuple[type[Model], ...]
Granted = tuple[type[Model], str]

REVIEWED: Models = (
    evidence.Source,
    evidence.Statement,
    evidence.Statistic,
    evidence.Claim,
    evidence.EvidenceGap,
    campaigns.Campaign,
    campaigns.Ask,
    campaigns.Bill,
    campaigns.Amendment,
    campaigns.Pack,
)
LINES: Models = (
    evidence.ClaimInput,
    campaigns.Objection,
    campaigns.MinisterQuestion,
    campaigns.EvidenceLink,
    campaigns.AskAmendment,
    campaigns.AmendmentLine,
    campaigns.Sponsor,
    campaigns.Sitting,
    campaigns.BillPrint,
    campaigns.MarshalledList,
    campaigns.WatchedClause,
    campaigns.AmendmentGroup,
    campaigns.GroupPlace,
    campaigns.PackSection,
    campaigns.PackItem,
    campaigns.PackContact,
)
SHARED: Models = (
    evidence.Snapshot,
    evidence.Excerpt,
    campaigns.Member,
    campaigns.Stage,
)
# What Parliament said, which the sync alone writes.
FROM_PARLIAMENT: Models = (
    campaigns.AmendmentAsPublished,
    campaigns.SyncRun,
    campaigns.SyncChange,
)
DECIDED: Models = (evidence.Correction,)
# What approved figures are told in: a new name would change them without a second person.
VOCABULARY: Models = (
    evidence.Organisation,
    evidence.Area,
    evidence.Measure,
    evidence.Period,
)
CONTACTS: Models = (campaigns.MemberContact,)
LEFT: Models = (publishing.PublishedItem, publishing.Change)
# Who reads the feed with a key, and what is sent to them.
FOLLOWERS: Models = (publishing.Consumer, publishing.Endpoint)
ACCOUNTS: Models = (evidence.Testimony, evidence.TestimonyVersion, evidence.RestrictedAccount)
# An issued version prints accounts: who may not read those does not see it either.
ISSUED: Models = (
    campaigns.PackVersion,
    campaigns.Copy,
    campaigns.Delivery,
    campaigns.Notice,
)
CONSENTS: Models = (
    evidence.Consent,
    evidence.ConsentTestimony,
    evidence.ConsentScope,
    evidence.ConsentEvent,
    evidence.TestimonyUse,
    evidence.RecallTask,
)
# Contributors by their label. Who they are lies in the vault, with those of the next line.
CONTRIBUTORS: Models = (evidence.Contributor,)
VAULT: Models = (evidence.Identity, evidence.RawAccount, evidence.ConsentEvidence)
# Others in an account, what a court forbids, what a draft gives away, and leave to name somebody.
PROTECTION: Models = (
    evidence.PersonSpokenAbout,
    evidence.ReportingRestriction,
    evidence.IdentifyingFeature,
    evidence.AnonymityWaiver,
)
NOTICES: Models = (evidence.PrivacyNotice,)
LEDGERS: Models = (
    evidence.ErasureRequest,
    evidence.ErasureLedger,
    evidence.WithdrawalLedger,
    evidence.VaultLook,
)
PEOPLE: Models = (User, Group)
BACKGROUND: Models = (DeadLetter, Job, ScheduledTask, WorkerLease)

EDIT = ("view", "add", "change")
EDIT_AND_DELETE = (*EDIT, "delete")

Grants = tuple[tuple[Models, tuple[str, ...]], ...]

READ: Models = REVIEWED + LINES + SHARED + FROM_PARLIAMENT + VOCABULARY + DECIDED + LEFT
READING: Grants = ((READ, ("view",)),)
ROLES: dict[str, Grants] = {
    "reader": READING,
    "officer": (
        *READING,
        (REVIEWED + SHARED, EDIT),
        (VOCABULARY, ("view", "add")),
        (LINES + CONTACTS, EDIT_AND_DELETE),
        (ACCOUNTS + ISSUED, ("view",)),
        ((evidence.RestrictedAccount,), ("add",)),
        ((evidence.Snapshot,), ("redact",)),
    ),
    "reviewer": (
        *READING,
        (REVIEWED, ("view", "review")),
        ((campaigns.JigsawReview,), ("view", "decide")),
        (VOCABULARY, EDIT),
        (ACCOUNTS + ISSUED, ("view",)),
    ),
    "safeguarding lead": (
        *READING,
        ((campaigns.JigsawReview,), ("view", "decide")),
        (ISSUED, ("view",)),
        (ACCOUNTS + CONSENTS + CONTRIBUTORS + PROTECTION, EDIT),
        ((evidence.IdentifyingFeature,), ("delete",)),
        (VAULT, ("view", "add")),
        ((*FOLLOWERS, publishing.Delivery), ("view",)),
        (NOTICES + LEDGERS, ("view",)),
        (NOTICES, ("add",)),
        ((evidence.Contributor,), ("hold", "erase")),
        ((evidence.AnonymityWaiver,), ("check",)),
        ((evidence.PersonSpokenAbout,), ("agree",)),
        ((evidence.Alert,), ("view", "change")),
        ((evidence.UseNotice, evidence.OwnPageLink), ("view", "add")),
        ((evidence.Snapshot,), ("redact",)),
    ),
    # Signs for the law: no label of a contributor, and nothing of the vault.
    "legal reviewer": (
        *READING,
        (ACCOUNTS + CONSENTS + PROTECTION + NOTICES, ("view",)),
        (
            (
                evidence.AnonymityWaiver,
                evidence.ReportingRestriction,
                evidence.TestimonyVersion,
            ),
            ("sign_off",),
        ),
        ((evidence.PersonSpokenAbout,), ("agree",)),
    ),
    # Sees that somebody looked and why, never what there was to see.
    "data-protection officer": (
        ((evidence.Testimony,), ("view",)),  # by title, which tells nobody
        (CONSENTS + CONTRIBUTORS + NOTICES + LEDGERS, ("view",)),
        (NOTICES, ("add",)),
        ((evidence.Contributor,), ("hold", "erase")),
    ),
    "campaign lead": (
        *READING,
        (CONTACTS + ACCOUNTS + ISSUED, ("view",)),
        ((campaigns.Campaign, campaigns.Ask, campaigns.Pack), (*EDIT, "review")),
        ((campaigns.Pack,), ("issue",)),
        ((evidence.TestimonyUse,), ("add",)),  # by hand
        (LINES, EDIT_AND_DELETE),
    ),
    "administrator": (
        *READING,
        (REVIEWED + SHARED + VOCABULARY, EDIT),
        (LINES + SHARED + VOCABULARY + CONTACTS, EDIT_AND_DELETE),
        (ACCOUNTS + CONSENTS + ISSUED, ("view",)),
        (PEOPLE, EDIT_AND_DELETE),
        (FOLLOWERS, EDIT),
        ((publishing.Delivery,), ("view", "change")),
        (BACKGROUND, ("view", "change")),
    ),
}


@transaction.atomic
def ensure_roles() -> None:
    """Make the groups what the table says; run it again whenever the table changes."""
    numbers = _permissions()
    for name, grants in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set({numbers[each] for each in _granted(grants)})


def _granted(grants: Grants) -> set[Granted]:
    return {(model, action) for models, actions in grants for model in models for action in actions}


def _permissions() -> dict[Granted, int]:
    """The number of each permission that a role holds: Django's own, or ours (`issue_pack`)."""
    granted = set[Granted]().union(*map(_granted, ROLES.values()))
    kinds = ContentType.objects.get_for_models(
        *{model for model, _ in granted}, for_concrete_models=False
    )
    wanted = {
        (kinds[model].pk, f"{action}_{model._meta.model_name}"): (model, action)
        for model, action in granted
    }
    known = set(Permission.objects.values_list("content_type", "codename"))
    Permission.objects.bulk_create(
        Permission(
            content_type_id=kind,
            codename=codename,
            name=f"Can {action} {model._meta.verbose_name}",
        )
        for (kind, codename), (model, action) in wanted.items()
        if (kind, codename) not in known
    )
    numbered = Permission.objects.values_list("content_type", "codename", "pk")
    return {
        wanted[kind, codename]: number
        for kind, codename, number in numbered
        if (kind, codename) in wanted
    }
