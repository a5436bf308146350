"""The desk of staff. What it changes passes the models' own rules; one save is one change."""

from . import accounts, association, corrections, entry_links, imports, sources

__all__ = ["accounts", "association", "corrections", "entry_links", "imports", "sources"]
