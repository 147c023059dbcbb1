"""The desk's pages for what we ask, what Parliament does, and the packs."""

from campaigns.admin import (
    asks,
    holding,
    issued,
    members,
    notices,
    packs,
    parliament,
    resting,
    sending,
    stages,
)

__all__ = [
    "asks",
    "holding",
    "issued",
    "members",
    "notices",
    "packs",
    "parliament",
    "resting",
    "sending",
    "stages",
]
