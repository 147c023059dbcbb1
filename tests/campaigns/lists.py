"""Marshalled lists for tests: real ones where they are beside the project, and one of our own."""

from pathlib import Path

import pytest
from django.conf import settings

SAMPLES = Path(settings.BASE_DIR).parent / "shared" / "parliament" / "amendment_xml"
needs_samples = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason=f"Parliament's sample lists are not here: {SAMPLES} is missing."
)
NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def made_list(
    *amendments: str, bill: str = "Example Bill", house: str = "House of Lords", **facts: str
) -> bytes:
    """A list as Parliament's editor writes it, with amendments of our own making."""
    told = {"varBillTitle": bill, "varHouse": house, "varStageVersion": "Report", **facts}
    concepts = "".join(
        f'<TLCConcept eId="{name}" showAs="{value}" href="#x"/>' for name, value in told.items()
    )
    components = "".join(f'<component class="amendment">{each}</component>' for each in amendments)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><akomaNtoso xmlns="{NAMESPACE}">'
        f'<amendmentList name="marsh"><meta><references>{concepts}</references></meta>'
        f"<collectionBody>{components}</collectionBody></amendmentList></akomaNtoso>"
    ).encode()


def made_amendment(
    number: str = "1",
    instruction: str = "Clause 3, page 3, line 7, leave out subsection (7)",
    names: tuple[tuple[str, int], ...] = (("Lord Example", 1),),
    statement: str = "",
) -> str:
    lead = names[:1]
    introduced = "".join(_signed("docIntroducer", *each) for each in lead)
    supported = "".join(_signed("docProponent", *each) for each in names[1:])
    why = (
        '<amendmentJustification><blockContainer class="explanatoryStatement">'
        f"<heading>Member's explanatory statement</heading><p>{statement}</p>"
        "</blockContainer></amendmentJustification>"
    )
    return (
        "<amendment><amendmentBody><amendmentHeading>"
        f'<block name="proposer">{introduced}</block><block name="supporters">{supported}</block>'
        f"</amendmentHeading><amendmentContent><tblock><num>{number}</num>"
        f'<block name="instruction">{instruction}</block></tblock></amendmentContent>'
        f"{why if statement else ''}</amendmentBody></amendment>"
    )


def _signed(tag: str, name: str, person: int) -> str:
    return f'<{tag} refersTo="amnd#person-{person}">{name}</{tag}>'


NEW_CLAUSE = (
    "<mod>After Clause 17, insert the following new Clause—"
    '<quotedStructure startQuote="“" endQuote="”"><section><num/>'
    "<heading>Body for children</heading>"
    "<subsection><num>(1)</num><content><p>There is to be a body.</p></content></subsection>"
    "<subsection><num>(2)</num><intro><p>It must—</p></intro>"
    "<level><num>(a)</num><content><p>listen, and</p></content></level>"
    "<level><num>(b)</num><content><p>report.</p></content></level></subsection>"
    "</section></quotedStructure></mod>"
)
