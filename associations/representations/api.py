"""An association as data: the terms of schema.org and Popolo in snake_case.

Text that is unknown is empty; dates and objects that are unknown are null.
"""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ..addresses import address_of
from ..dates import FORMAT
from ..freshness import Freshness
from ..models import (
    Address,
    Affiliation,
    Association,
    ContactPoint,
    Identifier,
    Name,
    OfficeHolder,
    Succession,
)
from ..models.association import PUBLIC_STATES
from ..phones import PhoneKind
from ..profile import Profile
from ..reasons import MATCHES

STATES = [(state.value, state.label) for state in PUBLIC_STATES]


class PartialDateField(serializers.RegexField):
    """A year, a month or a day (ISO 8601); null where unknown."""

    def __init__(self, **kwargs):
        super().__init__(f"^{FORMAT.pattern}$", allow_null=True, **kwargs)

    def get_attribute(self, instance):
        return super().get_attribute(instance) or None


class UrlField(serializers.URLField):
    """The address of the public page of a card, in the active language."""

    def __init__(self, **kwargs):
        super().__init__(source="slug", **kwargs)

    def to_representation(self, value):
        return self.context["request"].build_absolute_uri(address_of(value))


# In lists.


class ConfederationSerializer(serializers.Serializer):
    name = serializers.CharField(source="confederation_name")
    slug = serializers.CharField(
        source="confederation_slug", help_text="Empty where visitors may not read its page."
    )
    status = serializers.ChoiceField(
        source="confederation_status",
        choices=Affiliation.Status.choices,
        help_text="`announced` where a source only says that it will join.",
    )


class IdentifierSerializer(serializers.Serializer):
    scheme = serializers.CharField(help_text="Whose number it is, as in `it-cf` or `lei`.")
    value = serializers.CharField()


class MatchSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(
        source="found.kind",
        choices=MATCHES,
        help_text="What was found; `entry` where it was found in several parts at once.",
    )
    text = serializers.CharField(source="found.text", help_text="As a source writes it.")
    respelt = serializers.ListField(
        source="spelling",
        child=serializers.CharField(),
        help_text="Words of the entry that stand for others that were typed nearly so.",
    )
    is_near = serializers.BooleanField(
        source="is_near_match", help_text="Not every word that was typed stands in the entry."
    )


# To make one for each row would take as long as the search.
_CONFEDERATION, _MATCH = ConfederationSerializer(), MatchSerializer()


class CardSerializer(serializers.Serializer):
    """What is known of an association today, as a row of the directory tells it."""

    slug = serializers.SlugField(help_text="Its address for ever.")
    name = serializers.CharField()
    language = serializers.CharField(help_text="Of the name: BCP 47; empty where unknown.")
    acronym = serializers.CharField()
    kind = serializers.ChoiceField(choices=Association.Kind.choices)
    state = serializers.ChoiceField(choices=STATES)
    confederation = serializers.SerializerMethodField()
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2.")
    region = serializers.CharField()
    locality = serializers.CharField()
    phone = serializers.SerializerMethodField(help_text="Grouped for reading.")
    email = serializers.CharField()
    website = serializers.CharField()
    president = serializers.CharField()
    identifiers = IdentifierSerializer(many=True)
    freshness = serializers.ChoiceField(choices=Freshness.choices)
    checked_on = serializers.DateField(
        allow_null=True, help_text="The oldest check of what this tells; null if one is missing."
    )
    as_of = PartialDateField(help_text="The newest date for which a source of it speaks.")
    url = UrlField(help_text="The public page.")

    @extend_schema_field(ConfederationSerializer(allow_null=True))
    def get_confederation(self, card):
        return _CONFEDERATION.to_representation(card) if card.confederation_name else None

    def get_phone(self, card) -> str:
        return card.phone_number.display if card.phone_number else card.phone


class ResultSerializer(CardSerializer):
    match = serializers.SerializerMethodField(help_text="What was found; null without `q`.")

    @extend_schema_field(MatchSerializer(allow_null=True))
    def get_match(self, card):
        return _MATCH.to_representation(card) if hasattr(card, "found") else None


class SuggestionSerializer(serializers.Serializer):
    slug = serializers.SlugField()
    name = serializers.CharField()
    language = serializers.CharField(help_text="Of the name: BCP 47; empty where unknown.")
    acronym = serializers.CharField()
    place = serializers.CharField(help_text="City and country, for reading.")
    url = serializers.URLField(help_text="The public page.")
    is_near = serializers.BooleanField(
        help_text="Not every word that was typed stands in the entry."
    )


class SuggestionsSerializer(serializers.Serializer):
    results = serializers.SerializerMethodField()

    @extend_schema_field(SuggestionSerializer(many=True))
    def get_results(self, found):
        # They are asked for with every letter that is typed: told without a serializer.
        absolute = self.context["request"].build_absolute_uri
        return [
            {
                "slug": card.slug,
                "name": card.name,
                "language": card.language,
                "acronym": card.acronym,
                "place": card.place,
                "url": absolute(card.get_absolute_url()),
                "is_near": card.is_near_match,
            }
            for card in found
        ]


class OptionSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()
    count = serializers.IntegerField(min_value=0)
    is_selected = serializers.BooleanField()


_OPTION = tuple(OptionSerializer().fields)


class FacetSerializer(serializers.Serializer):
    """A filter with its values, and how many entries each would leave next to the other filters."""

    parameter = serializers.CharField(source="name")
    label = serializers.CharField()
    options = serializers.SerializerMethodField()

    @extend_schema_field(OptionSerializer(many=True))
    def get_options(self, facet):
        # There are more of them than of anything else in an answer: told without a serializer.
        return [
            {name: getattr(option, name) for name in _OPTION}
            for option in (*facet.options, *facet.more)
        ]


class ListingSerializer(serializers.Serializer):
    count = serializers.IntegerField(min_value=0, help_text="Of all pages.")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ResultSerializer(many=True)
    facets = FacetSerializer(many=True, required=False, help_text="With `facets=true` alone.")


# The whole of an entry: facts, each dated and sourced.


class SourceSerializer(serializers.Serializer):
    title = serializers.CharField()
    publisher = serializers.CharField()
    url = serializers.CharField()
    published_on = PartialDateField()
    seen_on = serializers.DateField(allow_null=True)


class CitedSourceSerializer(serializers.Serializer):
    number = serializers.IntegerField(help_text="On the public page.")
    source = SourceSerializer()
    supports = serializers.ListField(child=serializers.CharField(), help_text="In words.")


class FactSerializer(serializers.Serializer):
    is_current = serializers.BooleanField(help_text="Whether it holds today.")
    valid_from = PartialDateField(help_text="Where a source tells its beginning.")
    valid_to = PartialDateField(help_text="Where a source tells its end.")
    attested_on = PartialDateField(help_text="The date for which the source says that it is so.")
    checked_on = serializers.DateField(
        allow_null=True, help_text="When somebody last made sure of it; null if never."
    )
    freshness = serializers.ChoiceField(choices=Freshness.choices)
    source = SourceSerializer()


class NameSerializer(FactSerializer):
    type = serializers.ChoiceField(choices=Name.Type.choices)
    name = serializers.CharField()
    language = serializers.CharField()


class DatedIdentifierSerializer(FactSerializer):
    scheme = serializers.CharField(help_text="Whose number it is, as in `it-cf` or `lei`.")
    value = serializers.CharField()


class AddressSerializer(FactSerializer):
    street_address = serializers.CharField()
    postal_code = serializers.CharField()
    locality = serializers.CharField()
    region = serializers.CharField()
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2.")


class NumberSerializer(serializers.Serializer):
    """What the digits of a telephone number tell."""

    e164 = serializers.CharField()
    display = serializers.CharField(help_text="Grouped for reading.")
    kind = serializers.ChoiceField(choices=PhoneKind.choices)
    who_pays = serializers.CharField()
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2; empty if of no country.")
    is_reachable_from_abroad = serializers.BooleanField()


class ContactPointSerializer(FactSerializer):
    type = serializers.ChoiceField(choices=ContactPoint.Type.choices)
    value = serializers.CharField(help_text="As the source writes it.")
    label = serializers.CharField(help_text="Whose it is, as in “press office”.")
    number = NumberSerializer(
        allow_null=True, help_text="Null for what is no telephone number, and for odd writings."
    )


class OfficeHolderSerializer(FactSerializer):
    name = serializers.CharField()
    honorific_prefix = serializers.CharField()
    role = serializers.ChoiceField(choices=OfficeHolder.Role.choices)
    title = serializers.CharField(help_text="The office in the source's words.")


class EntrySerializer(serializers.Serializer):
    """Another body: an entry of the directory, or one without entry, by its name alone."""

    name = serializers.SerializerMethodField()
    slug = serializers.SerializerMethodField(help_text="Empty where there is no public page.")

    def get_name(self, body) -> str:
        return str(body)

    def get_slug(self, body) -> str:
        return body.slug if getattr(body, "is_public", False) else ""


class AffiliationSerializer(FactSerializer):
    parent = EntrySerializer()
    status = serializers.ChoiceField(choices=Affiliation.Status.choices)


class SuccessionSerializer(FactSerializer):
    kind = serializers.ChoiceField(choices=Succession.Kind.choices)
    predecessor = serializers.SerializerMethodField()
    successor = serializers.SerializerMethodField()

    @extend_schema_field(EntrySerializer)
    def get_predecessor(self, succession):
        return EntrySerializer(succession.association or succession.predecessor_name).data

    @extend_schema_field(EntrySerializer)
    def get_successor(self, succession):
        return EntrySerializer(succession.successor or succession.successor_name).data


class MemberSerializer(serializers.Serializer):
    name = serializers.CharField()
    slug = serializers.SlugField()


class SectorSerializer(serializers.Serializer):
    slug = serializers.SlugField()
    name = serializers.CharField()


class DescriptionSerializer(serializers.Serializer):
    it = serializers.CharField(source="description_it")
    en = serializers.CharField(source="description_en")


class DetailSerializer(CardSerializer):
    """All that is public of one association: its card, and the facts that it was derived from."""

    description = DescriptionSerializer(source="association")
    founding_date = PartialDateField(source="association.founding_date")
    dissolution_date = PartialDateField(source="association.dissolution_date")
    sectors = SectorSerializer(source="profile.sectors", many=True)
    names = NameSerializer(many=True)
    identifiers = DatedIdentifierSerializer(many=True)
    addresses = AddressSerializer(many=True)
    contact_points = ContactPointSerializer(many=True)
    office_holders = OfficeHolderSerializer(many=True)
    affiliations = AffiliationSerializer(many=True)
    successions = SuccessionSerializer(many=True)
    members = MemberSerializer(
        source="profile.members", many=True, help_text="The first hundred, by name."
    )
    member_count = serializers.IntegerField(source="profile.member_count", min_value=0)
    sources = CitedSourceSerializer(source="profile.sources", many=True)


def identified(cards):
    """Give these cards their `identifiers` that are in force; a query."""
    found = {}
    for identifier in Identifier.objects.filter(association__in=[card.pk for card in cards]):
        if not identifier.is_over():
            found.setdefault(identifier.association_id, []).append(identifier)
    for card in cards:
        card.identifiers = found.get(card.pk, [])
    return cards


def detailed(association):
    """The card of an association, with what `DetailSerializer` tells; 3 queries."""
    card = association.card
    card.profile = profile = Profile(association)
    for fact in profile.facts:
        fact.is_current = profile.is_current(fact)
    for name, model in FACTS.items():
        setattr(card, name, [fact for fact in profile.facts if isinstance(fact, model)])
    return card


FACTS = {
    "names": Name,
    "identifiers": Identifier,
    "addresses": Address,
    "contact_points": ContactPoint,
    "office_holders": OfficeHolder,
    "affiliations": Affiliation,
    "successions": Succession,
}
