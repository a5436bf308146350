"""A CSV file in, a report out: an import adds and fills in, and overwrites nothing."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from associations import cards, importing
from associations.importing import (
    UnreadableFile,
    import_associations,
    mapping,
    prepare,
    read_table,
)
from associations.models import (
    Address,
    Affiliation,
    Association,
    Card,
    Citation,
    ContactPoint,
    Identifier,
    Name,
    OfficeHolder,
    Sector,
    Source,
)
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    IdentifierFactory,
    NameFactory,
    OfficeHolderFactory,
    SectorFactory,
)
from tests.tables import everything

pytestmark = pytest.mark.django_db


def rows_of(text):
    table = read_table(text.encode(), "register.csv")
    return prepare(table, mapping(table.header))


class Imported:
    """What importing the CSV `text` did: its `report`, and the bad cells as `errors`."""

    def __init__(self, text, **options):
        self.errors = []
        self.report = import_associations(
            rows_of(text),
            file_name="register.csv",
            on_error=lambda *error: self.errors.append(error),
            **options,
        )

    @property
    def counts(self):
        """The numbers of the report that are not zero."""
        return {
            name: number
            for name, number in vars(self.report).items()
            if number and name != "is_saved"
        }

    @property
    def bad_cells(self):
        return [(line, column) for line, column, _reason in self.errors]


def only(model):
    return model.objects.get()


@pytest.fixture
def aicco():
    """AICCO of Rome, as a source of 2002 knows it."""
    association = AssociationFactory(slug="aicco", name="AICCO")
    association.names.update(attested_on="2002-03-01")
    told = {"association": association, "attested_on": "2002-03-01"}
    AddressFactory(**told)
    ContactPointFactory(value="800200111", **told)
    OfficeHolderFactory(name="Leonardo Abbruzzese", **told)
    return association


FULL = """\
identifier,name,acronym,other_names,kind,confederation,country,region,locality,postal_code,\
street_address,phone,email,website,president,president_since,president_as_of,founding_date,\
sector,description_it,description_en,source_title,source_url,source_date,checked_on
it-cf:1,Confindustria,,,confederation,,IT,Lazio,Roma,00144,Viale dell'Astronomia 30,\
06 59031,,,,,,1910,,,,Annuario,https://example.org/a,2024-05,
it-cf:2,Associazione dei call center,AICCO,Aicco Italia|AICCO Roma,association,Confindustria,IT,\
Lazio,Roma,00184,Via Nazionale 243,800200111,info@example.org,https://example.org,\
Leonardo Abbruzzese,2002-01,2002-03-01,2002,Call center|Outsourcing,Outsourcer.,Outsourcers.,\
Annuario,https://example.org/a,2024-05,2024-06-01
"""


# What a row becomes.


def test_each_cell_becomes_a_fact():
    Imported(FULL)

    association = Association.objects.get(slug="associazione-dei-call-center")
    assert str(association.identifiers.get()) == "it-cf:2"
    assert [(name.type, name.name) for name in association.names.all()] == [
        ("official", "Associazione dei call center"),
        ("acronym", "AICCO"),
        ("other", "Aicco Italia"),
        ("other", "AICCO Roma"),
    ]
    assert association.addresses.get().lines() == ["Via Nazionale 243", "00184 Roma", "Lazio"]
    assert association.addresses.get().country == "IT"
    assert {point.type: point.value for point in association.contact_points.all()} == {
        "phone": "800200111",
        "email": "info@example.org",
        "website": "https://example.org",
    }
    assert association.contact_points.get(type="phone").e164 == "+39800200111"
    president = association.office_holders.get()
    assert (president.role, president.name) == ("president", "Leonardo Abbruzzese")
    assert (president.valid_from, president.attested_on) == ("2002-01", "2002-03-01")
    assert association.affiliations.get().parent.slug == "confindustria"
    assert association.founding_date == "2002"
    assert [sector.name_en for sector in association.sectors.all()] == [
        "Call center",
        "Outsourcing",
    ]
    assert (association.description_it, association.description_en) == (
        "Outsourcer.",
        "Outsourcers.",
    )
    assert (association.kind, association.state) == ("association", "public")


def test_every_fact_has_the_source_and_the_dates_of_its_row():
    Imported(FULL)

    [source] = Source.objects.all()
    assert (source.title, source.url) == ("Annuario", "https://example.org/a")
    assert source.published_on == "2024-05"
    facts = [
        fact
        for model in (Name, Identifier, Address, ContactPoint, Affiliation)
        for fact in model.objects.filter(association__slug="associazione-dei-call-center")
    ]
    assert {fact.source for fact in facts} == {source}
    assert {fact.attested_on for fact in facts} == {"2024-05"}
    assert {fact.valid_from for fact in facts} == {""}


def test_a_row_without_a_source_has_the_file_as_its_source(set_today):
    set_today("2024-05-01")

    Imported("name\nAICCO\n")

    assert (only(Source).title, str(only(Source).seen_on)) == ("register.csv", "2024-05-01")
    assert only(Name).attested_on == ""


def test_a_fact_is_checked_only_if_the_file_says_so():
    Imported("name,phone,country,checked_on\nAICCO,800200111,IT,\nUnisom,848690606,IT,2024-06-01\n")

    aicco = Association.objects.get(slug="aicco")
    unisom = Association.objects.get(slug="unisom")
    assert {fact.checked_on for fact in (*aicco.names.all(), *aicco.contact_points.all())} == {None}
    facts = (*unisom.names.all(), *unisom.contact_points.all())
    assert {str(fact.checked_on) for fact in facts} == {"2024-06-01"}


def test_what_an_entry_says_of_itself_is_cited():
    Imported(FULL)

    about = Citation.objects.filter(association__slug="associazione-dei-call-center")
    assert {c.about for c in about} == {"description", "founding_date", "sectors"}
    assert {c.source.title for c in about} == {"Annuario"}


def test_columns_stand_in_any_order_and_case():
    Imported("Phone, NAME ,country\n800200111,AICCO,IT\n")

    assert only(ContactPoint).association.names.get().name == "AICCO"


def test_spaces_around_a_value_are_none_of_it():
    Imported("name,country\n  AICCO , it \n")

    assert (only(Name).name, only(Address).country) == ("AICCO", "IT")


def test_blank_lines_are_no_rows():
    assert Imported("name\n\nAICCO\n\n").counts == {"created": 1}


def test_a_new_entry_is_a_draft_if_wanted():
    Imported("name\nAICCO\n", draft=True)

    assert only(Association).state == "draft"


def test_a_person_is_never_taken_for_president_since_the_day_of_the_source():
    Imported("name,president,source_date\nAICCO,Ambrogio Pozzi,2003-05-30\n")

    assert (only(OfficeHolder).valid_from, only(OfficeHolder).attested_on) == ("", "2003-05-30")


# Slugs.


@pytest.mark.parametrize(
    ("row", "slug"),
    [
        ("AICCO,Roma,", "aicco"),
        ("日本コールセンター協会,,", "ribenkorusentaxiehui"),
        ("Ассоциация,,", "assotsiatsiya"),
        ("Verein für Dialog,,", "verein-fur-dialog"),
        ("Taken,Roma,", "taken-roma"),
        ("Taken,,it-cf:5", "taken-5"),
        ("Taken,,", "taken-2"),
        ("Taken,Milano,", "taken-2"),
        ("Deleted,,", "deleted-2"),
        ("Renamed,,", "renamed-2"),
        ("Word " * 40 + ",,", "-".join(["word"] * 16)),
    ],
)
def test_the_slug_of_a_new_entry_is_its_name_or_what_is_free(row, slug):
    AssociationFactory(slug="taken", name="Another")
    AssociationFactory(slug="deleted").delete()
    AssociationFactory(slug="taken-milano").delete()
    AssociationFactory(slug="renamed", name="Yet another")
    Association.objects.filter(slug="renamed").update(slug="now-so")

    before = list(Association.objects.all())

    Imported(f"name,locality,identifier\n{row}\n")

    [association] = Association.objects.exclude(pk__in=[each.pk for each in before])
    assert association.slug == slug


def test_two_rows_with_one_name_have_two_slugs():
    Imported("name,country\nContact Center Association,IT\nContact Center Association,FR\n")

    assert {association.slug for association in Association.objects.all()} == {
        "contact-center-association",
        "contact-center-association-2",
    }


# Once more.


def test_a_second_time_changes_nothing():
    Imported(FULL)
    before = everything()

    assert Imported(FULL).counts == {"unchanged": 2}
    assert everything() == before


def test_a_second_time_changes_nothing_after_a_conflict_of_names():
    text = "identifier,name,source_date\nit-cf:1,Aicco {},{}\n"
    Imported(text.format("new", "2024"))
    Imported(text.format("old", "2002"))
    before = everything()

    assert Imported(text.format("old", "2002")).counts == {"unchanged": 1}
    assert everything() == before


# Which association a row is of.


def test_a_row_is_matched_by_its_identifier_whatever_its_name(aicco):
    IdentifierFactory(association=aicco, value="97204050583")

    imported = Imported("identifier,name,email\nit-cf:97204050583,Asstel,info@example.org\n")

    assert imported.counts == {"changed": 1}
    assert aicco.contact_points.filter(type="email").exists()


@pytest.mark.parametrize("name", ["AICCO", "aicco", "Aïccò", " aicco ", "A-I-C-C-O"])
def test_a_row_is_matched_by_name_and_country_without_accents_and_case(aicco, name):
    imported = Imported(f"name,country,email\n{name},IT,info@example.org\n")

    same = name != "A-I-C-C-O"
    assert imported.counts == ({"changed": 1} if same else {"created": 1})


def test_the_same_name_in_another_country_is_another_entry(aicco):
    assert Imported("name,country\nAICCO,FR\n").counts == {"created": 1}


def test_the_same_name_with_another_number_of_the_register_is_another_entry(aicco):
    IdentifierFactory(association=aicco, scheme="it-cf", value="1")

    imported = Imported("identifier,name,country\nit-cf:2,AICCO,IT\n")

    assert imported.counts == {"created": 1}


def test_the_same_name_with_a_number_of_another_register_is_the_same_entry(aicco):
    IdentifierFactory(association=aicco, scheme="it-cf", value="1")

    Imported("identifier,name,country\nlei:2,AICCO,IT\n")

    assert [str(number) for number in aicco.identifiers.all()] == ["it-cf:1", "lei:2"]


def test_a_name_of_two_entries_is_refused(aicco):
    AddressFactory(association=AssociationFactory(name="Aicco"))

    imported = Imported("name,country\nAICCO,IT\n")

    assert imported.bad_cells == [(2, "name")]
    assert "2" in imported.errors[0][2]


def test_an_entry_that_staff_withdrew_is_left_alone_and_reported(aicco):
    aicco.state = Association.State.WITHDRAWN
    aicco.save()
    before = everything()

    imported = Imported("name,country,phone\nAICCO,IT,848690606\n")

    assert imported.counts == {"withdrawn": 1}
    assert everything() == before


BATCHES = pytest.mark.parametrize("batch", [1, 100])


@BATCHES
@pytest.mark.parametrize(
    ("rows", "column"),
    [
        (["it-cf:1,AICCO,IT", "it-cf:1,Asstel,IT"], "identifier"),
        ([",AICCO,IT", ",aicco,it"], "name"),
        (["it-cf:1,AICCO,IT", ",AICCO,IT"], "name"),
        ([",AICCO,IT", "it-cf:1,AICCO,IT"], "identifier"),
        (["it-cf:1,AICCO,IT", "lei:1,AICCO,IT"], "identifier"),
    ],
)
def test_an_association_stands_in_a_file_once(monkeypatch, batch, rows, column):
    monkeypatch.setattr(importing, "BATCH", batch)

    imported = Imported("\n".join(["identifier,name,country", *rows, ""]))

    assert imported.bad_cells == [(3, column)]
    assert imported.counts == {"created": 1, "errors": 1}


@BATCHES
def test_a_known_association_stands_in_a_file_once(monkeypatch, batch, aicco):
    monkeypatch.setattr(importing, "BATCH", batch)
    IdentifierFactory(association=aicco, value="1")

    imported = Imported("identifier,name,country\nit-cf:1,AICCO,IT\n,AICCO,IT\n")

    assert imported.bad_cells == [(3, "name")]


@BATCHES
def test_a_number_that_two_known_associations_claim_is_refused(monkeypatch, batch, aicco):
    monkeypatch.setattr(importing, "BATCH", batch)
    AddressFactory(association=AssociationFactory(name="Asstel"))

    imported = Imported("identifier,name,country\nit-cf:1,AICCO,IT\nit-cf:1,Asstel,IT\n")

    assert imported.bad_cells == [(3, "identifier")]


@BATCHES
def test_bodies_of_one_name_are_told_apart_by_the_numbers_of_their_register(monkeypatch, batch):
    monkeypatch.setattr(importing, "BATCH", batch)

    imported = Imported("identifier,name,country\nit-cf:1,AICCO,IT\nit-cf:2,AICCO,IT\n")

    assert imported.counts == {"created": 2}


# What is known already.


def test_an_empty_cell_leaves_alone(aicco):
    before = everything()

    text = (
        "name,country,phone,email,president,locality,description_it,founding_date\nAICCO,IT,,,,,,\n"
    )

    assert Imported(text).counts == {"unchanged": 1}
    assert everything() == before


def test_an_address_that_says_less_than_is_known_changes_nothing(aicco):
    imported = Imported("name,country,locality,source_date\nAICCO,IT,Roma,2024\n")

    assert imported.counts == {"unchanged": 1}
    assert only(Address).street_address == "Via Nazionale 243"


def test_a_new_value_stands_beside_the_older_one_and_is_shown(aicco):
    imported = Imported("name,country,phone,source_date\nAICCO,IT,06 4541 7542,2024\n")

    assert imported.counts == {"changed": 1}
    assert {point.value for point in aicco.contact_points.all()} == {"800200111", "06 4541 7542"}
    assert Card.objects.get().phone == "06 4541 7542"


@pytest.mark.parametrize("date", ["", "1999", "2002-02"])
def test_an_older_file_does_not_displace_what_is_newer(aicco, date):
    text = "name,country,phone,president,locality,source_date\n"
    Imported(text + f"AICCO,IT,06 4541 7542,Ambrogio Pozzi,Milano,{date}\n")

    card = Card.objects.get()
    assert (card.phone, card.president, card.locality) == (
        "800200111",
        "Leonardo Abbruzzese",
        "Roma",
    )


def test_another_writing_of_a_known_number_is_the_same_number(aicco):
    assert Imported("name,country,phone\nAICCO,IT,+39 800 200 111\n").counts == {"unchanged": 1}


@pytest.mark.parametrize(
    "writing", ["http://aicco.it", "https://www.aicco.it/", "https://AICCO.it", "www.aicco.it"]
)
def test_another_writing_of_a_known_address_of_the_web_is_the_same_address(aicco, writing):
    ContactPointFactory(association=aicco, type="website", value="https://aicco.it")

    assert Imported(f"name,country,website\nAICCO,IT,{writing}\n").counts == {"unchanged": 1}


@pytest.mark.parametrize("writing", ["https://aicco.it/chi-siamo", "https://aicco.org"])
def test_another_page_of_the_web_is_another_address(aicco, writing):
    ContactPointFactory(association=aicco, type="website", value="https://aicco.it")

    assert Imported(f"name,country,website\nAICCO,IT,{writing}\n").counts == {"changed": 1}


def test_what_a_file_says_in_capitals_is_no_news():
    row = "name,country,president,street_address,locality,email,source_date\n"
    Imported(row + "Unione Panificatori,IT,Anna Verdi,Via Po 1,Roma,info@example.org,2023\n")

    shouted = "UNIONE PANIFICATORI,IT,ANNA VERDI,VIA PO 1,ROMA,INFO@EXAMPLE.ORG"

    assert Imported(f"{row}{shouted},2023\n").counts == {"unchanged": 1}
    assert Imported(f"{row}{shouted},2024\n").counts == {"confirmed": 1}
    card = Card.objects.get()
    assert (card.name, card.president, card.locality) == (
        "Unione Panificatori",
        "Anna Verdi",
        "Roma",
    )


def test_a_name_that_was_written_in_capitals_is_put_right():
    Imported("name,country\nUNIONE PANIFICATORI,IT\n")

    assert Imported("name,country\nUnione Panificatori,IT\n").counts == {"changed": 1}
    assert Card.objects.get().name == "Unione Panificatori"


@pytest.mark.parametrize(
    ("cells", "model"),
    [
        ("phone\nAICCO,IT,2024,800200111", ContactPoint),
        ("president\nAICCO,IT,2024,Leonardo Abbruzzese", OfficeHolder),
        ("street_address,locality\nAICCO,IT,2024,Via Nazionale 243,Roma", Address),
    ],
)
def test_newer_evidence_of_what_is_known_confirms_it(aicco, cells, model):
    imported = Imported(f"name,country,source_date,{cells}\n")

    assert imported.counts == {"confirmed": 1}
    assert [fact.attested_on for fact in model.objects.all()] == ["2002-03-01", "2024"]
    assert Card.objects.get().as_of == "2024"


def test_since_when_somebody_presides_is_news_and_is_not_lost_again(aicco):
    header = "name,country,president,president_since,source_date"

    first = Imported(f"{header}\nAICCO,IT,Leonardo Abbruzzese,2001,2002-03-01\n")
    second = Imported(f"{header}\nAICCO,IT,Leonardo Abbruzzese,,2003\n")

    assert (first.counts, second.counts) == ({"changed": 1}, {"confirmed": 1})
    card = Card.objects.get()
    assert (card.president_since, card.president_as_of) == ("2001", "2003")


def test_a_check_of_what_is_known_is_noted(aicco):
    imported = Imported("name,country,phone,checked_on\nAICCO,IT,800200111,2024-06-01\n")

    assert imported.counts == {"confirmed": 1}
    assert str(only(ContactPoint).checked_on) == "2024-06-01"


def test_an_older_check_does_not_undo_a_newer_one(aicco):
    ContactPoint.objects.update(checked_on="2025-01-01")

    Imported("name,country,phone,checked_on\nAICCO,IT,800200111,2024-06-01\n")

    assert str(only(ContactPoint).checked_on) == "2025-01-01"


def test_a_file_without_checks_undoes_none(aicco):
    ContactPoint.objects.update(checked_on="2025-01-01")

    Imported("name,country,phone\nAICCO,IT,800200111\n")

    assert str(only(ContactPoint).checked_on) == "2025-01-01"


def test_an_association_with_a_new_name_keeps_the_former_one(aicco):
    IdentifierFactory(association=aicco, value="1")

    imported = Imported("identifier,name,source_date\nit-cf:1,Assocontact,2024\n")

    assert imported.counts == {"changed": 1}
    assert [(n.name, n.is_past) for n in aicco.names.all()] == [
        ("AICCO", True),
        ("Assocontact", False),
    ]
    assert Card.objects.get().name == "Assocontact"
    assert "aicco" in Card.objects.get().search_text
    assert Association.objects.get().slug == "aicco"


def test_an_older_name_is_a_former_name(aicco):
    IdentifierFactory(association=aicco, value="1")

    Imported("identifier,name,source_date\nit-cf:1,Prima AICCO,1999\n")

    assert aicco.names.get(name="Prima AICCO").type == Name.Type.FORMER
    assert Card.objects.get().name == "AICCO"


def test_what_the_entry_lacks_is_filled_in_and_cited(aicco):
    imported = Imported("name,country,description_it,founding_date\nAICCO,IT,Outsourcer.,2002\n")

    association = only(Association)
    assert imported.counts == {"changed": 1}
    assert (association.description_it, association.founding_date) == ("Outsourcer.", "2002")
    assert {citation.about for citation in Citation.objects.all()} == {
        "description",
        "founding_date",
    }


def test_what_the_entry_says_is_not_overwritten(aicco):
    Association.objects.update(description_it="Di staff.", founding_date="2001", kind="club")

    text = "name,country,description_it,founding_date,kind\nAICCO,IT,Outsourcer.,2002,federation\n"

    assert Imported(text).counts == {"unchanged": 1}
    association = only(Association)
    assert (association.description_it, association.founding_date) == ("Di staff.", "2001")
    assert association.kind == "club"
    assert not Citation.objects.exists()


def test_it_is_not_founded_after_it_was_dissolved(aicco):
    Association.objects.update(dissolution_date="2010")

    imported = Imported("name,country,founding_date\nAICCO,IT,2012\n")

    assert imported.bad_cells == [(2, "founding_date")]
    assert only(Association).founding_date == ""


# Sectors.


def test_sectors_are_made_once_and_found_by_their_slug():
    SectorFactory(slug="call-center", name_en="Call centres")

    Imported("name,sector\nAICCO,Call Center|Outsourcing\nAssocallcenter,OUTSOURCING\n")

    assert [sector.slug for sector in Sector.objects.all()] == ["call-center", "outsourcing"]
    assert Sector.objects.get(slug="call-center").name_en == "Call centres"
    for association in Association.objects.all():
        assert association.sectors.filter(slug="outsourcing").exists()


def test_a_further_sector_is_a_change_and_is_cited(aicco):
    imported = Imported("name,country,sector\nAICCO,IT,Outsourcing\n")

    assert imported.counts == {"changed": 1}
    assert only(Citation).about == "sectors"


def test_a_sector_it_has_is_none(aicco):
    Imported("name,country,sector\nAICCO,IT,Outsourcing\n")

    assert Imported("name,country,sector\nAICCO,IT,outsourcing\n").counts == {"unchanged": 1}


def test_a_sector_of_a_long_name_is_found_by_its_slug_too(aicco):
    name = "Aziende italiane produttrici di apparecchi di illuminazione domestica"
    Imported(f"name,country,sector\nAICCO,IT,{name}\n")
    slug = Sector.objects.get().slug

    assert Imported(f"name,country,sector\nAICCO,IT,{slug}\n").counts == {"unchanged": 1}


# Confederations.


@pytest.mark.parametrize("text", ["confindustria-it", "CONFINDUSTRIA", "Confìndustria", "CGII"])
def test_a_confederation_is_called_by_slug_name_or_acronym(text):
    confederation = AssociationFactory(slug="confindustria-it", name="Confindustria")
    NameFactory(association=confederation, type="acronym", name="CGII")

    Imported(f"name,confederation\nAICCO,{text}\n")

    assert only(Affiliation).parent == confederation


def test_of_two_bodies_of_one_name_the_confederation_is_meant():
    AssociationFactory(name="Confindustria")
    confederation = AssociationFactory(name="Confindustria", kind="confederation")

    Imported("name,confederation\nAICCO,Confindustria\n")

    assert only(Affiliation).parent == confederation


@BATCHES
@pytest.mark.parametrize("text", ["Confederazione generale", "CONFEDERAZIONE GÉNERALE", "CGII"])
def test_a_confederation_may_be_an_earlier_row(monkeypatch, batch, text):
    monkeypatch.setattr(importing, "BATCH", batch)

    Imported(f"name,acronym,confederation\nConfederazione generale,CGII,\nAICCO,,{text}\n")

    assert only(Affiliation).parent.slug == "confederazione-generale"


def test_a_confederation_that_is_nowhere_is_refused():
    imported = Imported("name,confederation\nAICCO,Nowhere\n")

    assert imported.bad_cells == [(2, "confederation")]
    assert "“Nowhere”" in imported.errors[0][2]
    assert not Association.objects.exists()


def test_a_member_of_a_refused_confederation_is_refused():
    imported = Imported(
        "name,confederation\nA,Nowhere\nB,A\nC,B\nD,\n",
        skip_bad=True,
    )

    assert imported.bad_cells == [(n, "confederation") for n in (2, 3, 4)]
    assert imported.counts == {"errors": 3, "created": 1}


@pytest.mark.parametrize("text", ["-", "—", "n.d."])
def test_a_dash_is_no_confederation(text):
    AssociationFactory(slug="confindustria", name="Confindustria")

    imported = Imported(f"name,confederation\nAICCO,Confindustria\nAssocallcenter,{text}\n")

    assert imported.counts == {"created": 2}
    assert only(Affiliation).association.slug == "aicco"


def test_several_confederations_stand_in_one_cell():
    for name in ("Confindustria", "Confcommercio"):
        AssociationFactory(slug=name.lower(), name=name)

    Imported("name,confederation\nAICCO,Confindustria|Confcommercio\n")

    parents = [affiliation.parent.slug for affiliation in Affiliation.objects.all()]
    assert parents == ["confindustria", "confcommercio"]


def test_the_slug_of_a_confederation_goes_before_the_names_of_others():
    AssociationFactory(slug="another", name="aicco", kind="confederation")
    meant = AssociationFactory(slug="aicco", name="Associazione dei call center")

    Imported("name,confederation\nAsstel,aicco\n")

    assert only(Affiliation).parent == meant


def test_an_acronym_in_brackets_is_none_of_the_name_of_a_confederation():
    confederation = AssociationFactory(name="Confederazione generale")

    Imported("name,confederation\nAICCO,Confederazione generale (CGII)\n")

    assert only(Affiliation).parent == confederation


def test_a_row_goes_without_an_unknown_confederation_if_wanted():
    notes = []

    imported = Imported(
        "name,confederation\nConfindustria,\nAICCO,Nowhere|Confindustria\n",
        skip_unknown_parents=True,
        on_note=lambda *note: notes.append(note),
    )

    assert imported.counts == {"created": 2}
    assert only(Affiliation).parent.slug == "confindustria"
    [(line, column, text)] = notes
    assert (line, column) == (3, "confederation")
    assert "“Nowhere”" in text


def test_an_association_does_not_belong_to_itself():
    assert Imported("name,confederation\nA,A\n").bad_cells == [(2, "confederation")]


@BATCHES
def test_a_chain_of_affiliations_is_no_circle(monkeypatch, batch):
    monkeypatch.setattr(importing, "BATCH", batch)

    assert Imported("name,confederation\nA,\nB,A\nC,B\nD,A\n").counts == {"created": 4}


@BATCHES
def test_a_row_goes_under_a_confederation_further_down_if_unknown_ones_are_skipped(
    monkeypatch, batch
):
    monkeypatch.setattr(importing, "BATCH", batch)
    text = "name,confederation,source_date\nAICCO,Confindustria,2024\nConfindustria,,\n"

    assert Imported(text, skip_unknown_parents=True).counts == {"created": 2}
    affiliation = only(Affiliation)
    assert (affiliation.association.slug, affiliation.parent.slug) == ("aicco", "confindustria")
    assert affiliation.attested_on == "2024"
    assert Imported(text, skip_unknown_parents=True).counts == {"unchanged": 2}
    assert not list(cards.differences())


def test_a_circle_with_what_stands_further_down_is_left_out():
    text = "name,confederation\nA,B\nB,C\nC,A\n"

    Imported(text, skip_unknown_parents=True)
    before = everything()

    assert Imported(text, skip_unknown_parents=True).counts == {"unchanged": 3}
    assert everything() == before
    assert Affiliation.objects.count() == 2


def test_a_circle_within_a_file_is_refused():
    imported = Imported("name,confederation\nA,C\nB,A\nC,B\n")

    assert imported.bad_cells[0] == (4, "confederation")
    assert not Association.objects.exists()


@BATCHES
def test_a_circle_with_what_is_known_is_refused(monkeypatch, batch):
    monkeypatch.setattr(importing, "BATCH", batch)
    top = AssociationFactory(name="Top")
    middle = AffiliationFactory(association__name="Middle", parent=top).association
    AffiliationFactory(association__name="Bottom", parent=middle)

    imported = Imported("name,confederation\nTop,Bottom\n")

    assert imported.bad_cells == [(2, "confederation")]


def test_a_circle_of_what_is_known_and_what_is_new_is_refused():
    AffiliationFactory(association__name="Bottom", parent__name="Top")

    imported = Imported("name,confederation\nNew,Bottom\nTop,New\n")

    assert imported.bad_cells == [(3, "confederation")]


def test_a_known_affiliation_is_not_added_again(aicco):
    AffiliationFactory(association=aicco, parent__name="Confindustria")

    imported = Imported("name,country,confederation\nAICCO,IT,Confindustria\n")

    assert imported.counts == {"unchanged": 1}


# Bad files.


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,Fatturato,Umsatz\nAICCO,1,2\n", "'Fatturato', 'Umsatz'"),
        ("name,,phone\nAICCO,x,1\n", "''"),
        ("name,phone,Phone\nAICCO,1,2\n", "phone"),
        ("phone\n800200111\n", "“name”"),
        ("", "vuoto"),
        ('name\n"AICCO\n', "2"),
        ('name\n"AICCO" x\n', "2"),
    ],
    ids=["unknown", "nameless", "twice", "no name", "empty", "open quote", "after a quote"],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(text, message):
    with pytest.raises(UnreadableFile, match=message):
        Imported(text)


def test_nothing_is_saved_of_a_file_that_cannot_be_read_to_its_end(monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 1)

    with pytest.raises(UnreadableFile):
        Imported('name\nAICCO\nAssocallcenter\n"Club\n', skip_bad=True)

    assert not Association.objects.exists()


# Bad cells.


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("identifier", "97204050583"),
        ("identifier", "it-cf:"),
        ("identifier", "IT CF:1"),
        ("identifier", "s" * 41 + ":1"),
        ("identifier", "it-cf:" + "1" * 81),
        ("identifier", "it-cf:9.72041E+10"),
        ("phone", "3.90645E+11"),
        ("acronym", "A" * 401),
        ("other_names", "A" * 401),
        ("country", "Utopia"),
        ("country", "XX"),
        ("country", "EU"),
        ("locality", "L" * 121),
        ("phone", "on request"),
        ("email", "info at example.org"),
        ("website", "example"),
        ("website", "javascript:alert(1)"),
        ("website", "ftp://example.org"),
        ("president_since", "2002"),
        ("founding_date", "2002-13"),
        ("founding_date", "30/2/2002"),
        ("president_role", "king"),
        ("description_en", "D" * 2001),
        ("source_url", "not a url"),
        ("source_date", "spring 2002"),
        ("checked_on", "2002"),
        ("checked_on", "2999-01-01"),
    ],
)
def test_a_bad_cell_is_told_by_line_and_column(column, cell):
    imported = Imported(f"name,{column}\nGood,\nAICCO,{cell}\n")

    [(line, told, reason)] = imported.errors
    assert (line, told) == (3, "president" if column == "president_since" else column)
    assert reason
    assert not Association.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "-", "N" * 401])
def test_a_row_needs_a_name(name):
    assert Imported(f"name,phone\n{name},800200111\n").bad_cells == [(2, "name")]


@pytest.mark.parametrize("column", [name for name in importing.COLUMNS if name != "kind"])
def test_no_cell_holds_a_null_character(column):
    cell = "it-cf:\0001" if column == "identifier" else "A\0B"
    text = f"{column}\n{cell}\n" if column == "name" else f"name,{column}\nAICCO,{cell}\n"

    assert (2, column) in Imported(text).bad_cells


@pytest.mark.parametrize("row", ["AICCO,800200111,,x", "AICCO"])
def test_a_row_has_as_many_cells_as_there_are_columns(row):
    assert Imported(f"name,phone\n{row}\n").bad_cells == [(2, "")]


def test_lines_are_counted_as_an_editor_counts_them():
    good = '"AICCO","uno\ndue\n\ntre",'
    text = f'name,description_it,email\n{good}\n\nClub,,nonsense\n"a\nb",,nonsense\n'

    assert Imported(text).bad_cells == [(7, "email"), (8, "email")]


def test_all_that_is_wrong_is_told_at_once():
    imported = Imported("name,email,website\n,nonsense,nonsense\nAICCO,nonsense,\n")

    assert imported.bad_cells == [(2, "name"), (2, "email"), (2, "website"), (3, "email")]
    assert imported.report.errors == 2


# All or nothing.

HALF_BAD = "name,email\nAICCO,info@example.org\nAssocallcenter,nonsense\n"


def test_after_a_bad_row_nothing_is_saved(aicco):
    before = everything()

    imported = Imported(HALF_BAD)

    assert not imported.report.is_saved
    assert everything() == before


def test_the_good_rows_are_saved_if_wanted():
    imported = Imported(HALF_BAD, skip_bad=True)

    assert imported.report.is_saved
    assert imported.counts == {"created": 1, "errors": 1}
    assert only(Association).slug == "aicco"


def test_a_dry_run_tells_all_and_saves_nothing(aicco):
    before = everything()

    imported = Imported(FULL, dry_run=True)

    assert imported.counts == {"created": 2}
    assert not imported.report.is_saved
    assert everything() == before


def test_the_cards_are_right_after_an_import(aicco):
    Imported(FULL)

    assert not list(cards.differences())


# Its cost.


def queries_to_import(number, confederation=""):
    """The numbers of queries of a first and of a second import of that many rows."""
    header = "name,country,phone,sector,confederation"
    rows = [
        f"Body {count} of {number},IT,800200111,Call center,{confederation.format(count)}"
        for count in range(number)
    ]
    text = "\n".join([header, *rows, ""])
    with CaptureQueriesContext(connection) as first:
        assert Imported(text).counts == {"created": number}
    with CaptureQueriesContext(connection) as second:
        assert Imported(text).counts == {"unchanged": number}
    return len(first), len(second)


@pytest.mark.usefixtures("one_block")
@pytest.mark.parametrize("confederation", ["", "Confederation {}"])
def test_twenty_rows_cost_as_many_queries_as_one(confederation):
    Imported("name,country,sector\nThe first to name its source and sector,IT,Call center\n")
    for number in range(20):
        AssociationFactory(name=f"Confederation {number}")

    assert queries_to_import(1, confederation) == queries_to_import(20, confederation)


# The command.


def run(file, **options):
    """The lines that the command prints, and those of its errors."""
    out, err = StringIO(), StringIO()
    call_command("import_associations", file, stdout=out, stderr=err, **options)
    return out.getvalue().splitlines(), err.getvalue().splitlines()


@pytest.fixture
def write(tmp_path):
    def write_it(content):
        file = tmp_path / "register.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return write_it


def test_the_command_tells_what_it_did(write):
    out, err = run(write(FULL))

    assert out == [
        "2 rows: 2 new, 0 changed, 0 confirmed, 0 unchanged, 0 withdrawn and left alone, 0 bad."
    ]
    assert err == []
    assert Association.objects.count() == 2


def test_the_command_tells_of_bad_cells_and_fails(write, capsys):
    with pytest.raises(CommandError, match="Nothing was saved"):
        call_command("import_associations", write(HALF_BAD))

    printed = capsys.readouterr()
    assert printed.err.startswith("line 3, email: ")
    assert "1 new" in printed.out
    assert "1 bad" in printed.out


def test_the_command_tells_of_a_row_without_naming_a_column(write):
    _out, err = run(write("name,phone\nAICCO\nAsstel,1\n"), skip_bad=True)

    assert err[0].startswith("line 2: ")


def test_the_command_makes_drafts(write):
    run(write("name\nAICCO\n"), draft=True)

    assert only(Association).state == "draft"


def test_a_dry_run_of_the_command_says_so(write):
    out, _err = run(write(FULL), dry_run=True)

    assert out[-1] == "Nothing was saved: this was a dry run."
    assert not Association.objects.exists()


def test_a_mark_of_byte_order_is_none_of_the_first_column(write):
    run(write(b"\xef\xbb\xbfname,country\r\nAICCO,IT\r\n"))

    assert only(Name).name == "AICCO"


def test_the_command_reads_what_excel_writes(write):
    _out, err = run(write("Denominazione;Telefono\r\nCittà;1\r\n".encode("cp1252")))

    assert only(Name).name == "Città"
    assert "Windows-1252" in err[-1]


def test_a_column_may_be_told_what_it_holds(write):
    file = write("Name des Verbands,Umsatz,Kammer\nAICCO,1,Roma\n")

    _out, err = run(file, told=["Kammer=locality", "Umsatz="])

    assert only(Address).locality == "Roma"
    assert err == ["Left out: the column “Umsatz”."]


def test_the_column_that_was_told_is_the_one(write):
    """The other one, which would be known by its header, is left out, and that is said."""
    file = write("Name,Organization,Country\nAICCO,5,IT\n")
    _out, err = run(file, told=["Name=name"], skip_unknown=True)
    assert Association.objects.get().card.name == "AICCO"
    assert "Left out: the column “Organization”." in err


@pytest.mark.parametrize(
    ("told", "message"),
    [("Umsatz", "HEADER=COLUMN"), ("Gewinn=phone", "Gewinn"), ("Umsatz=money", "money")],
)
def test_a_column_is_told_what_there_is(write, told, message):
    with pytest.raises(CommandError, match=message):
        run(write("name,Umsatz\nAICCO,1\n"), told=[told])


def test_unknown_columns_are_left_out_and_named_if_wanted(write):
    _out, err = run(write("name,Umsatz\nAICCO,1\n"), skip_unknown=True)

    assert only(Name).name == "AICCO"
    assert err == ["Left out: the column “Umsatz”."]


def test_what_no_column_says_is_said_once_for_all_rows(write):
    run(
        write("Name,EIN,Zip\nAICCO,10873044,6510\n"),
        country="US",
        source_title="IRS",
        source_date="2026-04",
    )

    assert str(only(Identifier)) == "us-ein:010873044"
    assert (only(Address).country, only(Address).postal_code) == ("US", "06510")
    assert {(fact.source.title, fact.attested_on) for fact in (only(Name), only(Address))} == {
        ("IRS", "2026-04")
    }


def test_the_command_tells_of_what_it_repaired(write):
    _out, err = run(write("Nome,CAP,Paese\nAICCO,187,Italia\n"))

    assert err[0].startswith("line 2, postal_code: ")
    assert "00187" in err[0]


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CommandError, match=r"none\.csv: No such file or directory\."):
        run(tmp_path / "none.csv")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(CommandError, match="directory"):
        run(tmp_path)
