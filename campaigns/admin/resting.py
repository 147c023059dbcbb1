"""Tells the pages of sources, figures and accounts what rests on each."""

from campaigns.impact import KINDS, impact_of
from evidence.admin.resting import tells_what_rests

tells_what_rests(dict(KINDS), lambda record: impact_of(record).sentence)
