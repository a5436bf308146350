from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from . import machines

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("associations.api_urls")),
    path("healthz", machines.healthz),
    path("readyz", machines.readyz),
    path("robots.txt", machines.robots),
    *i18n_patterns(path("", include("associations.urls"))),
]
