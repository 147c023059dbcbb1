"""Digits and number words in running text that are no figures: dates, ages, clauses, addresses."""

import re

from evidence.numbers.months import MONTHS
from evidence.numbers.numerals import ONES, TENS

# What a number names when it stands after one of these: clause 12, columns 4 to 6, HL Bill 87.
NAMED_BY_NUMBER = (
    "amendments? annex(?:es)? appendi(?:x|ces) articles? band bill box category channel "
    "chapters? chart class clauses? cm cols? columns? editions? figures? footnotes? formula "
    "grade groups? hc hl items? level lines? lot model motions? nos? notes? number option orders? "
    "pages? paragraphs? paras? parts? phase points? pp questions? radio recommendations? reg "
    "regulations? room rounds? rules? sched schedules? sections? series sessions? sheet stage "
    "steps? sub-?clauses? sub-?paragraphs? sub-?sections? tables? tier title type unit version vol "
    "volumes?"
).replace(" ", "|")
PEOPLE = (
    "adults? anyone boys? child(?:ren)? everyone girls? kids men minors? people pupils? someone "
    "teenagers? teens those users? victims? women youngsters?"
).replace(" ", "|")
THIRD_OF_ITS_KIND = (
    "amendment case child clause day group offence option part(?:y|ies) person placed? reading "
    "report round stage term time way week woman man year"
).replace(" ", "|")
OWNED = "all|both|her|his|its|last|my|next|other|our|past|previous|the|their|these|this|those|your"
# After one of these a day, week or year is a time, and what follows counts: last year 514 crimes.
# Some stand before a name as well, which then has its capital: in a year 30, but a Year 11 pupil.
TIME_AFTER = ("last", "next", "past", "per", "previous", "this")
TIME_AFTER_IN_SMALL_LETTERS = (
    "a", "any", "calendar", "each", "every", "final", "financial", "first", "following", "full",
    "one", "recent", "same", "second", "single", "that", "the", "these", "third", "those", "whole",
    "day after", "day by", "week after", "week by", "year after", "year by", "year on",
)  # fmt: skip

_ONE = "|".join(ONES)
_SPELLED = f"{_ONE}|{'|'.join(TENS)}"
_N = rf"(?:[0-9](?:[0-9,.]{{0,8}}[0-9])?|(?:{_SPELLED})(?:[- ](?:{_SPELLED}))?|half an?)"
_N_OR_TWO = rf"{_N}(?:-? ?(?:to|–|-|and|or) ?{_N})?"
_YEAR = r"(?:19[0-9]{2}|20[0-4][0-9])"
# In small letters "may" and "march" are verbs, unless a year follows.
_NO_VERBS = "|".join(said for name, said in MONTHS.items() if name not in {"mar", "may"})
_MONTH = (
    rf"(?:{_NO_VERBS}|(?-i:M(?:ay|AY|ar(?:ch)?|AR(?:CH)?))"
    rf"|(?:{MONTHS['may']}|{MONTHS['mar']})(?=\.?,? {_YEAR}))\b\.?"
)
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?"
_ORDINAL = "first|second|third|(?:four|fif|six|seven|eigh|nin)th"
_SPAN = r"(?:(?:second|minute|hour|day|night|week|fortnight|month|year|decade)s?|centur(?:y|ies))"
_SORT_OF_SPAN = "calendar|consecutive|financial|full|more|other|school|successive|whole|working"
_OR_SO = "(?:and|or) (?:over|under|above|below|older|younger|up)"
_TIMES_OR_PARTS = (
    r" (?:hundred|thousand|million|billion|in|out of|per|%|times)\b"
    r"|[- ]?(?:thirds?|quarters?|fifths?|sixths?|eighths?|tenths?|fold)\b"
)
# One of a list of names: 12, 13(2)(a), 14A. "Clause 12 and 43%" ends before the percentage.
_NAME = r"[0-9]+[A-Z]*\b(?:\.[0-9]+)*(?:\([0-9a-z]+\))*(?! ?(?:%|per ?cent)|[,.]?[0-9])"
_AND = r"(?:, (?:and |or )?| and | or | to | ?[–-] ?| ?& ?)"
# Of a time that is named: year 11, weeks 1 to 3.
_SHORT = r"[0-9]{1,2}[A-Z]?\b(?! ?(?:%|per ?cent)|[,.]?[0-9])"
_SHORTS = rf"(?:{_SHORT}(?:{_AND}{_SHORT})*|(?:{_SPELLED})\b)"
_NAMED = r"\b" + "".join(rf"(?<!\b{each}\s)" for each in TIME_AFTER)
_NAMED_SMALL = _NAMED + "".join(rf"(?<!\b{each}\s)" for each in TIME_AFTER_IN_SMALL_LETTERS)
_SCALE = r"(?:bn|k|m|mn|tn|b|x|pp|pc|per ?cent|fold|thousand|million|billion|trillion)"

# In this order: what stands further up may hold what stands further down.
_ASIDES = [
    # Addresses, handles and telephone numbers.
    r"https?://\S+",
    r"www\.\S+",
    r"(?<!\S)\S{1,64}@\S+",
    r"(?<![\w.-])[\w.-]{1,64}\.(?:com|org|net|uk|wales|eu|gov)\b\S*",
    r"(?<!\w)[@#]\w+",
    r"(?<![\w,.£$€])(?:\+[0-9]{2} ?|\(?0)[0-9]{2,4}\)?(?:[ -]?[0-9]{3,4}){1,3}\b",
    r"\b(?:call|dial|helpline|on|phone|ring|tel|text):? (?:116 ?123|1[01][0-9]|999)\b",
    # Dates, years and clock times.
    r"\b[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}\b",
    r"\b[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?\b",
    rf"\b{_YEAR} ?[/–-] ?(?:{_YEAR}|[0-9]{{2}})\b(?![,.]?[0-9])",
    rf"\b{_DAY}(?: ?(?:and|to|,|-|–|&) ?{_DAY}){{0,3}} (?:of )?{_MONTH}(?:,? {_YEAR})?",
    rf"\b{_MONTH} {_DAY}(?!,[0-9]{{3}}|[0-9]|%)(?:,? {_YEAR})?",
    r"\b[A-Z]{0,9}[0-9]{1,9}/[0-9]{4}\b",
    r"\[[0-9]{4}\](?: [A-Z]+){1,4} [0-9]+",
    r"\b(?:24/7|9/11|50/50)\b",
    rf"(?<![0-9,.£$€/])\b{_YEAR}(?:s\b|\b(?![,.]?[0-9]|%| per ?cent))",
    r"\b(?:act|bill|order|regulations) [0-9]{4}\b",
    r"(?<!\w)['‘’][0-9]{2}s?\b",
    r"\b[0-9]{1,2}(?:[:.][0-9]{2})? ?(?:am|pm|a\.m\.|p\.m\.|o['’]clock)(?!\w)",
    r"\b(?:[01]?[0-9]|2[0-3]):[0-5][0-9]\b",
    r"\bhalf[- ]past \w+",
    # Ordinals, and the halves and quarters that are named and not measured.
    r"\b[0-9]+(?:st|nd|rd|th)\b",
    rf"\b(?:{'|'.join(TENS)})[- ](?:{_ORDINAL})\b",
    r"\b(?:first|second|third|fourth|last|next|each|every|per|this)[- ]quarters?\b",
    rf"\bquarter of {_YEAR}|\bquarter-on-quarter\b",
    r"\b(?:first|second|other|better) half\b|\bhalfway\b",
    r"\bhalf[- ](?:term|hearted(?:ly)?|way|brother|sister|measures?)\b",
    r"\bhalf[- ]an? (?:dozen|hour|day|century)\b",
    rf"\b(?:a|one) (?:third|fourth|fifth|sixth|tenth)[- ](?:{THIRD_OF_ITS_KIND})\b",
    # Ages and age limits.
    rf"\b(?:aged?|ages)(?: of)?(?: between| under| over| from)? {_N_OR_TWO}(?: {_OR_SO})?\b",
    r"\b(?:under|over)[- ]?[0-9]{1,2}s\b|\b(?:under|over)-[0-9]{1,2}\b",
    rf"\b(?:{PEOPLE}) (?:who are |aged )?(?:under|over|below|above) (?:the age of )?[0-9]{{1,2}}\b"
    r"(?!,[0-9]|%| per)",
    r"\b[0-9]{1,2}[- ](?:and|or) (?:over|under|above|older|younger)s?\b",
    rf"\b{_N_OR_TWO}[- ]years?[- ]olds?\b",
    r"\bturn(?:s|ed|ing)? [0-9]{1,2}\b|\b(?:am|is|was|were) (?:only |just )?[0-9]{1,2} when\b",
    # Durations; "every 23 minutes" is a rate. And what a rate is out of: per 1,000 people.
    rf"(?<![0-9,.-])(?<!every )\b{_N_OR_TWO}[- ](?:(?:{_SORT_OF_SPAN})[- ])?{_SPAN}['’]?\b",
    r"(?<=\bper )(?:[0-9][0-9,]*|hundred|thousand|million)\b(?! ?%)",
    # Clauses, pages and their kin; list items; names that hold digits: 270A, Covid-19, 5G.
    rf"\b(?:{NAMED_BY_NUMBER})\b\.? ?{_NAME}(?:{_AND}{_NAME})*",
    rf"\b(?:bbc|big|category|channel|clause|part|phase|schedule|section|stage|tier)"
    rf" (?:{_SPELLED})\b",
    rf"{_NAMED}(?-i:Day|Week|Year) {_SHORTS}|{_NAMED_SMALL}(?:day|week|year) {_SHORTS}",
    rf"{_NAMED_SMALL}(?:week|year)s {_SHORT}(?:{_AND}{_SHORT})+",
    r"[(\[][0-9]{1,3}[)\]]",
    r"^[ \t]*[0-9]{1,3}[.)](?=\s)",
    r"^[ \t]*[0-9]{1,2}\.[0-9]{1,2}\.?(?=\s+(?-i:[A-Z“\"]))",
    r"^[ \t]*[0-9]+(?:\.[0-9]+){2,}",
    r"\b(?!mid-|pre-|post-|non-)[A-Z][A-Z-]{0,30}[0-9][\w/-]*",
    rf"\b[0-9]+(?!{_SCALE}\b)[A-Z][A-Z0-9]*\b",
    # A small count of what was named before, "the four forces", but not "three of the four".
    rf"(?P<kept>\b(?:{_ONE}|[0-9]{{1,3}}) (?:out )?of the (?:{_ONE})\b)"
    rf"|\b(?:{OWNED}) (?:(?:last|next|past|same|other) )?(?:{_ONE})\b(?!{_TIMES_OR_PARTS})",
]
_PATTERNS = [re.compile(aside, re.IGNORECASE | re.MULTILINE) for aside in _ASIDES]


def without_asides(text: str) -> str:
    """The text, as long as before, with every number that is no figure blotted out."""
    for pattern in _PATTERNS:
        text = pattern.sub(_blot, text)
    return text


def _blot(match: re.Match[str]) -> str:
    if match.groupdict().get("kept"):
        return match[0]
    return re.sub(r"\w", "_", match[0])
