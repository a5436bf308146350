"""What benchmarks are made of: registers in the columns of the import, questions, results."""

import csv
import io
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from factories import AssociationFactory

from associations.importing import COLUMNS as IMPORTED
from associations.models import Affiliation, Card
from benchmarks import convert, plot, questions, report, scale

ROR = """\
ror_id,name,acronyms,aliases,labels,types,city,region,country_code,established,website,parents
01aaaaa11,National Bakery Institute,NBI | NBK,Bread Institute,Brotinstitut@de,facility | other,\
Roma,Lazio,IT,1961,https://bakery.example,
01bbbbb22,Rye Laboratory,,,,facility,Roma,Lazio,IT,,,National Bakery Institute [01aaaaa11]
"""


@pytest.fixture
def written(tmp_path):
    """A file with this text."""

    def write(text, name="register.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def registers(written):
    path = written(ROR, scale.FILES["ror"].removesuffix(".gz"))
    rows = list(convert.convert("ror", path))
    scale.affiliate(rows, convert.read(path))
    return [rows]


def test_a_converted_register_has_columns_that_the_import_knows():
    assert set(convert.COLUMNS) <= set(IMPORTED)


def test_an_organisation_of_ror_has_its_other_names(written):
    row, _other = convert.convert("ror", written(ROR))

    assert (row["identifier"], row["acronym"]) == ("ror:01aaaaa11", "NBI")
    assert row["other_names"] == "Bread Institute|Brotinstitut|NBK"
    assert (row["founding_date"], row["sector"]) == ("1961", "facility|other")


def test_of_confindustria_come_the_rows_with_a_kind_each_name_once(written):
    text = "sigla,name,kind\nANCE,Edili,Federazione\n,Edili,Associazione\n,Costruttori,\n"

    rows = list(convert.convert("it-confindustria", written(text)))

    assert [(row["acronym"], row["name"]) for row in rows] == [("ANCE", "Edili")]


def test_a_question_expects_the_identifier_of_a_row(written):
    text = "query,expected_name,acronym,kind\nASSITOL,Industria olearia,ASSITOL,acronym\n"
    path = written(text)

    (row,) = convert.convert("it-senate", path)
    (question,) = convert.convert_queries("queries-it-senate", path)

    assert question == {"query": "ASSITOL", "expected": row["identifier"], "kind": "acronym"}


def test_a_question_may_have_several_right_answers(written):
    text = "query,expected_register_numbers,kind\nBDB,R000001|R000002,variant\n"

    (question,) = convert.convert_queries("queries-de", written(text))

    assert question["expected"] == "de-lobbyregister:R000001|de-lobbyregister:R000002"


def test_a_question_without_an_answer_expects_none(written):
    text = "query,expected_ror_ids,answerable\nSmith et al.,01aaaaa11,no_match\n"

    (question,) = convert.convert_queries("queries-ror", written(text))

    assert question["expected"] == ""


def test_a_sample_holds_questions_with_an_answer_and_is_the_same_each_time(written):
    rows = [f"q{n},0{n},{'yes' if n % 2 else 'answer_not_in_corpus'}" for n in range(40)]
    path = written("\n".join(["query,expected_ror_ids,answerable", *rows]))

    first, second = (list(convert.convert_queries("queries-ror-crossref", path, 5)) for _ in "ab")

    assert first == second
    assert len(first) == 5
    assert {question["kind"] for question in first} == {"yes"}


def test_the_rows_of_a_register_come_once_before_they_come_changed(registers):
    first, second, third = (row["name"] for row in scale.scaled(registers, 3))

    assert {first, second} == {"National Bakery Institute", "Rye Laboratory"}
    assert third not in (first, second)


def test_a_changed_row_has_the_words_of_its_register_and_a_number_of_its_own(registers):
    rows = list(scale.scaled(registers, 80))

    used = {word for row in rows for word in row["name"].split()}
    assert used == {"National", "Bakery", "Institute", "Rye", "Laboratory"}
    assert len({row["identifier"] for row in rows}) == 80


def test_few_rows_are_the_first_of_many(registers):
    assert list(scale.scaled(registers, 30))[:7] == list(scale.scaled(registers, 7))


@pytest.mark.django_db
def test_the_import_takes_the_rows(registers, written):
    file = io.StringIO()
    convert.write(scale.scaled(registers, 20), file)
    path = written(file.getvalue(), "rows.csv")

    call_command("import_associations", path, stdout=io.StringIO())

    assert Card.objects.count() == 20
    rows = csv.DictReader(io.StringIO(file.getvalue()))
    assert Affiliation.objects.count() == sum(bool(row["confederation"]) for row in rows) > 0


@pytest.mark.django_db
def test_the_mix_of_questions_is_the_same_each_time_and_asks_nothing_twice():
    for name in ("National Federation of Bakers", "Guild of Northern Millers"):
        AssociationFactory(name=name)

    first, second = (questions.questions(20) for _time in range(2))

    assert first == second
    assert {"name", "misspelt name", "one letter", "nonsense"} <= {kind for kind, _text in first}
    assert len({text for _kind, text in first}) == len(first)


def test_a_goal_is_of_the_size_that_it_names():
    goals = [(100_000, "<=", 60), (1_000_000, "<=", 500)]

    cells = [report.cell(90, "{} ms", goals, {"size": size}) for size in (1000, 100_000, 1_000_000)]

    assert cells == ["90 ms", "**90 ms**", "90 ms"]


def test_a_plot_has_a_line_for_each_label_and_database():
    points = [(1000, 3.5), (1_000_000, 48)]
    lines = {("p95", "SQLite"): points, ("p95", "PostgreSQL"): points, ("a < b", "SQLite"): points}

    svg = ElementTree.fromstring(plot.plot(lines, dashed="PostgreSQL", x="entries", y="ms"))

    drawn = svg.findall("{http://www.w3.org/2000/svg}polyline")
    assert ["stroke-dasharray" in line.attrib for line in drawn] == [False, True, False]
    assert {"1,000,000", "a < b"} <= set(svg.itertext())
