"""The directory as a search engine of browsers: OpenSearch 1.1 and its suggestions.

https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md
"""

from django.http import JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from .api import SuggestionForm, suggested


class Description(TemplateView):
    template_name = "opensearch.xml"
    content_type = "application/opensearchdescription+xml"
    extra_context = {"short_name": _("Contact centres")}  # at most 16 characters


@require_safe
def suggestions(request):
    """What a browser offers for the text `q`: names, where they are, and their pages."""
    form = SuggestionForm(request.GET)
    found = suggested(form.cleaned_data["q"], request.data_version) if form.is_valid() else []
    return JsonResponse(
        [
            request.GET.get("q", ""),
            [card.name for card in found],
            [card.place for card in found],
            [request.build_absolute_uri(card.get_absolute_url()) for card in found],
        ],
        safe=False,
        content_type="application/x-suggestions+json",
    )
