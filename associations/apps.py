from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssociationsConfig(AppConfig):
    name = "associations"
    verbose_name = _("Directory of associations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import changes

        changes.follow(self)
