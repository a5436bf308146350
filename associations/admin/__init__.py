"""The desk of staff. What it changes passes the models' own rules; one save is one change."""

from . import association, sources

__all__ = ["association", "sources"]
