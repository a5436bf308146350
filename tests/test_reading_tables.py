"""Any file that people keep tables in becomes a header and rows of text."""

import codecs
import csv
import datetime
import gzip
import io
import json
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from associations.importing import UnreadableFile, encodings, read_table, reading


def read(data, name="register.csv"):
    """The table of a file, its rows as a list without the numbers of lines."""
    if isinstance(data, str):
        data = data.encode()
    table = read_table(data, name)
    table.lines, table.rows = zip(*table.rows, strict=True) or ((), ())
    return table


ROWS = [["Nome", "Città"], ["Società Ä", "Forlì"], ["Œuvre – “x”", "Łódź"]]


def text(rows, delimiter=";", end="\r\n"):
    return end.join(delimiter.join(row) for row in rows) + end


# Encodings.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_with_and_without_a_mark(encoding):
    table = read(text(ROWS).encode(encoding))

    assert [table.header, *table.rows] == ROWS
    assert table.encoding == encoding.replace("-sig", "")[:6].rstrip("-")
    assert table.notes == []


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_BE])
def test_the_other_order_of_bytes_is_told_by_its_mark(mark):
    table = read(mark + text(ROWS).encode("utf-16-be"))

    assert [table.header, *table.rows] == ROWS


def test_what_excel_writes_in_europe_is_read_and_told():
    table = read(text(ROWS[:2]).encode("cp1252"))

    assert [table.header, *table.rows] == ROWS[:2]
    assert (table.encoding, table.delimiter) == ("cp1252", ";")
    assert "Windows-1252" in table.notes[0]


WORDS = [
    *("Città", "Società", "Perché", "PERCHÉ", "Però", "Più", "dell’Industria", "“Alfa”"),
    *(
        "Straße",
        "Königsallee",
        "Präsident",
        "ÖKO-Verband",
        "ÄRZTE",
        "GRÜNE",
        "Bürger",
        "Köln – Süd",
    ),
    *("Fédération", "École", "CHÂTEAU", "Français", "Forêt", "Noël", "où", "à", "N° 5"),
]


@given(st.lists(st.sampled_from(WORDS), min_size=1), st.sampled_from(["mac_roman", "cp1252"]))
def test_what_excel_writes_on_windows_and_on_a_mac_is_told_apart(words, encoding):
    rows = [["Nome", "Note"], ["Società", "Perché"], *([word, "x"] for word in words)]

    table = read(text(rows).encode(encoding))

    assert (table.encoding, list(table.rows)) == (encoding, rows[1:])


def test_a_sign_alone_may_tell_the_encoding():
    assert read("Nome;Via\nA;Viale 1° Maggio\n".encode("cp850")).rows == (["A", "Viale 1° Maggio"],)


def test_what_excel_writes_for_dos_is_read_and_told_with_a_word():
    table = read("Nome;Città\r\nFederación für Köln;Forlì\r\n".encode("cp850"))

    assert table.rows == (["Federación für Köln", "Forlì"],)
    assert "MS-DOS" in table.notes[0]
    assert "Città" in table.notes[0]


def test_a_late_letter_decides_the_encoding():
    data = b"nome,citt\n" + b"a,b\n" * 50_000 + "Società,x\n".encode("cp1252")

    assert list(read(data).rows[-1]) == ["Società", "x"]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("Nome,Città\nForlì,è\nx".encode() + b"\xe0,y\n", 3),
        (b"Nome,Citt\xe0\nForl\xec,x\n\ny\x81,z\n", 4),
        (codecs.BOM_UTF8 + b"Nome,x\n\xe0,y\n", 2),
        (text(ROWS).encode("utf-16")[:-1], 3),
    ],
    ids=["utf-8", "cp1252", "marked", "utf-16"],
)
def test_what_is_no_text_is_named_with_its_line(data, line):
    with pytest.raises(UnreadableFile, match=f"{line}: "):
        read(data)


def test_packed_files_are_unpacked():
    table = read(gzip.compress(text(ROWS).encode("utf-16")), "register.csv.gz")

    assert [table.header, *table.rows] == ROWS


def test_a_damaged_packed_file_is_refused():
    with pytest.raises(UnreadableFile):
        read(gzip.compress(text(ROWS * 99).encode())[:-20])


@pytest.mark.parametrize(
    ("wrongly", "meant"),
    [
        ("SocietÃ\u00a0 di cittÃ\u00a0", "Società di città"),
        ("Emetteurs \x96 APETR", "Emetteurs – APETR"),
        ("MÃ\u009cNCHEN", "MÜNCHEN"),
        ("Dell’UniversitÃ ", "Dell’Università"),
        ("Qualit√† e ricerca", "Qualità e ricerca"),
        ("AsociaÈ›ia", "Asociația"),
    ],
)
def test_what_was_read_wrongly_before_is_put_right_and_told(wrongly, meant):
    table = read(f"Nome,Ente\n{wrongly},x\n")

    assert table.rows == ([meant, "x"],)
    assert f"“{meant}" in table.notes[0]


@pytest.mark.parametrize(
    "name", ["VÚŽV", "CAFFÈ®", "CAFFÈ’", "“L’UNITÀ”", "CAFÉ »", "SOCIÉTÉ\u00a0: LIBERTÉ", "√2"]
)
def test_what_only_looks_read_wrongly_stays(name):
    table = read(f"Nome,Ente\n{name},x\n")

    assert table.rows == ([name.replace("\u00a0", " "), "x"],)
    assert not table.notes


@given(
    rows=st.lists(
        st.lists(
            st.text(
                st.characters(codec="cp1252", exclude_categories=["C", "Z"]), min_size=1
            ).filter(lambda text: not reading.MISREAD.search(text)),
            min_size=2,
            max_size=2,
        ),
        min_size=1,
    ),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_a_program_writes_is_what_is_read(rows, delimiter, encoding):
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([["Name", "Telefono"], *([f"a{one}", f"b{other}"] for one, other in rows)])

    table = read(file.getvalue().encode(encoding))

    assert table.header == ["Name", "Telefono"]
    assert list(table.rows) == [[f"a{one}", f"b{other}"] for one, other in rows]


# Delimiters.


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_by_the_rows(delimiter):
    rows = [["Nome", "Note"], ['"a, b; c | d"', "x"], ["e", '"1;2,3"'], ["f", "y"]]

    table = read(text(rows, delimiter))

    assert table.delimiter == delimiter
    assert [list(row) for row in table.rows] == [["a, b; c | d", "x"], ["e", "1;2,3"], ["f", "y"]]


def test_a_blank_may_stand_before_a_quotation_mark():
    assert read('Nome, "Tel"\nA, "06 1, 06 2"\n').rows == (["A", "06 1, 06 2"],)


def test_excel_may_say_what_separates_the_cells():
    table = read("sep=;\r\nNome;Note\r\na,b;c,d\r\n")

    assert (table.header, table.rows, table.lines) == (["Nome", "Note"], (["a,b", "c,d"],), (3,))


def test_a_list_of_names_is_a_table_of_one_column():
    assert read("Nome\nAlfa, Beta e Gamma\nDelta\n").rows == (["Alfa, Beta e Gamma"], ["Delta"])


# Cells.


def test_a_cell_may_have_several_lines():
    table = read('Name;Anschrift\r\nA;"Weg 1\r\n10117 Berlin"\r\nB;"Weg 2\n\n10118 Berlin"\r\n')

    assert table.rows == (["A", "Weg 1\n10117 Berlin"], ["B", "Weg 2\n\n10118 Berlin"])
    assert table.lines == (2, 4)


def test_blanks_around_a_cell_are_none_of_it_and_strange_ones_are_plain():
    table = read("Nome,Tel\n\u00a0 A\u00a0B \u200b, \t1 \n")

    assert table.rows == (["A B", "1"],)


def test_empty_rows_are_none():
    table = read("Nome,Tel\n\n,\n ,  \nA,1\n,,\n")

    assert (table.rows, table.lines) == ((["A", "1"],), (5,))


def test_empty_cells_beyond_the_header_are_none():
    table = read("Nome;Tel;;\r\nA;1;;\r\nB;2;;;;\r\n")

    assert (table.header, table.rows) == (["Nome", "Tel"], (["A", "1"], ["B", "2"]))


@pytest.mark.parametrize("sign", ["=1+1", "+39 06", "-", "@x", "''=x"])
def test_the_apostrophe_before_a_formula_is_none_of_the_cell(sign):
    assert read(f"Nome,Tel\nA,'{sign}\nB,'s\n").rows == (["A", sign], ["B", "'s"])


@pytest.mark.parametrize(
    ("data", "line"),
    [('Nome,x\nA,1\nB,"2\nC,3\n', 3), ('Nome,x\nA,1\nB,"2" 3\n', 3)],
    ids=["never closed", "text behind"],
)
def test_a_wrong_quotation_mark_is_named_with_its_line(data, line):
    with pytest.raises(UnreadableFile, match=f"{line}: "):
        read(data)


# Headers.


def test_a_header_may_have_breaks_and_blanks():
    table = read('"Denominazione \nin italiano"; Tel \nA;1\n')

    assert table.header == ["Denominazione \nin italiano", "Tel"]


def test_years_may_stand_in_a_header():
    table = read(b"Denominazione;2021;2022;Soci (31/12/2023)\nAICCO;1;2;3\n")

    assert table.header == ["Denominazione", "2021", "2022", "Soci (31/12/2023)"]


def test_a_title_above_the_header_is_left_out_and_told():
    table = read("Elenco delle associazioni;;\n;;\nNome;Tel;CAP\nA;1;00187\n")

    assert table.header == ["Nome", "Tel", "CAP"]
    assert "“Elenco delle associazioni”" in table.notes[0]
    assert table.lines == (4,)


@pytest.mark.parametrize(
    "above",
    ["Verband;;;\n", "Elenco;aggiornato al 2024;;\n", "Elenco;;2024;\nPresidente;Mario Rossi;;\n"],
)
def test_the_header_is_the_row_that_names_columns(above):
    table = read(f"{above}Nome;Tel;CAP;Note\nA;1;00187;x\n")

    assert table.header == ["Nome", "Tel", "CAP", "Note"]
    assert table.rows == (["A", "1", "00187", "x"],)


def test_a_header_may_have_two_rows():
    table = read(
        "Nome;Sede legale;;;Presidente;\n;Via;CAP;Città;Nome;Telefono\nA;Via Po 1;1;Roma;B;2\n"
    )

    assert table.header == ["Nome", "Via", "CAP", "Città", "Presidente Nome", "Presidente Telefono"]
    assert table.rows == (["A", "Via Po 1", "1", "Roma", "B", "2"],)


@pytest.mark.parametrize(
    "row",
    [
        "Totale;;25",
        ";Summe:;1.234",
        "Total 25;;",
        "Fonte: sito;;",
        "Stand: 1.1.2024;;",
        "* sciolta;;",
    ],
)
def test_what_stands_below_a_table_is_no_association_and_told(row):
    table = read(f"Nome;Tel;Soci\nA;1;25\n{row}\n")

    assert table.rows == (["A", "1", "25"],)
    assert [note.startswith("Tralasciata la riga 3") for note in table.notes] == [True]


@pytest.mark.parametrize(
    "row", ["Total France;06 1;Paris", "Anzahl;;Roma", "Fonte;;3", "Standard;;"]
)
def test_an_association_may_be_called_nearly_so(row):
    assert read(f"Nome;Tel;Città\n{row}\n").rows == (row.split(";"),)


def test_a_header_that_is_repeated_is_no_association():
    assert read("Nome;Tel\nA;1\nNome;Tel\nB;2\n").rows == (["A", "1"], ["B", "2"])


@pytest.mark.parametrize(
    "data",
    [
        "AICCO,Roma,06 45417542\nAsstel,Roma,06 45417541\n",
        "AICCO;www.aicco.it\n",
        "Alfa\nBeta\n",
        "\n,,\n",
    ],
)
def test_a_file_without_a_header_is_refused(data):
    with pytest.raises(UnreadableFile, match="intestazione"):
        read(data)


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7 ...", b"<html><table><tr><td>Nome</td><td>Tel</td></tr></table>"]
)
def test_what_is_no_table_is_refused(data):
    with pytest.raises(UnreadableFile):
        read(data)


def test_a_table_has_no_thousand_columns():
    with pytest.raises(UnreadableFile, match="201"):
        read("Nome" + ",x" * 200 + "\n")


# Long files.


def test_a_long_file_is_a_stream(tmp_path):
    with (tmp_path / "long.csv").open("wb+") as file:
        file.write(b"Nome,Tel\n" + b"A,1\n" * 200_000)

        table = read_table(file, "long.csv")
        next(table.rows)

        assert file.tell() < 200_000
        assert sum(1 for _row in table.rows) == 199_999
        del table
        assert not file.closed


def test_a_file_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(encodings, "MOST_BYTES", 3 * 2**20)

    with pytest.raises(UnreadableFile, match="3 MB"):
        read(gzip.compress(b"Nome,Tel\n" + b"A,1\n" * 2**20))


# JSON.


def test_our_own_json_is_read_to_the_letter():
    table = read(json.dumps([{"slug": "a", "name": "'=A"}, {"slug": "b", "name": "B "}]), "x.json")

    assert (table.header, table.rows) == (["slug", "name"], (["a", "'=A"], ["b", "B "]))
    assert table.lines == (2, 3)


def test_a_list_of_flat_objects_is_a_table():
    table = read('[{"Nome": " A ", "CAP": 187}, {"Nome": "B", "Tel": null}]')

    assert table.header == ["Nome", "CAP", "Tel"]
    assert table.rows == (["A", "187", ""], ["B", "", ""])


@pytest.mark.parametrize(
    "data", ['{"count": 1}', '[{"name": ["A"]}]', '[{"name": "A"', "[[]]", "[]"]
)
def test_other_json_is_refused(data):
    with pytest.raises(UnreadableFile):
        read(data)


# Workbooks.


def workbook(*sheets):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, tuple):
                        sheet.write_formula(number, column, value[0], None, value[1])
                    elif isinstance(value, datetime.date):
                        day = book.add_format({"num_format": "dd/mm/yyyy"})
                        sheet.write_datetime(number, column, value, day)
                    else:
                        sheet.write(number, column, value)
    return file.getvalue()


def open_document(rows, rows_spanned=1):
    """An ODS file, as small as it can be."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell table:number-rows-spanned="{rows_spanned}"'
            ' office:value-type="string">'
            + "".join(f"<text:p>{line}</text:p>" for line in cell.split("\n"))
            + "</table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    namespaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {namespaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="A">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
        packed.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return file.getvalue()


def test_a_cell_of_a_workbook_is_what_people_read_there():
    rows = [
        ["Nome", "Tel", "Anno", "Data", "Quota", "Attiva"],
        ["Società\nA", "06 1", 1999, datetime.datetime(2002, 3, 1), 0.5, True],
    ]

    table = read(workbook(("A", rows)), "register.xlsx")

    assert table.header == rows[0]
    assert table.rows == (["Società\nA", "06 1", "1999", "2002-03-01", "0.5", "TRUE"],)


def test_a_formula_is_the_value_that_was_stored_beside_it():
    rows = [["Nome", "Tel"], [('=CONCATENATE("A","B")', "stored"), 1]]

    assert read(workbook(("A", rows))).rows == (["stored", "1"],)


def test_rows_of_a_workbook_are_counted_as_it_counts_them():
    table = read(workbook(("A", [[""], ["", ""], ["Nome", "Tel"], [""], ["A", 1]])))

    assert (table.lines, table.rows) == ((5,), (["A", "1"],))


def test_of_several_sheets_the_first_with_a_header_is_read_and_told():
    table = read(
        workbook(("Note", [["Da leggere", 2024]]), ("Elenco", [["Nome", "CAP"], ["A", 1]]))
    )

    assert table.rows == (["A", "1"],)
    assert "“Elenco”" in table.notes[0]
    assert "“Note”" in table.notes[0]


def test_the_sheet_with_the_table_may_have_a_title():
    cover = ["Verzeichnis", "der Verbände"]
    table = read(
        workbook(("Deckblatt", [cover]), ("Liste", [["Stand 2024"], [], ["Name", "PLZ"], ["A", 1]]))
    )

    assert table.rows == (["A", "1"],)


def test_what_is_merged_downwards_is_said_of_each_row():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:B1", "Associazioni")
        for number, row in enumerate((["Nome", "Aderente a"], ["A"], ["B"]), 1):
            sheet.write_row(number, 0, row)
        sheet.merge_range("B3:B4", "Unione")

    assert read(file.getvalue()).rows == (["A", "Unione"], ["B", "Unione"])


def test_an_open_document_is_read():
    table = read(open_document([["Nome", "Indirizzo"], ["A", "Via Roma 1\n00187 Roma"]]))

    assert table.rows == (["A", "Via Roma 1\n00187 Roma"],)


def test_what_is_merged_downwards_in_an_open_document_is_told():
    rows = [["Nome", "Aderente a"], ["A", "Unione"]]

    assert read(open_document(rows)).notes == []
    [note] = read(open_document(rows, rows_spanned=2)).notes
    assert "celle unite" in note


@pytest.mark.parametrize("data", [b"PK\x03\x04 and no more", b"\xd0\xcf\x11\xe0 and no more"])
def test_a_damaged_workbook_is_refused(data):
    with pytest.raises(UnreadableFile, match="danneggiata"):
        read(data)


def test_an_empty_workbook_is_refused():
    with pytest.raises(UnreadableFile, match="nessuna tabella"):
        read(workbook(("A", [])))


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MOST_BYTES_OF_A_WORKBOOK", 1000)

    with pytest.raises(UnreadableFile, match="CSV"):
        read(workbook(("A", [["Nome"]])))
