"""Second floor: what we ask for, and the packs that carry it to members."""
