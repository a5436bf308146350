"""Sources, sectors and former addresses: what entries refer to."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ..models import FormerSlug, Sector, Source
from .tables import Desk


@admin.register(Source)
class SourceAdmin(Desk):
    list_display = ["title", "publisher", "published_on", "seen_on"]
    search_fields = ["title", "publisher", "url"]
    search_help_text = _("Title, publisher or web address.")
    show_full_result_count = False
    list_per_page = 50


@admin.register(Sector)
class SectorAdmin(Desk):
    list_display = ["slug", "name_en", "name_it"]
    search_fields = ["slug", "name_en", "name_it"]


@admin.register(FormerSlug)
class FormerSlugAdmin(Desk):
    """To be read only: the database writes it."""

    list_display = ["slug", "association"]
    list_select_related = ["association__card"]
    search_fields = ["slug"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
