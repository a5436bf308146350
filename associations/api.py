"""The directory for machines: the same selections as the pages, as JSON, for reading."""

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import QuerySet
from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import translation
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.renderers import OpenApiJsonRenderer2
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework import exceptions, serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from . import cards
from .facets import Facets
from .filters import (
    LISTED,
    MAX_VALUE_LENGTH,
    MAX_VALUES,
    MOST_KNOWN,
    PAGE_SIZE,
    AssociationFilter,
    KnownValuesField,
    ListingForm,
    ParametersForm,
)
from .models import Association
from .reasons import explain
from .representations import api as representations
from .representations.api import identified
from .search import MAX_LENGTH, search
from .views import Entry, Selection

SUGGESTED = 8
# So many values of a parameter are enumerated in the description; where there are more, none.
ENUMERATED = MOST_KNOWN - 1


# Errors.


def errors(exception, context):
    """Any error as `{"errors": {parameter: [message, …]}}`, under `detail` where it is of none."""
    response = exception_handler(exception, context)
    if response is not None:
        told = response.data.items()
        response.data = {
            "errors": {name: [*text] if isinstance(text, list) else [text] for name, text in told}
        }
    return response


def no_such_entry(slug):
    return exceptions.NotFound({"slug": [f"There is no entry “{slug}”."]})


class Gone(exceptions.APIException):
    status_code = status.HTTP_410_GONE

    def __init__(self, association):
        told = ["There was an entry at this address. It was taken out of the directory."]
        if association and association.withdrawal_reason:
            told.append(association.withdrawal_reason)
        super().__init__({"slug": told})


def check(form):
    """What this `ParametersForm` asks for; raises its errors, each under its own parameter."""
    if form.is_valid():
        return form.cleaned_data
    told = {name: list(found) for name, found in form.errors.items() if name != NON_FIELD_ERRORS}
    raise exceptions.ValidationError(told | form.unknown)


class OneFormat(BaseContentNegotiation):
    """JSON, whatever a client says that it prefers: an address has one answer."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class ForReading:
    """What all addresses of the API have in common."""

    http_method_names = ["get", "head"]
    content_negotiation_class = OneFormat
    schema = None

    def get_exception_handler(self):
        return errors


class Nothing(ForReading, APIView):
    """What is asked for at any other address."""

    def initial(self, request, *args, **kwargs):
        raise exceptions.NotFound("Nothing is at this address.")


# What may be asked.


class ApiListingForm(ListingForm):
    facets = forms.ChoiceField(
        label="With the counts of each filter",
        required=False,
        choices=[("true", "true"), ("false", "false")],
    )


class ApiFilter(AssociationFilter):
    class Meta(AssociationFilter.Meta):
        form = ApiListingForm


class SuggestionForm(ParametersForm):
    q = forms.CharField(label="Search", required=False, max_length=MAX_LENGTH)
    lang = forms.ChoiceField(
        label="Language of places and addresses", required=False, choices=settings.LANGUAGES
    )


class ListedBackend(DjangoFilterBackend):
    """What the filterset lists, in its order; the filterset is kept for the view."""

    def filter_queryset(self, request, queryset, view):
        view.filterset = self.get_filterset(request, queryset, view)
        check(view.filterset.form)
        return view.filterset.qs


class Pages(PageNumberPagination):
    """The pages that the filterset's form asks for."""

    def paginate_queryset(self, queryset, request, view=None):
        self.asked = view.filterset.form.cleaned_data
        try:
            return super().paginate_queryset(queryset, request, view)
        except exceptions.NotFound:
            raise exceptions.NotFound({"page": ["There is no such page."]}) from None

    def get_page_size(self, request):
        return self.asked["page_size"] or PAGE_SIZE

    def get_page_number(self, request, paginator):
        return self.asked["page"] or 1


# How that is described.

NO_NUL = "^[^\\u0000]*$"


class Schema(AutoSchema):
    """Describes the parameters of an address as the form takes them that reads them."""

    def get_filter_backends(self):
        return [FormParameters]


class FormParameters:
    def get_schema_operation_parameters(self, view):
        return described(view.form())


def described(form):
    """The fields of a form as OpenAPI parameters of a query; a query for some."""
    return [
        {
            "in": "query",
            "name": name,
            "description": _help(field),
            "allowEmptyValue": True,
            "schema": _schema(field),
        }
        for name, field in form.fields.items()
    ]


def _help(field):
    if isinstance(field, KnownValuesField):
        return f"{field.label}: any of at most {MAX_VALUES} values."
    return f"{field.label}."


def _schema(field):
    if isinstance(field, KnownValuesField):
        return {"type": "array", "items": _items(field.known())}
    if isinstance(field, forms.ChoiceField):
        values = [value for value, _label in field.choices]
        return {"type": "boolean"} if values == ["true", "false"] else _among(values)
    if isinstance(field, forms.IntegerField):
        return {"type": "integer", "minimum": field.min_value, "maximum": field.max_value}
    return {"type": "string", "maxLength": field.max_length, "pattern": NO_NUL}


def _items(known):
    if isinstance(known, QuerySet):
        known = known[: ENUMERATED + 1]
    if 0 < len(known) <= ENUMERATED:
        return _among(map(str, known))
    return {"type": "string", "maxLength": MAX_VALUE_LENGTH, "pattern": NO_NUL}


def _among(values):
    return {"type": "string", "enum": list(values)}


class ErrorsSerializer(serializers.Serializer):
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="What is wrong, by parameter; under `detail` what is of none.",
    )


def answers(serializer, **others):
    """The answers of an operation: this one, those to wrong questions, and others by status."""
    wrong = {
        "304": "You have it already (`If-None-Match`).",
        "400": "A parameter is unknown, or has an unknown value.",
        "405": "The API is for reading: GET and HEAD.",
        **{code.removeprefix("status_"): text for code, text in others.items()},
    }
    told = {
        code: OpenApiResponse(ErrorsSerializer if code >= "400" else None, text)
        for code, text in wrong.items()
    }
    return {"200": serializer, **told}


SLUG = OpenApiParameter(
    "slug",
    {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
    OpenApiParameter.PATH,
    description="The slug of the association, or one that it had.",
)


# Views.


class AssociationList(ForReading, Selection, GenericAPIView):
    filterset_class = ApiFilter
    filter_backends = [ListedBackend]
    pagination_class = Pages
    schema = Schema()

    def form(self):
        return self.filterset_class().form

    @extend_schema(
        operation_id="list_associations",
        summary="The associations that the page of the directory lists for the same parameters",
        responses=answers(representations.ListingSerializer, status_404="There is no such page."),
    )
    def get(self, request):
        listed = self.filter_queryset(self.get_queryset())
        asked = self.filterset.form.cleaned_data
        # First of all: to count the values is to count the hits.
        counted = Facets(self.filterset) if asked["facets"] == "true" else None
        page = identified(self.paginate_queryset(listed))
        if asked["q"]:
            explain(page, self.filterset.hits)
        listing = {
            "count": self.paginator.page.paginator.count,
            "next": self.paginator.get_next_link(),
            "previous": self.paginator.get_previous_link(),
            "results": page,
        }
        if counted is not None:
            listing["facets"] = counted
        context = self.get_serializer_context()
        return Response(representations.ListingSerializer(listing, context=context).data)


class AssociationDetail(ForReading, Entry, APIView):
    form = ParametersForm
    schema = Schema()

    @extend_schema(
        operation_id="read_association",
        summary="All that is public of one association, each fact dated and sourced",
        parameters=[SLUG],
        responses=answers(
            representations.DetailSerializer,
            status_301="Its slug is another one now.",
            status_404="There is no such association.",
            status_410="It was taken out of the directory.",
        ),
    )
    def get(self, request, slug):
        check(self.form(request.query_params))
        try:
            association = self.find(slug)
        except Http404:
            raise no_such_entry(slug) from None
        if association is None or association.state == Association.State.WITHDRAWN:
            raise Gone(association)
        if not association.is_public:
            raise no_such_entry(slug)
        if association.slug != slug:
            return HttpResponsePermanentRedirect(reverse("api:detail", args=[association.slug]))
        card = representations.detailed(association)
        return Response(representations.DetailSerializer(card, context={"request": request}).data)


class Suggestions(ForReading, APIView):
    form = SuggestionForm
    schema = Schema()

    @extend_schema(
        operation_id="suggest_associations",
        summary="What somebody may mean who has typed so much: at most eight, best first",
        responses=answers(representations.SuggestionsSerializer),
    )
    def get(self, request):
        asked = check(self.form(request.query_params))
        language = asked["lang"] or "en"
        found = suggested(asked["q"], request.data_version)
        with translation.override(language):
            told = representations.SuggestionsSerializer(found, context={"request": request}).data
        return Response(told, headers={"Content-Language": language})


def suggested(text, version):
    """The best of what the page of the directory would list; nothing for blank text."""
    cards.catch_up(version)
    return search(text, LISTED, version=version).suggest(SUGGESTED) if text else []


class Description(ForReading, SpectacularAPIView):
    """OpenAPI 3.1: with the values of each filter that there are today, where they are not many."""

    renderer_classes = [OpenApiJsonRenderer2]

    def get(self, request):
        check(ParametersForm(request.query_params))
        return super().get(request)
