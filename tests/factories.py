from factory import Sequence, SubFactory, post_generation
from factory.django import DjangoModelFactory

from associations.models import (
    Address,
    Affiliation,
    Association,
    ContactPoint,
    Correction,
    Identifier,
    Name,
    OfficeHolder,
    Proposal,
    Sector,
    Source,
    Succession,
)


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    title = Sequence("Yearbook {}".format)


class SectorFactory(DjangoModelFactory):
    class Meta:
        model = Sector

    slug = Sequence("sector-{}".format)
    name_en = Sequence("Sector {}".format)
    name_it = Sequence("Settore {}".format)


class AssociationFactory(DjangoModelFactory):
    """A public entry with an official name: `AssociationFactory(name="AICCO")`; `name=""`: none."""

    class Meta:
        model = Association
        skip_postgeneration_save = True

    slug = Sequence("association-{}".format)
    state = Association.State.PUBLIC

    @post_generation
    def name(self, create, extracted, **kwargs):
        if extracted != "":
            NameFactory(association=self, name=extracted or self.slug.replace("-", " ").title())


class FactFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    association = SubFactory(AssociationFactory)
    source = SubFactory(SourceFactory)


class NameFactory(FactFactory):
    class Meta:
        model = Name

    association = SubFactory(AssociationFactory, name="")
    name = Sequence("Federation {}".format)


class IdentifierFactory(FactFactory):
    class Meta:
        model = Identifier

    scheme = "it-cf"
    value = Sequence("{:011}".format)


class AddressFactory(FactFactory):
    class Meta:
        model = Address

    street_address = "Via Nazionale 243"
    locality = "Roma"
    country = "IT"


class ContactPointFactory(FactFactory):
    class Meta:
        model = ContactPoint

    value = "06 4541 7542"
    country = "IT"


class OfficeHolderFactory(FactFactory):
    class Meta:
        model = OfficeHolder

    name = Sequence("President {}".format)


class AffiliationFactory(FactFactory):
    class Meta:
        model = Affiliation

    parent = SubFactory(AssociationFactory, kind=Association.Kind.CONFEDERATION)


class SuccessionFactory(FactFactory):
    class Meta:
        model = Succession

    successor = SubFactory(AssociationFactory)


class CorrectionFactory(DjangoModelFactory):
    class Meta:
        model = Correction

    association = SubFactory(AssociationFactory)
    matter = Correction.Matter.FACT
    language = "en"


class ProposalFactory(DjangoModelFactory):
    class Meta:
        model = Proposal

    correction = SubFactory(CorrectionFactory)
    subject = "phone"
