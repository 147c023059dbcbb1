"""A refusal is an answer, not a crash: one sentence on the rule and on what to do."""


class Refused(Exception):
    """What was asked is not allowed; str() is the sentence for whoever asked."""
