from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from . import formats, opensearch, views
from .corrections import views as corrections
from .feeds import News
from .kept import keep
from .styleguide import styleguide

app_name = "associations"
urlpatterns = [
    path("", keep(views.AssociationList.as_view()), name="list"),
    path(_("associations.csv"), formats.ListingAsCsv.as_view(), name="csv"),
    path(_("associations.xlsx"), formats.ListingAsWorkbook.as_view(), name="xlsx"),
    path(_("associations/<slug:slug>/"), keep(views.AssociationDetail.as_view()), name="detail"),
    path(_("associations/<slug:slug>/changes/"), keep(views.Changes.as_view()), name="changes"),
    path(
        _("associations/<slug:slug>/correction/"),
        corrections.CorrectionPage.as_view(),
        name="correct",
    ),
    path(_("suggest/"), corrections.SuggestionPage.as_view(), name="suggest"),
    path(
        _("corrections/<str:secret>/"),
        corrections.CorrectionStatus.as_view(),
        name="correction_status",
    ),
    path(_("your-entry/<str:token>/"), corrections.OwnEntry.as_view(), name="own_entry"),
    path(_("compare/"), keep(views.Comparison.as_view()), name="compare"),
    path(_("overview/"), keep(views.Overview.as_view()), name="overview"),
    path(_("quality/"), views.QualityOfTheData.as_view(), name="quality"),
    path(_("about-the-data/"), keep(views.AboutTheData.as_view()), name="about"),
    path(_("associations/<slug:slug>.vcf"), keep(formats.VCard.as_view()), name="vcard"),
    path(
        _("associations/<slug:slug>.v3.vcf"),
        keep(formats.VCard.as_view(version="3.0")),
        name="vcard_3",
    ),
    path(_("associations/<slug:slug>.qr.svg"), keep(formats.QrCode.as_view()), name="qr"),
    path(_("associations/<slug:slug>.jsonld"), keep(formats.JsonLd.as_view()), name="json_ld"),
    path(
        _("associations/<slug:slug>.json"),
        RedirectView.as_view(pattern_name="api:detail", permanent=True),
        name="json",
    ),
    path(_("style-guide/"), styleguide, name="styleguide"),
    path("feed/", keep(News()), name="feed"),
    path("opensearch.xml", keep(opensearch.Description.as_view()), name="opensearch"),
    path("suggestions.json", keep(opensearch.suggestions), name="suggestions"),
]
