from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import views

app_name = "associations"
urlpatterns = [
    path("", views.AssociationList.as_view(), name="list"),
    path(_("associations/<slug:slug>/"), views.AssociationDetail.as_view(), name="detail"),
]
