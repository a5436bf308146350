"""The directory as a file that can be imported again: unchanged, it changes nothing."""

import csv
import io
import json
import zipfile

import pytest
from django.core.management import call_command
from django.urls import reverse

from associations import exporting
from associations.importing import import_associations, mapping, prepare, read_table
from associations.importing.rows import AssociationRow
from associations.models import Association, FormerSlug
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
from tests.reading import read
from tests.tables import everything

pytestmark = pytest.mark.django_db


def keys():
    return Association.objects.order_by("slug").values_list("pk", flat=True)


def parents_first():
    return Association.objects.order_by("-kind", "pk").values_list("pk", flat=True)


def as_csv():
    return "".join(exporting.csv_lines(exporting.rows(keys()))).encode()


def as_workbook():
    file = io.BytesIO()
    exporting.workbook(exporting.rows(keys()), file)
    return file.getvalue()


def cells():
    """The row of the only association that is exported."""
    [row] = exporting.rows(keys())
    return {column: text for column, text in row.items() if text}


def imported_again(data, **defaults):
    """The numbers of the report of importing this file that are not zero."""
    table = read_table(data, "directory")
    errors = []
    report = import_associations(
        prepare(table, mapping(table.header), defaults),
        file_name="directory",
        on_error=lambda *error: errors.append(error),
    )
    assert errors == []
    return {name: number for name, number in vars(report).items() if number and name != "is_saved"}


FORMATS = pytest.mark.parametrize("export", [as_csv, as_workbook])


# Imported again.


def test_what_the_directory_ships_is_exported_and_imported_again_without_a_change():
    call_command("load_directory")
    before = everything()

    for export in (as_csv, as_workbook):
        counts = imported_again(export(), source_title="A file", source_date="2099-01-01")
        assert counts == {"unchanged": len(keys())}
    assert everything() == before


@pytest.fixture
def hard():
    """An entry of which every fact is hard to write into a cell."""
    association = AssociationFactory(
        slug="hard",
        name='=HYPERLINK("x")|A; “B”\\ \u00a0C\u200b',
        kind="federation",
        description_en="Two\r\nlines, 'quoted'",
        founding_date="1999-02",
    )
    told = {"association": association}
    NameFactory(name="A|C", type="acronym", **told)
    NameFactory(name="+A\\|B", type="other", **told)
    NameFactory(name="''=A\\", type="translated", language="ja", **told)
    NameFactory(name="-Before", is_past=True, **told)
    NameFactory(name="@Before|that", type="former", valid_to="1990", **told)
    IdentifierFactory(value="00012:|=3", **told)
    IdentifierFactory(scheme="lei", value="+1", **told)
    AddressFactory(street_address="Old Street", locality="Milano", attested_on="1999", **told)
    AddressFactory(
        street_address="=1+1", postal_code="187", locality="-", attested_on="2001", **told
    )
    ContactPointFactory(value="+39 06 4541 7542", attested_on="2001", **told)
    ContactPointFactory(value="848.800270 | 3", label="desk", attested_on="2002", **told)
    ContactPointFactory(value="06 1", valid_to="2003", **told)
    ContactPointFactory(type="fax", value="+39 06 1/2; 3", **told)
    ContactPointFactory(type="email", value="-@example.org", **told)
    ContactPointFactory(type="pec", value="pec@example.org", **told)
    ContactPointFactory(type="website", value="https://example.org/?a=1|2", **told)
    OfficeHolderFactory(
        name="Rossi, Presidente; |", valid_from="2001", attested_on="2002", title="=T", **told
    )
    OfficeHolderFactory(name="Rossi, Presidente; |", attested_on="2003", **told)
    OfficeHolderFactory(name="M. Verdi", role="chair", honorific_prefix="Dr.", **told)
    OfficeHolderFactory(name="B; C|D\\;", role="other", title="a; b|", **told)
    OfficeHolderFactory(name="Gone", role="founder", valid_to="1999", **told)
    parent = AssociationFactory(slug="parent", name="hard", kind="confederation")
    AffiliationFactory(parent=parent, **told)
    AffiliationFactory(parent=AssociationFactory(slug="draft", state="draft"), **told)
    AffiliationFactory(parent__slug="announced", status="announced", **told)
    association.sectors.add(SectorFactory(slug="call-center", name_en="Call centres"))
    return association


@FORMATS
@pytest.mark.parametrize("defaults", [{}, {"source_date": "2099-01-01", "country": "FR"}])
def test_an_entry_with_hard_facts_is_imported_again_without_a_change(hard, export, defaults):
    before = everything()

    assert set(imported_again(export(), **defaults)) == {"unchanged"}
    assert everything() == before


def test_what_was_edited_in_an_export_is_all_that_changes(hard):
    edited = as_csv().replace(b"call-center", b"call-center|outsourcing").replace(b"1999-02", b"")

    counts = imported_again(edited, source_date="2099-01-01")

    assert counts == {"changed": 1, "unchanged": 3}
    assert [sector.slug for sector in hard.sectors.all()] == ["call-center", "outsourcing"]


def test_an_export_is_imported_into_an_empty_directory(hard):
    Association.objects.filter(state="draft").delete()
    told, data = cells_of(hard), "".join(exporting.csv_lines(exporting.rows(parents_first())))
    Association.objects.all().delete()
    FormerSlug.objects.all().delete()

    imported_again(data.encode())

    assert cells_of(Association.objects.get(slug="hard")) == told


def cells_of(association):
    [row] = exporting.rows([association.pk])
    return {column: text for column, text in row.items() if text}


# What a row says.


def test_a_row_says_what_holds_today(hard):
    assert cells_of(hard) == {
        "slug": "hard",
        "identifier": "it-cf:00012:|=3",
        "other_identifiers": "lei:+1",
        "name": '=HYPERLINK("x")|A; “B”\\ \u00a0C\u200b',
        "acronym": "A|C",
        "other_names": "+A\\\\\\|B|''=A\\\\",
        "former_names": "-Before|@Before\\|that",
        "kind": "federation",
        "confederation": "parent|announced",
        "country": "IT",
        "locality": "-",
        "postal_code": "187",
        "street_address": "=1+1",
        "phone": "848.800270 \\| 3|+39 06 4541 7542",
        "fax": "+39 06 1/2; 3",
        "email": "-@example.org",
        "pec": "pec@example.org",
        "website": "https://example.org/?a=1\\|2",
        "president": "Rossi, Presidente; |",
        "president_role": "president",
        "president_as_of": "2003",
        "officers": "M. Verdi; chair; ; Dr.|B\\\\; C\\|D\\\\\\\\\\\\;; other; a\\\\; b\\|",
        "founding_date": "1999-02",
        "sector": "call-center",
        "description_en": "Two\r\nlines, 'quoted'",
    }


def test_staff_are_told_of_confederations_that_are_no_public_entries(hard):
    [row] = exporting.rows([hard.pk], for_visitors=False)

    assert row["confederation"] == "parent|draft|announced"


def test_rows_stand_in_the_order_of_the_keys_and_gone_ones_in_none():
    one, other = AssociationFactory(slug="one"), AssociationFactory(slug="other")

    rows = exporting.rows([other.pk, 0, one.pk])

    assert [row["slug"] for row in rows] == ["other", "one"]


def test_every_column_is_one_of_the_import():
    assert set(exporting.COLUMNS) <= set(AssociationRow.base_fields)


def test_many_rows_cost_as_many_queries_as_one(django_assert_max_num_queries, hard):
    AssociationFactory.create_batch(20)

    with django_assert_max_num_queries(9):
        assert len(list(exporting.rows(list(keys())))) == 24


# What a program for tables makes of it.


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_cell_of_a_csv_file_is_a_formula(sign):
    AssociationFactory(name=f"{sign}1+1")

    _header, [_slug, *row] = csv.reader(io.StringIO(as_csv().decode(), newline=""))

    assert f"'{sign}1+1" in row
    assert not any(cell[:1] == sign for cell in row)


def test_no_cell_of_a_workbook_is_a_formula():
    AssociationFactory(name="=1+1")

    sheet = zipfile.ZipFile(io.BytesIO(as_workbook())).read("xl/worksheets/sheet1.xml").decode()

    assert "<t>=1+1</t>" in sheet
    assert "<f>" not in sheet


def test_a_json_file_says_the_same(hard):
    text = "".join(exporting.json_text(exporting.rows(keys())))

    assert json.loads(text) == list(exporting.rows(keys()))
    assert json.loads("".join(exporting.json_text([]))) == []


# The listing as a file.


def listed(client, name, query=""):
    return client.get(reverse(f"associations:{name}"), query)


def rows_of(response):
    lines = response.getvalue().decode()
    return list(csv.DictReader(io.StringIO(lines, newline="")))


def test_the_listing_is_a_csv_file_by_the_same_parameters(client):
    AddressFactory(association=AssociationFactory(name="Beta"), country="FR")
    AddressFactory(association=AssociationFactory(name="Alfa"), country="IT")
    AddressFactory(association=AssociationFactory(name="Alfabeto"), country="IT")

    response = listed(client, "csv", {"country": "IT", "sort": "-name", "page_size": "1"})

    assert response.headers["Content-Type"].startswith("text/csv")
    assert [row["name"] for row in rows_of(response)] == ["Alfabeto", "Alfa"]


def test_the_best_hit_stands_first(client):
    for name in ("Club of callers", "Caller"):
        AssociationFactory(name=name)

    found = [row["name"] for row in rows_of(listed(client, "csv", {"q": "caller"}))]

    assert found[0] == "Caller"


def test_very_many_entries_stand_in_order(client, monkeypatch):
    monkeypatch.setattr("associations.search.hits.SORTED", 3)
    for number in (5, 3, 1, 4, 2, 7, 6):
        AssociationFactory(name=f"Body {number}")

    for sort, first in (("", "Body 1"), ("-name", "Body 7")):
        names = [row["name"] for row in rows_of(listed(client, "csv", {"sort": sort}))]
        assert names == sorted(names, reverse=sort == "-name")
        assert (len(names), names[0]) == (7, first)


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_what_visitors_may_not_read_stands_in_no_file(client, state):
    AssociationFactory(state=state)

    assert rows_of(listed(client, "csv")) == []


def test_the_listing_is_a_workbook_by_the_same_parameters(client):
    AddressFactory(association=AssociationFactory(slug="beta"), country="FR")
    AddressFactory(association=AssociationFactory(slug="alfa"), country="IT")

    response = listed(client, "xlsx", {"country": "IT"})

    table = read_table(response.getvalue(), "associations.xlsx")
    assert [cells[0] for _line, cells in table.rows] == ["alfa"]


def test_a_workbook_of_very_many_entries_is_refused_in_words(client, monkeypatch):
    monkeypatch.setattr("associations.formats.ListingAsWorkbook.most", 1)
    AssociationFactory.create_batch(2)

    response = listed(client, "xlsx")

    assert response.status_code == 400
    assert "CSV" in response.text


@pytest.mark.parametrize("name", ["csv", "xlsx"])
@pytest.mark.parametrize("query", [{"contry": "IT"}, {"country": "XX"}, {"page": "x"}])
def test_a_wrong_parameter_is_an_error_and_no_file_of_everything(client, name, query):
    response = listed(client, name, query)

    assert response.status_code == 400
    assert response.headers["Content-Type"].startswith("text/plain")
    assert "contry" in response.text or "contry" not in query


@pytest.mark.parametrize("query", ["", "?q=club&country=IT"])
def test_the_listing_links_to_itself_as_files(client, query):
    AddressFactory(association=AssociationFactory(name="Club"))

    page = read(client.get(reverse("associations:list") + query + (query and "&page=1")))

    for name in ("csv", "xlsx"):
        assert reverse(f"associations:{name}") + (query and f"{query}&page=1") in page.links
