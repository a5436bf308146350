from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.signals import user_logged_in


class StaffConfig(AdminConfig):
    default_site = "directory.staff.StaffSite"

    def ready(self):
        from .staff import stay_signed_in

        super().ready()
        user_logged_in.connect(stay_signed_in)
