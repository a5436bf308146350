"""The desk of staff. What it changes passes the models' own rules; one save is one change."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from . import association, imports, sources

__all__ = ["association", "imports", "sources"]

admin.site.site_header = _("Contact Centre Associations: staff")
admin.site.site_title = _("Contact Centre Associations: staff")
admin.site.index_title = _("What do you want to put right?")
