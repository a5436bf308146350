from django.urls import path, re_path

from . import api
from .kept import keep

app_name = "api"
urlpatterns = [
    path("v1/associations/", keep(api.AssociationList.as_view()), name="list"),
    path("v1/associations/<slug:slug>/", keep(api.AssociationDetail.as_view()), name="detail"),
    path("v1/suggest/", keep(api.Suggestions.as_view()), name="suggest"),
    path("v1/schema/", keep(api.Description.as_view()), name="schema"),
    re_path(r"^(?:[\s\S]*/)?$", api.Nothing.as_view()),
]
