"""Which claims rest on which ask: they are what can be tested of its figures."""

from uuid import UUID

from django.db import connection

# A claim rests on an ask's figures if every figure under it is live, and carries the ask. Hardly
# any does: those that may are found without sorting, and these alone are looked at closely, since
# an ask can be linked to one figure twice.
RESTING = """
WITH input AS MATERIALIZED (
    SELECT input.id, statistic_id, claim_id, count(*) OVER (PARTITION BY claim_id) AS inputs,
        figure.review_state = 'approved' AND source.review_state = 'approved'
            AND source.retracted_on IS NULL AS is_live
    FROM evidence_claiminput AS input
    JOIN evidence_claim AS claim ON claim.id = claim_id AND claim.review_state <> 'retired'
    JOIN evidence_statistic AS figure ON figure.id = statistic_id
    JOIN evidence_source AS source ON source.id = figure.source_id
), link AS NOT MATERIALIZED (
    SELECT ask_id, statistic_id FROM campaigns_evidencelink WHERE role <> 'counter_evidence'
), likely AS MATERIALIZED (
    SELECT ask_id, claim_id, min(inputs) AS inputs
    FROM link JOIN input USING (statistic_id) WHERE is_live
    GROUP BY ask_id, claim_id HAVING count(*) >= min(inputs)
)
SELECT ask_id, claim_id, verdict
FROM likely JOIN evidence_claim AS claim ON claim.id = claim_id
WHERE inputs = (
    SELECT count(DISTINCT input.id)
    FROM input JOIN link USING (statistic_id)
    WHERE is_live AND input.claim_id = likely.claim_id AND link.ask_id = likely.ask_id
)
"""


def resting_claims() -> list[tuple[UUID, UUID, str]]:
    """An ask, a claim that rests on its figures alone, and the claim's verdict."""
    with connection.cursor() as cursor:
        cursor.execute(RESTING)
        found: list[tuple[UUID, UUID, str]] = cursor.fetchall()
    return found
