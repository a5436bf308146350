from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from associations import opensearch, sitemaps
from associations.feeds import News
from associations.kept import keep

from . import machines

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("associations.api_urls")),
    path("healthz", machines.healthz),
    path("readyz", machines.readyz),
    path("robots.txt", machines.robots),
    path(".well-known/security.txt", machines.security),
    path("sitemap.xml", keep(sitemaps.index), name="sitemap"),
    path("sitemap-pages.xml", keep(sitemaps.pages), name="sitemap_of_pages"),
    path("sitemap-<int:number>.xml", keep(sitemaps.entries), name="sitemap_of_entries"),
    path("feed/", keep(News())),
    path("opensearch.xml", keep(opensearch.Description.as_view())),
    *i18n_patterns(path("", include("associations.urls"))),
]
