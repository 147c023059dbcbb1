"""Parliament's own words, as its API lists them: another word is kept as it came and flagged."""

LONGEST_WORD = 400  # of one that is not among these, which may be a sentence

DECISIONS = frozenset(
    {"NoDecision", "Withdrawn", "Disagreed", "NotMoved", "Agreed", "QuestionProposed"}
    | {"NotSelected", "WithdrawnBeforeDebate", "StoodPart", "NotStoodPart", "Preempted"}
    | {"NotCalled", "NegativedOnDivision", "AgreedOnDivision"}
)
UNDECIDED = frozenset({"", "NoDecision", "QuestionProposed"})
AMENDMENT_TYPES = frozenset(
    {"EditLongTitle", "EditBillBody", "AddClauseOrSchedule", "DeleteClauseOrSchedule"}
)
# The API has no list of these: stages are data in it. What is not here is shown as not known to us.
STAGES = frozenset(
    {"1st reading", "2nd reading", "second reading committee", "committee stage"}
    | {"committee of the whole house", "grand committee", "committee", "report stage", "report"}
    | {"legislative grand committee", "3rd reading", "royal assent", "committee: 1st sitting"}
    | {"consideration of lords amendments", "consideration of commons amendments"}
    | {"consideration of lords message", "consideration of commons message"}
    | {"consideration of commons reasons", "commons reasons", "lords amendments"}
    | {"consideration of lords reasons", "consideration in committee", "ping pong"}
    | {"programme motion", "programme motion no. 2", "money resolution", "carry-over motion"}
    | {"ways and means resolution", "order of commitment discharged", "introduced"}
    | {"public bill committee", "committee on recommitted clauses", "instruction"}
)
_ORDINALS = {"first": "1st", "second": "2nd", "third": "3rd"}
# What people call them: a Bill is introduced by its first reading, and the committee of a public
# Bill in the Commons is a public bill committee.
_ALSO_CALLED = {"introduced": "1st reading", "public bill committee": "committee"}


def plain_stage(name: str) -> str:
    """A stage by one name: "Second reading" and "2nd reading", "Report" and "Report stage"."""
    first, _, rest = " ".join(name.casefold().split()).partition(" ")
    words = f"{_ORDINALS.get(first, first)} {rest}".strip().removesuffix(" stage")
    return _ALSO_CALLED.get(words, words)


def plain_decision(name: str) -> str:
    """A decision by one spelling: "Not moved", as it is printed, and "NotMoved"."""
    return "".join(name.casefold().split())


KNOWN_STAGES = frozenset(map(plain_stage, STAGES))


def is_known_stage(name: str) -> bool:
    return plain_stage(name) in KNOWN_STAGES
