from factory import Sequence, SubFactory, post_generation
from factory.django import DjangoModelFactory

from associations.changes import one_change
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


class Factory(DjangoModelFactory):
    """What one call makes is one change, as of a form: cards are derived once, not for each row."""

    class Meta:
        abstract = True

    @classmethod
    def _generate(cls, strategy, params):
        with one_change():
            return super()._generate(strategy, params)


class SourceFactory(Factory):
    class Meta:
        model = Source

    title = Sequence("Yearbook {}".format)


class SectorFactory(Factory):
    class Meta:
        model = Sector

    slug = Sequence("sector-{}".format)
    name_en = Sequence("Sector {}".format)
    name_it = Sequence("Settore {}".format)


class AssociationFactory(Factory):
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


class FactFactory(Factory):
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


class CorrectionFactory(Factory):
    class Meta:
        model = Correction

    association = SubFactory(AssociationFactory)
    matter = Correction.Matter.FACT
    language = "en"


class ProposalFactory(Factory):
    class Meta:
        model = Proposal

    correction = SubFactory(CorrectionFactory)
    subject = "phone"
