"""What a consent permits, in words for whoever gave it."""

from collections.abc import Mapping

from evidence.models import Audience, Channel, IdentityForm, Purpose

WHERE: Mapping[str, str] = {
    Channel.INTERNAL: "Inside our own team",
    Channel.BRIEFING_PACK: "In a briefing (a paper that we hand to people)",
    Channel.SPEECH: "Read out loud in Parliament",
    Channel.COMMITTEE_WRITTEN_EVIDENCE: "Written down for a committee of Parliament",
    Channel.WEBSITE_FEED: "On our website",
    Channel.PRINT: "In print",
    Channel.PRESS_RELEASE: "In news that we send to journalists",
    Channel.SOCIAL: "On social media",
}
FOR_WHOM: Mapping[str, str] = {
    Audience.STAFF_NAMED: "people we named, who work with us",
    Audience.PARLIAMENTARIAN_NAMED: "members of Parliament we named",
    Audience.PARLIAMENT_MEMBERS: "members of Parliament, in both Houses",
    Audience.COMMITTEE: "a committee of Parliament",
    Audience.PRESS: "journalists",
    Audience.PUBLIC: "anyone",
}
WHAT_FOR: Mapping[str, str] = {
    Purpose.POLICY_BRIEFING: "to help change laws and rules",
    Purpose.COMMITTEE_EVIDENCE: "to give evidence to Parliament",
    Purpose.PUBLIC_AWARENESS: "to help people understand",
    Purpose.MEDIA: "to tell it in the news",
    Purpose.TRAINING: "to help people learn for their work",
    Purpose.RESEARCH_AGGREGATE: "to count how often things happen",
}
HOW_KNOWN: Mapping[int, str] = {
    IdentityForm.AGGREGATE_ONLY: "only counted, together with other people, with no words",
    IdentityForm.PARAPHRASE_ANONYMOUS: "told in our words, with no name",
    IdentityForm.VERBATIM_ANONYMOUS: "told in the words we were given, with no name",
    IdentityForm.PSEUDONYM: "with a made-up name",
    IdentityForm.FIRST_NAME: "with the real first name",
    IdentityForm.FULL_NAME: "with the real full name",
    IdentityForm.IMAGE_VOICE: "with a picture or the real voice",
}


def in_plain_words(purpose: str, audience: str, channel: str) -> str:
    """As in “On our website, for anyone, to help people understand”."""
    return f"{WHERE[channel]}, for {FOR_WHOM[audience]}, {WHAT_FOR[purpose]}"
