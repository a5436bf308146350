"""A file through the desk: previewed, decided upon row by row, written in one act, taken back."""

import csv
import datetime
import json
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from associations.changes import in_batches
from associations.importing import jobs, read_table, similar
from associations.models import (
    Address,
    Affiliation,
    Association,
    Card,
    Changeset,
    ContactPoint,
    ImportJob,
    ImportRow,
    Name,
    OfficeHolder,
)
from tests.conftest import member_of
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    IdentifierFactory,
    NameFactory,
    OfficeHolderFactory,
)
from tests.reading import filled_in, read
from tests.tables import everything

pytestmark = pytest.mark.django_db

LIST = "/admin/associations/importjob/"
ADD = f"{LIST}add/"


@pytest.fixture
def aicco():
    """AICCO of Rome, as a source of 2002 knows it."""
    association = AssociationFactory(slug="aicco", name="AICCO")
    association.names.update(attested_on="2002-03-01")
    told = {"association": association, "attested_on": "2002-03-01"}
    IdentifierFactory(scheme="it-cf", value="1", **told)
    AddressFactory(**told)
    ContactPointFactory(value="800200111", **told)
    OfficeHolderFactory(name="Leonardo Abbruzzese", **told)
    return association


@pytest.fixture
def row_by_row(monkeypatch):
    """Each row is a batch."""
    monkeypatch.setattr(jobs, "in_batches", partial(in_batches, size=1))


class Desk:
    """Somebody at the desk with a file: each step is what the browser sends of the page."""

    def __init__(self, browser, text, file_name="register.csv", **about):
        self.browser = browser
        content = text if isinstance(text, bytes) else text.encode()
        file = SimpleUploadedFile(file_name, content)
        self.answer = browser.post(ADD, {"file": file})
        self.about = about
        if self.answer.status_code == 302:
            self.job = ImportJob.objects.order_by("-pk")[0]
            self.address = f"{LIST}{self.job.pk}/"

    def columns(self):
        return read(self.browser.get(f"{self.address}columns/"))

    def preview(self, **about):
        """Say what the columns are as they were guessed; the page that shows the rows."""
        form = self.columns().one("form", "import-form")
        data = filled_in(form) | self.about | about
        answer = self.browser.post(f"{self.address}columns/", data)
        assert answer.status_code == 302, answer.text
        return self

    def page(self, query=""):
        return read(self.browser.get(f"{self.address}{query}"))

    def send(self, then, query="", **told):
        form = self.page(query).one("form", "import-preview")
        shown = [field["value"] for field in form.all("input", name="shown")]
        data = filled_in(form) | {"shown": shown}
        data = {name: value for name, value in (data | told).items() if value is not None}
        return self.browser.post(f"{self.address}{query}", data | {"then": then})

    def confirm(self, **told):
        return self.send("confirm", **told)

    def say(self, answers):
        """Say what becomes of values that are not known: `{field of the page: answer}`."""
        form = filled_in(self.page().one("form", "import-unknown"))
        assert form.keys() >= answers.keys()
        self.browser.post(self.address, form | answers | {"then": "answer"})
        return self

    def undo(self):
        return self.browser.post(f"{self.address}undo/")

    @property
    def state(self):
        self.job.refresh_from_db()
        return self.job.state

    @property
    def outcomes(self):
        """What each row of the file would do, by its name."""
        lines = self.job.lines.order_by("line", "pk")
        return {line.told.get("name", ""): line.outcome for line in lines}

    def line(self, name):
        return self.job.lines.get(told__name=name)


# What tells of acts and grows with them.
OF_ACTS = {"ImportJob", "ImportRow", "HeaderMapping", "DataVersion", "Changeset", "Revision"}


def directory():
    """All rows of the directory, but for what tells of acts, and when a card was last written."""
    tables = {model: rows for model, rows in everything().items() if model.__name__ not in OF_ACTS}
    for card in tables[Card]:
        del card["changed_at"]
    return tables


# The file.


def test_a_file_is_uploaded_and_its_columns_are_recognised(editor):
    desk = Desk(editor, "Denominazione;Comune;Note\nAICCO;Roma;x\n")

    chosen = filled_in(desk.columns().one("form", "import-form"))
    assert [chosen[f"column_{index}"] for index in range(3)] == ["name", "locality", ""]


def test_how_the_file_was_read_is_told_with_its_columns_and_its_preview(editor):
    desk = Desk(editor, "Elenco;\nNome;Città\nAlfa;Forlì\nTotale: 1;\n".encode("cp1252"))

    for page in (desk.columns(), desk.preview().page()):
        [notes] = page.all("ul", "import-notes")
        assert "Windows-1252" in notes.text
        assert "“Elenco”" in notes.text
        assert "“Totale: 1”" in notes.text


def test_the_country_is_guessed_from_what_only_its_lists_have(editor):
    desk = Desk(editor, "Denominazione;CAP;Comune\nAICCO;184;Roma\n").preview()

    told = desk.line("AICCO").told
    assert (told["country"], told["postal_code"]) == ("IT", "00184")


@pytest.mark.parametrize(
    ("others", "country"), [("Germania,", "DE"), ("Germania,x", "DE"), ("Francia,", "")]
)
def test_the_country_is_guessed_from_telephones_if_the_rows_say_nothing_else(
    editor, others, country
):
    rows = [f"Body {number},,+49 30 12345{number}" for number in range(3)]
    desk = Desk(editor, "\n".join(["name,country,phone", *rows, f"Other,{others}"]))

    assert filled_in(desk.columns().one("form", "import-form"))["country"] == country


def test_the_country_is_guessed_from_addresses_of_the_web_if_no_telephone_tells_it(editor):
    rows = [f"Body {number},06 123456{number},www.body{number}.it" for number in range(3)]
    desk = Desk(editor, "\n".join(["name,phone,website", *rows, "Other,06 1,other.com"]))

    assert filled_in(desk.columns().one("form", "import-form"))["country"] == "IT"


@pytest.mark.parametrize(("cell", "field"), [("attiva", ""), ("Italia", "country")])
def test_a_column_called_stato_is_the_country_if_it_names_any(editor, cell, field):
    desk = Desk(editor, f"Nome,Stato\nAICCO,{cell}\n")

    assert filled_in(desk.columns().one("form", "import-form"))["column_1"] == field


def test_a_column_is_recognised_as_the_numbers_of_a_register(editor):
    desk = Desk(editor, "EIN,NAME\n010000001,Bakers\n").preview()

    assert desk.line("Bakers").told["identifier"] == "us-ein:010000001"


def test_numbers_without_a_register_are_asked_about_at_once(editor):
    desk = Desk(editor, "register_number,name\nR001,AICCO\n")
    data = filled_in(desk.columns().one("form", "import-form"))

    page = read(editor.post(f"{desk.address}columns/", data))

    [told] = page.all("ul", "errorlist")
    assert "a quale registro" in told.text
    desk.preview(identifier_scheme="de-register")
    assert desk.line("AICCO").told["identifier"] == "de-register:R001"


@pytest.mark.parametrize("content", [b"", b"name\n", b"%PDF-1.4", b"\x00\x01\x02"])
def test_what_is_no_table_is_told_at_the_field(editor, content):
    desk = Desk(editor, content)

    assert desk.answer.status_code == 200
    assert read(desk.answer).all("ul", "errorlist")
    assert not ImportJob.objects.exists()


def test_a_file_that_is_too_large_is_refused(editor, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_BYTES", 10)

    assert "errorlist" in Desk(editor, "name\nAssocallcenter\n").answer.text


def test_a_file_of_too_many_rows_is_refused(editor, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_ROWS", 1)

    assert "errorlist" in Desk(editor, "name\nA\nB\n").answer.text


def test_what_the_columns_are_is_remembered_for_the_next_file_with_this_header(editor):
    Desk(editor, "Titel,Nummer\nAICCO,1\n").preview(
        column_0="name", column_1="identifier", identifier_scheme="it-cf", source_title="Albo"
    )

    form = filled_in(Desk(editor, "Titel,Nummer\nAnother,2\n").columns().one("form", "import-form"))

    assert (form["column_0"], form["column_1"]) == ("name", "identifier")
    assert (form["identifier_scheme"], form["source_title"]) == ("it-cf", "Albo")


def test_the_date_of_one_edition_is_none_of_the_next(editor):
    Desk(editor, "name\nAICCO\n").preview(source_date="2024")

    assert not filled_in(Desk(editor, "name\nB\n").columns().one("form", "import-form"))[
        "source_date"
    ]


@pytest.mark.parametrize(
    "columns",
    [{"column_0": ""}, {"column_0": "name", "column_1": "name"}, {"column_1": "nonsense"}],
    ids=["no name", "two names", "unknown"],
)
def test_columns_that_make_no_sense_are_an_error(editor, columns):
    desk = Desk(editor, "name,email\nAICCO,info@example.org\n")
    data = filled_in(desk.columns().one("form", "import-form")) | columns

    answer = editor.post(f"{desk.address}columns/", data)

    assert answer.status_code == 200
    assert read(answer).all("ul", "errorlist")


def test_who_uploads_a_file_again_is_told(editor):
    Desk(editor, "name\nAICCO\n", "first.csv").preview().confirm()

    page = Desk(editor, "name\nAICCO\n", "second.csv").columns()

    assert f"{LIST}{ImportJob.objects.get(file_name='first.csv').pk}/" in page.links


def test_the_columns_of_what_is_done_are_not_said_again(editor):
    desk = Desk(editor, "name\nAICCO\n").preview()
    data = filled_in(desk.columns().one("form", "import-form"))
    desk.confirm()

    editor.post(f"{desk.address}columns/", data)

    assert desk.state == "done"


def test_an_empty_file_with_all_columns_can_be_had(editor):
    text = editor.get(f"{LIST}template.csv").text

    assert "name" in text.removeprefix("\ufeff").split(",")


# The preview.


def test_the_preview_writes_nothing(editor, aicco):
    before = directory()

    Desk(editor, "name,country,phone\nAICCO,IT,06 4541 7542\nNew,IT,\n").preview()

    assert directory() == before


def test_each_row_is_told_what_it_would_do(editor, aicco):
    text = (
        "identifier,name,country,phone,email\n"
        "it-cf:1,AICCO,IT,800200111,\n"
        "it-cf:2,Assocallcenter,IT,,\n"
        "it-cf:3,Club,IT,,nonsense\n"
        "it-cf:2,Twice,IT,,\n"
    )

    desk = Desk(editor, text).preview()

    assert desk.outcomes == {
        "AICCO": "same",
        "Assocallcenter": "new",
        "Club": "wrong",
        "Twice": "wrong",
    }
    assert desk.line("Club").problems[0][0] == "email"


def test_a_change_shows_the_old_cell_and_the_new_one(editor, aicco):
    desk = Desk(editor, "identifier,name,country,phone\nit-cf:1,AICCO,IT,06 4541 7542\n")

    [cell] = desk.preview(source_date="2024").line("AICCO").cells

    assert cell == ["phone", "800200111", "06 4541 7542", "beside"]
    shown = desk.page().one("dl", "import-cells")
    assert shown.one("span", "import-old").text == "800200111"
    assert shown.one("ins").text == "06 4541 7542"


def test_what_is_the_same_is_counted_and_not_listed(editor, aicco):
    desk = Desk(editor, "identifier,name\nit-cf:1,AICCO\nit-cf:2,Other\n").preview()

    assert names_on(desk.page()) == ["Other"]
    assert names_on(desk.page("?outcome=same")) == ["AICCO"]


def names_on(page):
    heads = page.all("div", "import-row-head")
    return [
        next(each.text for each in head.elements if each.tag in ("label", "b")) for head in heads
    ]


def test_the_rows_stand_on_pages_of_fifty(editor):
    names = "".join(f"Body {number:03}\n" for number in range(60))
    desk = Desk(editor, f"name\n{names}").preview()

    assert len(desk.page().all("li", "import-row")) == 50
    assert len(desk.page("?page=2").all("li", "import-row")) == 10


def test_wrong_rows_are_had_as_a_file_with_the_reasons(editor):
    desk = Desk(editor, 'Name;E-Mail\n"=Club";nonsense\nGood;info@example.org\n').preview()

    text = editor.get(f"{desk.address}wrong.csv").text.removeprefix("\ufeff")

    header, *rows = csv.reader(StringIO(text))
    assert header[:2] == ["Name", "E-Mail"]
    assert len(rows) == 1
    assert rows[0][:2] == ["'=Club", "nonsense"]
    assert "e-mail" in rows[0][2]


def test_the_reasons_in_the_file_name_the_columns_as_people_do(editor):
    editor.defaults["HTTP_ACCEPT_LANGUAGE"] = "it"
    desk = Desk(editor, "Nome;E-Mail\nClub;nonsense\n").preview()

    text = editor.get(f"{desk.address}wrong.csv").text

    assert "e-mail: Scrivi un indirizzo e-mail" in text


def test_what_was_read_in_another_way_than_it_is_written_is_noted(editor):
    desk = Desk(editor, "Nome;CAP;Città\nAICCO;187;Roma\n").preview(country="IT")

    line = desk.line("AICCO")
    assert line.told["postal_code"] == "00187"
    assert line.notes


def test_numbers_of_two_entries_are_not_those_of_one(editor, aicco):
    IdentifierFactory(association=AssociationFactory(), scheme="lei", value="2")
    text = "identifier,other_identifiers,name\nit-cf:1,lei:2,AICCO\n"

    desk = Desk(editor, text).preview()

    assert desk.outcomes == {"AICCO": "wrong"}


def test_a_row_is_matched_by_its_address_here_even_by_an_old_one(editor, aicco):
    aicco.slug = "aicco-italia"
    aicco.save()

    desk = Desk(editor, "slug,name,phone\naicco,Another name,\n").preview()

    assert desk.job.lines.get().entry == aicco.pk


def test_rows_with_notes_can_be_looked_at_by_themselves(editor):
    text = "Nome;CAP;Città\nAICCO;187;Roma\nClub;20121;Milano\n"
    desk = Desk(editor, text).preview(country="IT")

    assert names_on(desk.page("?noted=yes")) == ["AICCO"]


# Doubts.


@pytest.fixture
def same_phone(aicco):
    return "name,country,phone\nUnione Contact,IT,800 200 111\n"


def test_a_row_that_shares_a_telephone_with_an_entry_is_asked_about(editor, same_phone, aicco):
    desk = Desk(editor, same_phone).preview()

    assert desk.outcomes == {"Unione Contact": "doubtful"}
    choice = desk.page().one("fieldset", "import-choice")
    assert "AICCO" in choice.text
    desk.confirm()
    assert Association.objects.count() == 1


@pytest.mark.parametrize("site", ["https://www.aicco.example/", "http://aicco.example"])
def test_a_row_that_shares_a_website_with_an_entry_is_asked_about(editor, aicco, site):
    ContactPointFactory(association=aicco, type="website", value="https://aicco.example")

    desk = Desk(editor, f"name,country,website\nUnione Contact,IT,{site}\n").preview()

    assert desk.outcomes == {"Unione Contact": "doubtful"}


def test_a_site_that_many_share_tells_nothing(editor):
    for number in range(20):
        page = f"https://www.pages.example/{number}"
        ContactPointFactory(type="website", value=page)

    desk = Desk(editor, "name,website\nUnione Contact,https://www.pages.example/x\n").preview()

    assert desk.outcomes == {"Unione Contact": "new"}


@pytest.mark.parametrize(
    "row",
    [
        "AICCO Asociazione Italiana Call Center,,,",
        "Associazione italiana dei call center AICCO,,,",
        "Assocontact,,,",
        "ASSOCALL,,,",
        "Unione,AICCO associazione italiana call center,,",
        "Unione,,06 1234 5678,",
        "Unione,,,it-piva:97204050583",
    ],
)
def test_a_likely_twin_is_asked_about(editor, aicco, row):
    aicco.names.update(name="AICCO Associazione Italiana Call Center")
    NameFactory(association=aicco, type="former", name="Assocontact")
    NameFactory(association=aicco, type="acronym", name="Assocall")
    ContactPointFactory(association=aicco, type="fax", value="06 1234 5678")
    IdentifierFactory(association=aicco, scheme="it-cf", value="97204050583")

    desk = Desk(editor, f"name,acronym,fax,identifier\n{row}\n").preview(country="IT")

    [line] = desk.job.lines.all()
    assert line.outcome == "doubtful"
    assert [key for key, _reason in line.candidates] == [aicco.pk]


@pytest.mark.parametrize(
    ("known", "row"),
    [
        ("Unione industriali della provincia di Varese", "di Vercelli,IT,"),
        ("Unione industriali della provincia di Varese", "di Varesse,FR,"),
        ("Unione industriali della provincia di Varese", "di Varesse,IT,Busto Arsizio"),
        ("Unione industriali della provincia, sezione 12", ", sezione 13,IT,"),
    ],
    ids=["other word", "other country", "other town", "other number"],
)
def test_what_is_called_nearly_so_and_is_another_body_is_not_asked_about(editor, known, row):
    AddressFactory(association=AssociationFactory(name=known), country="IT", locality="Varese")
    name, country, town = row.rsplit(",", 2)
    text = f'name,country,locality\n"Unione industriali della provincia {name}",{country},{town}\n'

    desk = Desk(editor, text).preview()

    assert set(desk.outcomes.values()) == {"new"}


def test_rows_that_are_alike_are_written_as_they_were_shown(editor, row_by_row):
    text = (
        "name,country,phone\nUnione industriali Varese,IT,06 1234 5678\n"
        "Unione industriali di Varesse,IT,06 1234 5678\n"
    )
    desk = Desk(editor, text).preview()
    assert set(desk.outcomes.values()) == {"new"}

    desk.confirm()

    assert desk.state == "done"
    assert Association.objects.count() == 2


def test_rows_of_one_file_are_not_compared_with_each_other(editor, row_by_row, monkeypatch):
    compared = []
    monkeypatch.setattr(similar, "_are_alike", lambda one, other: compared.append(" ".join(other)))
    AssociationFactory(name="Unione zero")
    desk = Desk(editor, "name\nUnione uno\nUnione due\nUnione tre\n").preview()

    desk.confirm()

    assert desk.state == "done"
    assert set(compared) == {"unione zero"}


def test_a_row_of_the_same_name_in_another_town_is_asked_about(editor, aicco):
    desk = Desk(editor, "name,country,locality\nAICCO,IT,Milano\n").preview()

    assert desk.outcomes == {"AICCO": "doubtful"}


def test_a_row_of_the_same_name_in_the_same_town_is_of_that_entry(editor, aicco):
    desk = Desk(editor, "name,country,locality\nAicco,IT,Roma\n").preview()

    assert desk.job.lines.get().entry == aicco.pk


def test_the_same_telephone_and_nearly_the_same_name_are_enough(editor, aicco):
    Name.objects.update(name="Associazione dei contact center")

    desk = Desk(editor, "name,country,phone\nContact center associazione dei,IT,800200111\n")

    assert desk.preview().job.lines.get().entry == aicco.pk


def test_bodies_of_one_name_with_numbers_of_one_register_are_not_asked_about(editor, aicco):
    desk = Desk(editor, "identifier,name,country,phone\nit-cf:2,AICCO,IT,800200111\n").preview()

    assert desk.outcomes == {"AICCO": "new"}


def test_who_says_whose_row_it_is_sees_what_it_would_do(editor, same_phone, aicco):
    desk = Desk(editor, same_phone).preview()
    line = desk.job.lines.get()

    desk.send("keep", **{f"choice-{line.pk}": str(aicco.pk)})

    line.refresh_from_db()
    assert (line.outcome, line.entry) == ("changed", aicco.pk)
    assert line.candidates
    desk.confirm()
    assert Association.objects.count() == 1


def test_who_says_that_it_is_a_new_entry_has_one(editor, same_phone):
    desk = Desk(editor, same_phone).preview()

    desk.send("keep", **{f"choice-{desk.job.lines.get().pk}": "new"})
    desk.confirm()

    assert Card.objects.filter(name="Unione Contact").exists()


def test_another_entry_is_named_by_its_address_here(editor, same_phone):
    other = AssociationFactory(slug="other", name="Other")
    desk = Desk(editor, same_phone).preview()
    line = desk.job.lines.get()

    desk.send("keep", **{f"choice-{line.pk}": "other", f"other-{line.pk}": "other"})

    line.refresh_from_db()
    assert line.entry == other.pk


# What is not known.

BAD_CELLS = {
    "name": "?",
    "acronym": "x" * 401,
    "kind": "Partnership",
    "confederation": "Nowhere",
    "country": "Atlantis",
    "locality": "x" * 121,
    "postal_code": "1" * 21,
    "phone": "+49 1",
    "fax": "+39 06 4541 7542 999 888 777",
    "email": "nonsense",
    "pec": "nonsense",
    "website": "nonsense",
    "president_title": "Presidente",
    "president_since": "2020-13",
    "officers": "; president",
    "founding_date": "yesterday",
    "sector": "x" * 121,
    "identifier": "it-cf:",
    "source_date": "2020-02-31",
    "checked_on": "2999-01-01",
}


def test_every_bad_cell_is_named_with_its_line_its_column_and_a_reason(editor):
    text = StringIO()
    table = csv.DictWriter(text, ["name", "country", *(BAD_CELLS.keys() - {"name", "country"})])
    table.writeheader()
    for number, (column, cell) in enumerate(BAD_CELLS.items()):
        table.writerow({"name": f"Body {number}", "country": "DE", column: cell})

    desk = Desk(editor, text.getvalue()).preview()

    lines = desk.job.lines.filter(outcome__in=("wrong", "doubtful")).order_by("line")
    assert [line.line for line in lines] == list(range(2, 2 + len(BAD_CELLS)))
    for line, column in zip(lines, BAD_CELLS, strict=True):
        told = [(column, reason) for column, _value, reason in line.asked] + line.problems
        assert [(place.removesuffix("_title"), bool(reason)) for place, reason in told] == [
            (column.removesuffix("_title"), True)
        ]
    row = desk.page("?outcome=doubtful").all("ul", "import-problems")[0]
    assert "“Partnership”" in row.text


def test_rows_with_what_is_not_known_wait_until_somebody_says_what_is_meant(editor):
    desk = Desk(editor, "name,kind\nAICCO,Partnership\nClub,Partnership\nUnion,\n").preview()
    assert desk.outcomes == {"AICCO": "doubtful", "Club": "doubtful", "Union": "new"}

    desk.say({"answer:kind:Partnership": "federation"})

    assert set(desk.outcomes.values()) == {"new"}
    desk.confirm()
    kinds = dict(Card.objects.values_list("name", "kind"))
    assert kinds == {"AICCO": "federation", "Club": "federation", "Union": "association"}


@pytest.mark.parametrize(
    ("column", "cell", "answer", "kept"),
    [
        ("kind", "Partnership", "left_out", []),
        ("confederation", "Nowhere", "left_out", []),
        ("sector", "x" * 121, "left_out", []),
        ("phone", "+49 1", "left_out", []),
        ("phone", "+49 1", "kept", ["+49 1"]),
        ("officers", "; president", "kept", ["; president"]),
    ],
)
def test_the_row_goes_in_with_or_without_it(editor, column, cell, answer, kept):
    desk = Desk(editor, f"name,country,{column}\nAICCO,DE,{cell}\n").preview()

    desk.say({f"answer:{column}:{cell}": answer}).confirm()

    told = [*ContactPoint.objects.values_list("value", flat=True)]
    assert told + [*OfficeHolder.objects.values_list("name", flat=True)] == kept
    assert Card.objects.get().name == "AICCO"


def test_one_answer_holds_for_all_others(editor):
    text = "name,confederation\nAICCO,One|Two|Three\n"
    desk = Desk(editor, text).preview()

    desk.say({"answer:confederation:": "left_out", "answer:confederation:Two": "added"})
    desk.confirm()

    assert [each.parent.card.name for each in Affiliation.objects.all()] == ["Two"]


def test_a_confederation_that_is_added_has_its_acronym_and_the_source_of_the_file(editor):
    text = "name,confederation\nA,FE\nB,Federazione europea (FE)\n"
    desk = Desk(editor, text).preview(source_title="Albo", source_date="2024")

    desk.say({"answer:confederation:": "added"}).confirm()

    added = Card.objects.get(name="Federazione europea")
    assert (added.acronym, added.kind, added.state) == ("FE", "federation", "draft")
    assert {each.parent_id for each in Affiliation.objects.all()} == {added.pk}
    assert Name.objects.get(name="FE").source.title == "Albo"
    assert desk.state == "done"
    desk.undo()
    assert not Association.objects.exists()


def test_a_confederation_may_be_an_entry_of_another_name(editor, aicco):
    desk = Desk(editor, "name,confederation\nUnione,AICCO Italia\n").preview()

    desk.say({"entry:confederation:AICCO Italia": "aicco"}).confirm()

    assert Affiliation.objects.get().parent == aicco


def test_what_was_said_is_remembered_for_the_next_file_with_this_header(editor):
    text = "name,confederation\nAICCO,Nowhere\n"
    Desk(editor, text).preview().say({"answer:confederation:Nowhere": "left_out"}).confirm()

    again = Desk(editor, text).preview()

    assert again.outcomes == {"AICCO": "same"}
    assert "“Nowhere”" in again.page("?noted=yes").text


def test_it_can_be_asked_again(editor):
    desk = Desk(editor, "name,confederation\nAICCO,Nowhere\n").preview()
    desk.say({"answer:confederation:Nowhere": "left_out"})

    editor.post(desk.address, {"then": "ask"})

    assert desk.outcomes == {"AICCO": "doubtful"}


def test_an_answer_undoes_no_decision(publisher, second):
    mapped = MAPPED | {"column_4": "confederation", "source_title": "Register"}
    text = SECOND.replace("CITY", "CITY,Dachverband").replace("Juneau\n5", "Juneau,X\n5")
    text = text.replace("Juneau\n", "Juneau,\n").replace("Sitka\n", "Sitka,\n")
    desk = Desk(publisher, text).preview(**mapped)
    gone = str(desk.line("Millers").pk)
    desk.send("keep", tick=[gone, str(desk.line("Bakers").pk)])
    unticked = list(desk.job.lines.filter(is_ticked=False).values_list("line", flat=True))

    desk.say({"answer:confederation:X": "left_out"})

    assert list(desk.job.lines.filter(is_ticked=False).values_list("line", flat=True)) == unticked
    assert desk.line("Millers").is_ticked


def test_what_belongs_to_itself_is_asked_about(editor):
    desk = Desk(editor, "name,confederation\nAICCO,AICCO\n").preview()
    assert desk.outcomes == {"AICCO": "doubtful"}

    desk.say({"answer:confederation:AICCO": "left_out"}).confirm()

    assert Card.objects.get().name == "AICCO"


@pytest.mark.parametrize(
    "told",
    [
        {"answer:kind:Partnership": "nonsense"},
        {"answer:name:AICCO": "left_out"},
        {"answer:": "left_out"},
        {"entry:confederation:X": "\0"},
        {"entry:kind:X": "aicco"},
    ],
)
def test_no_forged_answer_breaks_the_desk(editor, aicco, told):
    desk = Desk(editor, "name,kind\nUnione,Partnership\n").preview()

    answer = editor.post(desk.address, {"then": "answer"} | told, follow=True)

    assert answer.status_code in (200, 400)
    assert desk.outcomes == {"Unione": "doubtful"}


# The confirm.


def test_what_is_ticked_is_written(editor):
    desk = Desk(editor, "name,country\nAICCO,IT\nClub,IT\n").preview()

    desk.confirm(tick=[str(desk.line("Club").pk)])

    assert desk.state == "done"
    assert [card.name for card in Card.objects.all()] == ["Club"]
    assert desk.job.report["written"] == {"new": 1}


def test_ticks_are_kept_from_page_to_page(editor):
    names = "".join(f"Body {number:03}\n" for number in range(60))
    desk = Desk(editor, f"name\n{names}").preview()

    desk.send("page:2", tick=None)
    desk.confirm()

    assert Association.objects.count() == 10


def test_all_rows_of_an_outcome_are_unticked_at_once(editor, aicco):
    desk = Desk(
        editor, "identifier,name,email\nit-cf:1,AICCO,a@example.org\nit-cf:2,B,\n"
    ).preview()

    desk.send("untick:new", query="?outcome=new")
    desk.confirm()

    assert Association.objects.count() == 1
    assert aicco.contact_points.filter(type="email").exists()


def test_wrong_rows_do_not_keep_the_good_ones_out(editor):
    desk = Desk(editor, "name,email\nAICCO,\nClub,nonsense\n").preview()

    desk.confirm()

    assert [card.name for card in Card.objects.all()] == ["AICCO"]


def test_every_fact_has_the_source_and_the_date_of_the_file(editor):
    desk = Desk(editor, "name,country,phone\nAICCO,IT,800200111\n")

    desk.preview(source_title="Albo", source_date="2024-05").confirm()

    for fact in (*Name.objects.all(), *ContactPoint.objects.all(), *Address.objects.all()):
        assert (fact.source.title, fact.source.published_on) == ("Albo", "2024-05")
        assert (fact.attested_on, fact.checked_on) == ("2024-05", None)


def test_an_import_is_a_check_only_if_it_is_said_to_be(editor):
    Desk(editor, "name\nAICCO\n").preview(checked_on="2024-06-01").confirm()

    assert Name.objects.get().checked_on == datetime.date(2024, 6, 1)


def test_what_has_changed_meanwhile_is_shown_again_and_nothing_is_written(editor, aicco):
    text = "identifier,name,country,phone\nit-cf:1,AICCO,IT,06 4541 7542\nit-cf:2,New,IT,\n"
    desk = Desk(editor, text).preview(source_date="2024")
    ContactPointFactory(association=aicco, value="06 1234 5678", attested_on="2003")

    desk.confirm()

    assert desk.state == "previewed"
    assert Association.objects.count() == 1
    line = desk.line("AICCO")
    assert line.has_changed_meanwhile
    assert line.cells == [["phone", "06 1234 5678", "06 4541 7542", "beside"]]
    assert not desk.line("New").has_changed_meanwhile
    assert "06 1234 5678" in desk.page().text
    desk.confirm()
    assert desk.state == "done"


def test_a_change_elsewhere_in_the_entry_is_none_of_the_row(editor, aicco):
    desk = Desk(editor, "identifier,name,email\nit-cf:1,AICCO,a@example.org\n").preview()
    ContactPointFactory(association=aicco, value="06 1234 5678", attested_on="2003")

    desk.confirm()

    assert desk.state == "done"


def test_an_entry_that_was_made_meanwhile_is_not_doubled(editor):
    desk = Desk(editor, "name,country\nAICCO,IT\n").preview()
    AddressFactory(association=AssociationFactory(name="AICCO"))

    desk.confirm()

    assert Association.objects.count() == 1
    assert desk.line("AICCO").outcome == "same"


def test_an_entry_that_was_withdrawn_meanwhile_is_left_alone(editor, aicco):
    desk = Desk(editor, "identifier,name,email\nit-cf:1,AICCO,a@example.org\n").preview()
    Association.objects.update(state="withdrawn")

    desk.confirm()

    assert desk.line("AICCO").outcome == "withdrawn"
    assert not ContactPoint.objects.filter(type="email").exists()


def test_a_row_whose_confederation_is_not_ticked_is_shown_again(editor):
    desk = Desk(editor, "name,confederation\nTop,\nMember,Top\n").preview()
    assert desk.line("Member").outcome == "new"

    desk.confirm(tick=[str(desk.line("Member").pk)])

    assert not Affiliation.objects.exists()


def test_a_row_whose_confederation_is_left_out_asks_before_anything_is_confirmed(editor):
    text = "name,kind,confederation\nLow,,Mid\nMid,,Top\nTop,Partnership,\nOther,,\n"
    desk = Desk(editor, text).preview()
    assert desk.outcomes == dict.fromkeys(["Low", "Mid", "Top"], "doubtful") | {"Other": "new"}

    desk.say({"answer:kind:Partnership": "federation"})

    assert set(desk.outcomes.values()) == {"new"}
    desk.confirm()
    assert desk.state == "done"
    assert Card.objects.get(name="Low").confederation_name == "Mid"


def test_what_does_not_wait_for_an_answer_is_written_without_it(editor):
    text = "name,kind,confederation\nMid,,Top\nTop,Partnership,\nOther,,\n"
    desk = Desk(editor, text).preview()

    desk.confirm()

    assert desk.state == "done"
    assert [card.name for card in Card.objects.all()] == ["Other"]


def test_a_confederation_may_be_an_earlier_row_of_the_file(editor):
    Desk(editor, "name,confederation\nTop,\nMember,Top\n").preview().confirm()

    assert Card.objects.get(name="Member").confederation_name == "Top"


@pytest.mark.parametrize("called", ["Top", "TP", "Top (TP)"])
def test_the_preview_joins_what_the_confirm_joins_further_down(editor, row_by_row, called):
    text = f"name,acronym,confederation\nMember,,{called}|Nowhere\nTop,TP,\n"

    desk = Desk(editor, text).preview()

    asked = [value for _column, value, _reason in desk.line("Member").asked]
    assert asked == ["Nowhere"]
    desk.say({"answer:confederation:Nowhere": "left_out"})
    assert desk.outcomes == {"Member": "new", "Top": "new"}
    assert called not in desk.line("Member").doubts[0][1]
    desk.confirm()
    assert desk.state == "done"
    assert Card.objects.get(name="Member").confederation_name == "TP"
    assert Desk(editor, text).preview().outcomes == {"Member": "same", "Top": "same"}


def test_a_known_entry_is_shown_to_join_what_stands_further_down(editor, row_by_row, aicco):
    text = "identifier,name,confederation\nit-cf:1,AICCO,Top\nit-cf:2,Top,\n"

    desk = Desk(editor, text).preview()

    assert desk.line("AICCO").cells == [["confederation", "", "Top", "fills_in"]]
    desk.confirm()
    assert desk.state == "done"
    assert Affiliation.objects.get().association == aicco


def test_a_circle_with_what_stands_further_down_is_asked_about(editor, row_by_row):
    desk = Desk(editor, "name,confederation\nA,B\nB,A\n").preview()
    assert desk.outcomes == {"A": "doubtful", "B": "doubtful"}

    desk.say({"answer:confederation:B": "left_out"})

    assert desk.outcomes == {"A": "new", "B": "new"}


def test_an_association_may_be_called_by_a_number(editor):
    desk = Desk(editor, "name,confederation\n1919,\nMember,1919\n").preview()

    desk.confirm()

    assert Card.objects.get(name="Member").confederation_name == "1919"


def test_a_file_that_is_imported_again_changes_nothing(editor):
    text = (
        "identifier,name,country,locality,phone,president\n"
        "it-cf:1,AICCO,IT,Roma,800200111,Leonardo Abbruzzese\n"
    )
    Desk(editor, text).preview(source_date="2024").confirm()
    before = directory()

    desk = Desk(editor, text).preview(source_date="2024")

    assert desk.outcomes == {"AICCO": "same"}
    desk.confirm()
    assert directory() == before


# The next edition of a register.

FIRST = (
    "EIN,NAME,STREET,CITY\n1,Bakers,Main St 1,Juneau\n2,Smiths,Main St 2,Juneau\n"
    "3,Weavers,Main St 3,Juneau\n4,Millers,Main St 4,Juneau\n"
)
SECOND = (
    "EIN,NAME,STREET,CITY\n1,Bakers,Main St 1,Juneau\n2,Smiths,Dock Rd 9,Sitka\n"
    "3,Weavers of Alaska,Main St 3,Juneau\n5,Tanners,Main St 5,Juneau\n"
)
MAPPED = {
    "column_0": "identifier",
    "column_1": "name",
    "column_2": "street_address",
    "column_3": "locality",
    "identifier_scheme": "us-ein",
    "country": "US",
    "source_title": "Register",
}


@pytest.fixture
def second(publisher):
    """The second edition of a register, to be decided."""
    first = Desk(publisher, FIRST).preview(**MAPPED, source_date="2020")
    first.confirm(publishes="yes")
    assert first.state == "done"
    return Desk(publisher, SECOND).preview(**MAPPED, source_date="2026")


def test_the_second_edition_tells_who_is_new_gone_renamed_and_moved(second):
    assert second.outcomes == {
        "Bakers": "confirmed",
        "Smiths": "changed",
        "Weavers of Alaska": "changed",
        "Tanners": "new",
        "Millers": "gone",
    }
    second.job.refresh_from_db()
    assert second.job.report == {"renamed": 1, "moved": 1}


def test_the_old_name_and_the_old_address_are_past_and_are_kept(second):
    second.confirm()

    weavers = Association.objects.get(identifiers__value="3")
    assert {n.name: n.is_past for n in weavers.names.all()} == {
        "Weavers": True,
        "Weavers of Alaska": False,
    }
    smiths = Association.objects.get(identifiers__value="2")
    assert {a.locality: a.is_past for a in smiths.addresses.all()} == {
        "Juneau": True,
        "Sitka": False,
    }
    assert smiths.card.locality == "Sitka"


def test_who_is_gone_is_not_closed_without_being_asked(second):
    second.confirm()

    assert Association.objects.get(identifiers__value="4").state == "public"


def test_who_is_gone_is_closed_if_that_is_ticked(second):
    gone = second.line("Millers")

    second.confirm(tick=[str(gone.pk)])

    assert Association.objects.get(identifiers__value="4").state == "closed"
    assert second.state == "done"


def test_a_wrong_row_is_not_gone(publisher, second):
    second.confirm()
    text = SECOND.replace("Tanners", "")

    desk = Desk(publisher, text).preview(**MAPPED, source_date="2027")

    assert [name for name, outcome in desk.outcomes.items() if outcome == "gone"] == ["Millers"]


def test_the_older_edition_after_the_newer_one_changes_nothing_back(publisher, second):
    second.confirm()
    before = directory()

    first = Desk(publisher, FIRST).preview(**MAPPED, source_date="2020")
    first.confirm()

    assert set(first.outcomes.values()) == {"same"}
    assert directory() == before


def test_a_name_that_is_taken_up_again_is_the_official_one_again(publisher, second):
    second.confirm()

    Desk(publisher, FIRST).preview(**MAPPED, source_date="2027").confirm()

    assert Card.objects.get(association__identifiers__value="3").name == "Weavers"


def test_another_name_of_before_may_be_the_name_of_now(editor, aicco):
    NameFactory(association=aicco, type="other", name="Assocontact", attested_on="2002")

    desk = Desk(editor, "identifier,name\nit-cf:1,Assocontact\n").preview(source_date="2024")
    desk.confirm()

    assert Card.objects.get().name == "Assocontact"


@pytest.mark.parametrize(
    ("row", "moved"),
    [
        ("010000001,Bakers,Main St 1,Juneau,99801-1234", 0),
        ("010000001,Bakers,Main St 1,West Juneau,99801", 0),
        ("010000001,Bakers,Main St 1,Sitka,99835", 1),
        ("010000001,Bakers,Main St 2,Juneau,99801", 1),
    ],
)
def test_who_only_writes_the_same_address_in_another_way_has_not_moved(editor, row, moved):
    header = "EIN,NAME,STREET,CITY,ZIP\n"
    first = f"{header}010000001,Bakers,Main St 1,Juneau,99801\n"
    Desk(editor, first).preview(country="US", source_date="2020").confirm()

    desk = Desk(editor, f"{header}{row}\n").preview(country="US", source_date="2026")

    desk.job.refresh_from_db()
    assert desk.job.report.get("moved", 0) == moved


def test_an_address_that_somebody_checked_since_is_not_past(publisher, second):
    Address.objects.filter(association__identifiers__value="2").update(checked_on="2026-06-01")

    second.confirm()

    assert not Address.objects.filter(is_past=True).exists()


# What is over.


@pytest.mark.parametrize(
    ("column", "model"), [("phone", ContactPoint), ("president", OfficeHolder)]
)
def test_a_mark_ends_what_is_known_and_deletes_nothing(editor, aicco, column, model):
    desk = Desk(editor, f"identifier,name,{column}\nit-cf:1,AICCO,(none)\n")

    desk.preview(source_date="2024")

    assert [cell[3] for cell in desk.line("AICCO").cells] == ["ends"]
    desk.confirm()
    assert model.objects.get().is_past


def test_a_mark_ends_an_affiliation(editor, aicco):
    AffiliationFactory(association=aicco, attested_on="2002")

    Desk(editor, "identifier,name,confederation\nit-cf:1,AICCO,(none)\n").preview().confirm()

    assert Affiliation.objects.get().is_past


def test_an_empty_cell_leaves_alone(editor, aicco):
    before = directory()

    Desk(editor, "identifier,name,phone,president\nit-cf:1,AICCO,,\n").preview().confirm()

    assert directory() == before


# What is kept of it.


def test_after_the_confirm_only_what_is_to_be_mended_is_kept(editor, aicco):
    text = (
        "identifier,name,email,kind\n"
        "it-cf:1,AICCO,,\n,New,,\n,Club,nonsense,\n,Union,,Partnership\n"
    )
    desk = Desk(editor, text).preview()

    desk.confirm()

    assert {line.told["name"] for line in desk.job.lines.all()} == {"Club", "Union"}
    assert desk.state == "done"
    assert desk.job.report["rows"] == {"same": 1, "new": 1, "wrong": 1, "doubtful": 1}
    cells = [cell.text for cell in desk.page().one("table", "import-counts").all("td")]
    assert cells == ["1", "0", "1", "0", "1", "1", "1", "0"]
    text = editor.get(f"{desk.address}wrong.csv").text
    assert [name for name in ("Club", "Union", "New") if name in text] == ["Club", "Union"]


def test_nothing_is_kept_of_what_was_taken_back(editor):
    desk = Desk(editor, "name,email\nAICCO,\nClub,nonsense\n").preview()
    desk.confirm()

    desk.undo()

    assert not desk.job.lines.exists()


def test_rows_that_nobody_decided_upon_for_long_are_forgotten_and_can_be_read_again(editor):
    desk = Desk(editor, "name\nAICCO\n").preview()
    recent = Desk(editor, "name\nClub\n").preview()
    ImportJob.objects.filter(pk=desk.job.pk).update(beat_at=timezone.now() - 2 * jobs.KEPT)

    Desk(editor, "name\nUnion\n")

    assert not desk.job.lines.exists()
    assert recent.job.lines.exists()
    assert desk.preview().outcomes == {"AICCO": "new"}


# The way back.


def test_an_import_is_taken_back_to_the_last_value(publisher, second):
    before = directory()
    second.confirm(tick=[str(line.pk) for line in second.job.lines.all()], publishes="yes")
    assert directory() != before

    second.undo()

    assert second.state == "undone"
    assert directory() == before


def test_an_import_is_taken_back_once(editor):
    desk = Desk(editor, "name\nAICCO\n").preview()
    desk.confirm()
    desk.undo()
    before = everything()

    desk.undo()

    assert everything() == before


def test_an_import_that_was_built_upon_is_not_taken_back_and_it_is_told_where(editor):
    desk = Desk(editor, "name\nAICCO\n").preview()
    desk.confirm()
    name = Name.objects.get()
    name.name = "AICCO Italia"
    name.save()

    page = read(editor.post(f"{desk.address}undo/", follow=True))

    assert "AICCO Italia" in page.one("p", "errornote").text
    assert desk.state == "done"
    assert Name.objects.exists()


def test_an_import_stands_in_the_history_as_one_act(editor):
    desk = Desk(editor, "name\nAICCO\nClub\n").preview()

    desk.confirm()

    act = Changeset.objects.get()
    assert (act.way, act.user.username, act.comment) == ("import", "Editors", "register.csv")
    desk.job.refresh_from_db()
    assert desk.job.changeset == act


def test_an_import_is_not_taken_back_by_a_link(editor):
    desk = Desk(editor, "name\nAICCO\n").preview()
    desk.confirm()

    response = editor.get(f"{desk.address}undo/")

    assert response.url == desk.address
    assert desk.state == "done"


def test_a_preview_cannot_be_taken_back(editor):
    desk = Desk(editor, "name\nAICCO\n").preview()

    desk.undo()

    assert desk.state == "previewed"


# Several at once.


@pytest.fixture
def several(transactional_db, tmp_path):
    """Each thread has a connection of its own to one database: on SQLite, to a file."""
    if connection.vendor != "sqlite":
        yield
        return
    told, in_memory = connection.settings_dict, connection.connection
    name, file = told["NAME"], str(tmp_path / "directory.sqlite3")
    with closing(sqlite3.connect(file)) as copy:
        in_memory.backup(copy)
    told["NAME"], connection.connection = file, None
    yield
    connection.close()
    told["NAME"], connection.connection = name, in_memory


def at_once(*acts):
    """What these functions return that run at the same time, each in its own thread."""
    start = threading.Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def job_of(text, user):
    """A job that was previewed, of a file with these columns of ours."""
    job = jobs.receive(text.encode(), "register.csv", user)
    jobs.map_columns(job, job.mapping, {})
    jobs.start(job)
    job.refresh_from_db()
    assert job.state == "previewed"
    return job


def confirmed(job, user):
    """Confirm as the page of this job does that somebody has open; whether it was theirs to do."""
    job = ImportJob.objects.get(pk=job.pk)
    if is_mine := jobs.begin_to_confirm(job, False, user):
        jobs.start(job)
    return is_mine


def test_of_two_who_confirm_at_once_one_does(several, admin_user):
    job = job_of("name,country\nAICCO,IT\nClub,IT\n", admin_user)

    done = at_once(lambda: confirmed(job, admin_user), lambda: confirmed(job, admin_user))

    assert sorted(done) == [False, True]
    job.refresh_from_db()
    assert job.state == "done"
    assert Association.objects.count() == 2


def test_two_imports_of_one_file_at_once_make_one_of_each(several, admin_user):
    one, other = (job_of("name,country\nAICCO,IT\nClub,IT\n", admin_user) for _ in range(2))

    at_once(lambda: confirmed(one, admin_user), lambda: confirmed(other, admin_user))

    assert Association.objects.count() == 2
    states = sorted(ImportJob.objects.values_list("state", flat=True))
    assert states == ["done", "previewed"]


def test_who_takes_the_work_of_a_living_process_over_writes_it_no_second_time(several, admin_user):
    job = job_of("name,country\nAICCO,IT\nClub,IT\n", admin_user)
    assert jobs.begin_to_confirm(job, False, admin_user)

    at_once(*[lambda: jobs.start(ImportJob.objects.get(pk=job.pk))] * 3)

    job.refresh_from_db()
    assert job.state == "done"
    assert Association.objects.count() == 2


def test_a_long_file_is_read_and_written_in_the_background(several, admin_user, monkeypatch):
    monkeypatch.setattr(jobs, "AT_ONCE", 0)
    job = jobs.receive(b"name\nAICCO\n", "register.csv", admin_user)
    jobs.map_columns(job, job.mapping, {})

    jobs.start(job)
    wait_for(job, "previewed")
    assert jobs.begin_to_confirm(job, False, admin_user)
    jobs.start(job)
    wait_for(job, "done")

    assert Association.objects.get().slug == "aicco"


def wait_for(job, state):
    for thread in threading.enumerate():
        if thread.name == jobs.THREAD:
            thread.join(20)
    job.refresh_from_db()
    assert job.state == state, job.problem


# Who may do what.


def test_new_entries_of_an_editor_are_drafts(editor):
    Desk(editor, "name\nAICCO\n").preview().confirm()

    assert Association.objects.get().state == "draft"


def test_new_entries_of_a_publisher_are_public_if_wanted(publisher):
    Desk(publisher, "name\nAICCO\n").preview().confirm(publishes="yes")

    assert Association.objects.get().state == "public"


def test_an_editor_is_not_offered_and_cannot_forge_public_entries(editor):
    desk = Desk(editor, "name\nAICCO\n").preview()
    assert not desk.page().all("input", name="publishes")

    assert desk.confirm(publishes="yes").status_code == 403

    assert not Association.objects.exists()
    assert desk.state == "previewed"


def test_an_editor_closes_nobody_by_an_import(second, django_user_model):
    gone = second.line("Millers")
    member_of("Editors", second.browser, django_user_model)

    second.confirm(tick=[str(gone.pk)], shown=[str(gone.pk)])

    assert Association.objects.get(identifiers__value="4").state == "public"


@pytest.mark.parametrize("step", ["", "columns/", "wrong.csv", "undo/"])
def test_who_may_not_import_sees_nothing_of_it(editor, client, django_user_model, step):
    desk = Desk(editor, "name\nAICCO\n").preview()
    client.force_login(django_user_model.objects.create_user("other", is_staff=True))

    assert client.get(f"{desk.address}{step}").status_code == 403
    assert client.post(f"{desk.address}{step}").status_code == 403


@pytest.mark.parametrize("step", ["", "columns/", "wrong.csv", "undo/"])
def test_who_is_not_signed_in_is_asked_to_sign_in(editor, client, step):
    desk = Desk(editor, "name\nAICCO\n").preview()
    client.logout()

    assert client.get(f"{desk.address}{step}").url.startswith("/admin/login/")


@pytest.mark.parametrize(
    "told",
    [
        {"then": "\0"},
        {"then": "page:99999999999999999999"},
        {"then": "tick:nonsense"},
        {"shown": ["x", "99999999999999999999"]},
        {"tick": ["\0", "-1", "99999999999999999999"]},
        {"then": ""},
    ],
)
def test_no_forged_decision_breaks_the_desk(editor, told):
    desk = Desk(editor, "name\nAICCO\n").preview()

    answer = editor.post(desk.address, {"shown": [desk.job.lines.get().pk]} | told, follow=True)

    assert answer.status_code in (200, 400)


@pytest.mark.parametrize("choice", ["x", "99999999999999999999", "0", "²"])
def test_no_forged_choice_breaks_the_desk(editor, same_phone, choice):
    desk = Desk(editor, same_phone).preview()

    answer = desk.send("keep", **{f"choice-{desk.job.lines.get().pk}": choice})

    assert answer.status_code in (302, 400)
    assert Association.objects.count() == 1


def test_a_row_of_another_import_is_not_decided_here(editor):
    other = Desk(editor, "name\nOther\n").preview()
    desk = Desk(editor, "name\nAICCO\n").preview()

    desk.send("keep", shown=[str(other.job.lines.get().pk)], tick=None)

    assert other.job.lines.get().is_ticked


# Where it is found.


def test_the_first_page_tells_of_imports_of_late(editor):
    desk = Desk(editor, "name\nAICCO\n").preview()

    assert desk.address in read(editor.get("/admin/")).links


def test_the_list_of_imports_leads_to_each(editor):
    desk = Desk(editor, "name\nAICCO\n").preview()
    [link] = [
        link for link in read(editor.get(LIST)).links if link.startswith(f"{LIST}{desk.job.pk}/")
    ]

    assert editor.get(link, follow=True).redirect_chain[-1][0] == desk.address


def test_nobody_deletes_what_tells_of_an_import(admin_client):
    desk = Desk(admin_client, "name\nAICCO\n").preview()

    assert admin_client.post(f"{desk.address}delete/", {"post": "yes"}).status_code == 403


# Files of the list.


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
def test_the_list_as_it_is_filtered_is_had_as_a_file(editor, kind):
    AssociationFactory(name="Draft", state="draft")
    AssociationFactory(name="Public")
    page = read(editor.get("/admin/associations/association/?q=draft"))
    [link] = [link for link in page.links if f"export.{kind}" in link]

    answer = editor.get(link)

    content = b"".join(answer.streaming_content)
    table = read_table(content, f"x.{kind}") if kind != "json" else None
    names = (
        [cells[table.header.index("name")] for _line, cells in table.rows]
        if table
        else [row["name"] for row in json.loads(content)]
    )
    assert names == ["Draft"]


def test_who_may_not_see_entries_has_no_file_of_them(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("other", is_staff=True))

    assert client.get("/admin/associations/association/export.csv").status_code == 403


def test_there_is_no_file_of_another_kind(editor):
    assert editor.get("/admin/associations/association/export.exe").status_code == 404


def test_the_file_of_the_list_changes_nothing_when_it_is_imported(editor, aicco):
    answer = editor.get("/admin/associations/association/export.csv")
    before = directory()

    desk = Desk(editor, b"".join(answer.streaming_content)).preview()
    desk.confirm()

    assert desk.outcomes == {"AICCO": "same"}
    assert directory() == before


# Long files.


def test_a_long_file_shows_how_far_it_is(editor, monkeypatch):
    monkeypatch.setattr(jobs, "start", lambda job: None)
    desk = Desk(editor, "name\nAICCO\nClub\n").preview()
    ImportJob.objects.update(done=1, beat_at=timezone.now())

    page = desk.page()

    assert page.one("progress")["value"] == "1"
    assert page.one("progress")["max"] == "2"
    assert page.one("section", id="progress")["hx-get"] == desk.address
    fragment = editor.get(desk.address, headers={"HX-Request": "true"})
    assert "<html" not in fragment.text


def test_a_page_that_waits_is_told_when_it_is_done(editor):
    desk = Desk(editor, "name\nAICCO\n").preview()

    answer = editor.get(desk.address, headers={"HX-Request": "true"})

    assert answer.headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(("minutes", "state"), [(0, "previewing"), (5, "previewed")])
def test_the_work_of_a_process_that_died_is_taken_up_again(editor, minutes, state):
    desk = Desk(editor, "name\nAICCO\n").preview()
    heard_of = timezone.now() - datetime.timedelta(minutes=minutes)
    ImportJob.objects.update(state="previewing", beat_at=heard_of)

    editor.get(desk.address)

    assert desk.state == state
    assert desk.job.lines.count() == 1


def test_a_process_that_was_taken_for_dead_writes_no_more(editor):
    desk = Desk(editor, "name\nAICCO\n").preview()
    ImportJob.objects.update(state="previewing", done=0)
    late = ImportJob.objects.get()
    ImportJob.objects.update(run=late.run + 1)

    jobs.preview(late)

    assert desk.state == "previewing"
    assert not ImportRow.objects.exists()


def test_a_failure_is_told_and_can_be_tried_again(editor, monkeypatch):
    def fail(job):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setitem(jobs.WORK, ImportJob.State.PREVIEWING, fail)
        desk = Desk(editor, "name\nAICCO\n").preview()
    assert desk.state == "failed"
    assert f"{desk.address}columns/" in desk.page().links

    assert desk.preview().state == "previewed"


# Its cost.


def queries_to_judge(number):
    lines = [
        ImportRow(
            line=line,
            told={"name": f"Body {line}", "country": "IT", "phone": f"06 4541 7{line:03}"},
        )
        for line in range(number)
    ]
    with CaptureQueriesContext(connection) as queries:
        jobs.Preview(ImportJob(file_name="register.csv")).judge(lines)
    return len(queries)


def test_twenty_rows_are_judged_by_as_many_queries_as_two(aicco):
    assert queries_to_judge(20) == queries_to_judge(2)
