"""The desk of staff. What it changes passes the models' own rules; one save is one change."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from . import association, corrections, entry_links, sources

__all__ = ["association", "corrections", "entry_links", "sources"]

admin.site.site_header = _("Contact Centre Associations: staff")
admin.site.site_title = _("Contact Centre Associations: staff")
admin.site.index_title = _("What do you want to put right?")
