"""The months as they are written, in full or shortened, each as a pattern by its first letters."""

MONTHS = {
    "jan": "jan(?:uary)?",
    "feb": "feb(?:ruary)?",
    "mar": "mar(?:ch)?",
    "apr": "apr(?:il)?",
    "may": "may",
    "jun": "june?",
    "jul": "july?",
    "aug": "aug(?:ust)?",
    "sep": "sep(?:t(?:ember)?)?",
    "oct": "oct(?:ober)?",
    "nov": "nov(?:ember)?",
    "dec": "dec(?:ember)?",
}
MONTH = "|".join(MONTHS.values())
