"""Sources in and out as bibliographies: CSL-JSON, RIS and BibTeX, as Zotero writes them."""
