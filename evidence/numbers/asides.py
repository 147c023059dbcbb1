"""Digits and number words in running text that are no figures: dates, ages, clauses, addresses."""

import re

from evidence.numbers.numerals import ONES, TENS

MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
# What a number refers to when it stands after one of these: clause 12, columns 4 to 6, HL Bill 87.
REFERENCES = """amendments?|annex(?:es)?|appendi(?:x|ces)|articles?|band|bill|box|category|channel|
    chapters?|chart|class|clauses?|cm|cols?|columns?|day|editions?|figures?|footnotes?|formula|
    grade|groups?|hc|hl|items?|key stage|level|lines?|lot|model|motions?|no|nos|notes?|number|option|
    orders?|pages?|pp|paragraphs?|paras?|parts?|phase|points?|questions?|radio|recommendations?|
    regulations?|reg|room|rounds?|rules?|schedules?|sched|sections?|series|sessions?|sheet|
    standing orders?|steps?|sub-?clauses?|sub-?paragraphs?|sub-?sections?|tables?|tier|title|type|
    unit|version|volumes?|vol|week|weeks|year|years"""

_SPELLED = "|".join([*ONES, *TENS])
_N = rf"(?:[0-9][0-9,.]{{0,9}}|(?:{_SPELLED})(?:[- ](?:{_SPELLED}))?|half an?)"
_YEAR = r"(?:19[0-9]{2}|20[0-4][0-9])"
_MONTH = rf"(?:{MONTHS})[a-z]{{0,6}}\b\.?"
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_ORDINAL = r"first|second|third|(?:four|fif|six|seven|eigh|nin|ten|eleven|twelf)th|[a-z]+teenth"
_SPAN = r"(?:second|minute|hour|day|night|week(?:end)?|fortnight|month|year|decade|centur)"
_PEOPLE = """adults?|anyone|boys?|child(?:ren)?|everyone|girls?|kids|men|minors?|people|pupils?|
    someone|teenagers?|teens|those|users?|victims?|women|young people|youngsters?"""
_NOT_A_FIGURE = r"(?! ?(?:%|per ?cent|percent)|,?[0-9])"
# A reference may be a list: clauses 12, 13(2)(a) and 14A to 16.
_REFERENCE = rf"[0-9]+[A-Z]*(?:\.[0-9]+)*(?:\([0-9a-z]+\))*\b{_NOT_A_FIGURE}"

_WORDS = {
    "link": r"https?://\S+|www\.\S+|(?<!\S)\S{1,64}@\S+"
    r"|(?<![\w.-])[\w.-]{1,64}\.(?:com|org|net|uk|wales|eu|gov)\b\S*",
    "handle": r"(?<!\w)[@#]\w+",
    "phone": r"(?<![\w,.£$€])(?:\+[0-9]{2} ?(?:\(0\) ?)?|\(?0)[0-9]{2,4}\)?(?:[ -]?[0-9]{3,4}){1,3}\b"
    r"|\b(?:call|dial|helpline|on|phone|ring|tel|telephone|text)\b:? (?:116 ?123|1[01][0-9]|999)\b",
    "date": r"\b[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}\b|\b[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?\b",
    "reporting year": rf"\b{_YEAR} ?[/–-] ?(?:{_YEAR}|[0-9]{{2}})\b(?![,.]?[0-9])",
    "day and month": rf"\b{_DAY}(?: ?(?:and|to|,|-|–|&) ?{_DAY}){{0,3}} (?:of )?{_MONTH}(?:,? {_YEAR})?"
    rf"|\b{_MONTH} {_DAY}(?!,[0-9]{{3}}|[0-9]|%)(?:,? {_YEAR})?",
    "day of a month": rf"\b{_YEAR} {_MONTH} {_DAY}",
    "file number": r"\b[A-Z]{0,9}[0-9]{1,9}/[0-9]{4}\b|\[[0-9]{4}\](?: [A-Z]+)+ [0-9]+|\b24/7\b|\b9/11\b",
    "year": rf"(?<![0-9,.£$€/])\b{_YEAR}(?:s\b|\b(?![,.]?[0-9]|%| per ?cent))",
    "act": r"\b(?:act|bill|order|regulations) [0-9]{4}\b",
    "short year": r"(?<!\w)['‘’][0-9]{2}s?\b",
    "clock": r"\b[0-9]{1,2}(?:[:.][0-9]{2})? ?(?:am|pm|a\.m\.|p\.m\.|o['’]clock)(?!\w)"
    r"|\b(?:[01]?[0-9]|2[0-3]):[0-5][0-9]\b|\bhalf[- ]past \w+",
    "ordinal": rf"\b[0-9]+(?:st|nd|rd|th)\b|\b(?:{'|'.join(TENS)})[- ](?:{_ORDINAL})\b",
    "quarter of a year": rf"\b(?:first|second|third|fourth|last|next|each|every|per|this)[- ]quarters?"
    rf"\b|\bquarter of {_YEAR}|\bquarter-on-quarter\b",
    "half of something": r"\b(?:first|second|other|better) half\b|\bhalf[- ](?:term|hearted(?:ly)?"
    r"|way|brother|sister|measures?|an? (?:dozen|hour|day|century))\b|\bhalfway\b",
    "third person": r"\b(?:a|one) (?:third|fourth|fifth|sixth|tenth)[- ](?:amendment|case|child|clause"
    r"|day|group|offence|option|part(?:y|ies)|person|placed?|reading|report|round|stage|term|time|way"
    r"|week|woman|man|year)\b",
    "age": rf"\b(?:aged?|ages)(?: of)?(?: between| under| over| from)? {_N}"
    rf"(?: ?(?:and|or|to|-|–) ?{_N})?(?: (?:and|or) (?:over|under|above|below|older|younger|up))?\b"
    r"|\b(?:under|over)[- ]?[0-9]{1,2}s\b|\b(?:under|over)-[0-9]{1,2}\b"
    rf"|\b(?:{_PEOPLE}) (?:who are |aged )?(?:under|over|below|above) (?:the age of )?[0-9]{{1,2}}\b"
    r"(?!,[0-9]|%| per)"
    rf"|\b[0-9]{{1,2}}[- ](?:and|or) (?:over|under|above|older|younger)s?\b"
    rf"|\b{_N}(?:-? ?(?:to|–|-|and|or) ?{_N})?[- ]years?[- ]olds?\b|\bturn(?:s|ed|ing)? [0-9]{{1,2}}\b"
    r"|\b(?:am|is|was|were) (?:only |just )?[0-9]{1,2} when\b",
    "duration": rf"(?<![0-9,.-])(?<!every )\b{_N}(?:(?: ?(?:to|or|and|–|-) ?){_N})?[- ](?:(?:calendar|consecutive|"
    rf"financial|full|more|other|school|successive|whole|working)[- ])?{_SPAN}(?:s|ies|y)?['’]?\b",
    "denominator": r"\bper (?:[0-9][0-9,]*|hundred|thousand|million)\b(?! ?%)",
    "reference": rf"\b(?:{REFERENCES})\b\.? ?{_REFERENCE}"
    rf"(?:(?:, (?:and |or )?| and | or | to | ?[–-] ?| ?& ?){_REFERENCE})*",
    "spelled reference": rf"\b(?:bbc|big|category|channel|clause|day|key stage|part|phase|radio|"
    rf"schedule|section|stage|step|tier|year) (?:{_SPELLED})\b",
    "bracketed": r"[(\[][0-9]{1,3}[)\]]",
    "item": r"^[ \t]*(?:[0-9]{1,3}[.)](?=\s)|[0-9]{1,2}\.[0-9]{1,2}\.?(?=\s+[A-Z“\"])"
    r"|[0-9]+(?:\.[0-9]+){2,})",
    "named": r"\b(?=[A-Za-z]*[A-Za-z]-?[0-9])(?!mid-|pre-|post-|non-)[A-Za-z][A-Za-z-]*[0-9][\w/-]*"
    r"|\b[0-9]+(?!(?:bn|k|m|mn|tn|b|x|pp|pc|percent|per|fold|million|billion|thousand|trillion)\b)"
    r"[A-Za-z][A-Za-z0-9]*\b",
    "counted before": rf"(?P<kept>\b(?:{'|'.join(ONES)}|[0-9]{{1,3}}) (?:out )?of the "
    rf"(?:{'|'.join(ONES)})\b)|\b(?:all|both|her|his|its|last|my|next|other|our|past|previous|the|their|"
    rf"these|this|those|your) (?:last |next |past |previous |same |other )?(?:{'|'.join(ONES)})\b"
    r"(?! (?:hundred|thousand|million|billion|in |out of|per|%|times)|[- ]?(?:thirds?|quarters?|fifths?|"
    r"sixths?|eighths?|tenths?|fold))",
}


def _pattern(name: str) -> re.Pattern[str]:
    rule = re.sub(r"\n\s+", "", _WORDS[name])
    return re.compile(rule, re.MULTILINE if name == "item" else re.IGNORECASE)


_PATTERNS = [_pattern(name) for name in _WORDS]


def without_asides(text: str) -> str:
    """The text, as long as before, with every number that is no figure blotted out."""
    for pattern in _PATTERNS:
        text = pattern.sub(_blot, text)
    return text


def _blot(match: re.Match[str]) -> str:
    if match.re.groups and match.groupdict().get("kept"):
        return match[0]
    return re.sub(r"\w", "_", match[0])
