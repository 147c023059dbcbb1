"""The parts of a pack, each made from evidence: `campaigns.packs.compose` puts them together."""
