from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import views
from .kept import keep

app_name = "associations"
urlpatterns = [
    path("", keep(views.AssociationList.as_view()), name="list"),
    path(_("associations/<slug:slug>/"), keep(views.AssociationDetail.as_view()), name="detail"),
    path(_("compare/"), keep(views.Comparison.as_view()), name="compare"),
    path(_("overview/"), keep(views.Overview.as_view()), name="overview"),
    path(_("about-the-data/"), keep(views.AboutTheData.as_view()), name="about"),
]
