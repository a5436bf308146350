from django.http import HttpResponse
from django.urls import path

from directory.urls import urlpatterns as pages


def bare(request):
    """The least that Django can answer, under the same server and middleware."""
    return HttpResponse("ok")


urlpatterns = [path("bare/", bare), *pages]
