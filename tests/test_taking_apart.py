"""What people write above and into the cells of a table, taken apart where that is certain."""

import pytest
from django.utils import translation

from associations import phones
from associations.importing import COLUMNS, headers, mapping, prepare, read_table
from associations.importing.rows import AssociationRow


def guessed(*header):
    return list(headers.guess(header).values())


def row(defaults=None, **cells):
    """`(columns, notes)` of a row, by the names of its columns (blanks as `_`)."""
    header = [name.replace("_", " ") for name in cells]
    text = ";".join(header) + "\r\n" + ";".join(f'"{cell}"' for cell in cells.values())
    table = read_table(text.encode(), "register.csv")
    [(_line, told, notes)] = prepare(table, mapping(table.header), defaults)
    return told, notes


def told(defaults=None, **cells):
    """The columns of a row of which nothing is to be noted; the name is `A`."""
    columns, notes = row(defaults, Nome="A", **cells)
    assert notes == []
    assert AssociationRow().read(columns)
    columns = {column: text for column, text in columns.items() if text}
    return {column: text for column, text in columns.items() if column not in (defaults or {})} | {
        "name": "A"
    }


def noted(defaults=None, **cells):
    """The columns of a row, and the only thing to be noted of it."""
    columns, [note] = row(defaults, Nome="A", **cells)
    assert AssociationRow().read(columns)
    return columns, note


# Headers.


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Denominazione", "name"),
        ("DENOMINAZIONE DELL'ENTE", "name"),
        ("Ragione sociale", "name"),
        ("Nome o ragione sociale", "name"),
        ("Name des Verbands", "name"),
        ("raison sociale", "name"),
        ("NAME", "name"),
        ("Organisation name", "name"),
        ("Sigla", "acronym"),
        ("Präsident/in bzw. Vorsitz", "president"),
        ("Presidente", "president"),
        ("Président(e)", "president"),
        ("head_name", "president"),
        ("Legale rappresentante", "president"),
        ("head_function", "president_title"),
        ("Dachverbände / Mitgliedschaften", "confederation"),
        ("Confederazione", "confederation"),
        ("federation", "confederation"),
        ("member_of", "confederation"),
        ("Anschrift", "address"),
        ("Indirizzo completo", "address"),
        ("adresse du siège", "address"),
        ("STREET", "street_address"),
        ("Straße, Nr.", "street_address"),
        ("Via e numero civico", "street_address"),
        ("C.A.P.", "postal_code"),
        ("CAP (5 cifre)", "postal_code"),
        ("code postal", "postal_code"),
        ("PLZ", "postal_code"),
        ("ZIP", "postal_code"),
        ("Comune", "locality"),
        ("CITY", "locality"),
        ("Ort", "locality"),
        ("ville", "locality"),
        ("Provincia", "region"),
        ("STATE", "region"),
        ("Land", "country"),
        ("Paese", "country"),
        ("Telefon", "phone"),
        ("Tel.", "phone"),
        ("N° téléphone", "phone"),
        ("Téléphone", "phone"),
        ("Telefax", "fax"),
        ("E-Mail", "email"),
        ("e-mail (PEC)", "pec"),
        ("PEC", "pec"),
        ("courriel", "email"),
        ("Webseite", "website"),
        ("Sito web", "website"),
        ("EIN", "identifier:us-ein"),
        ("Codice fiscale", "identifier:it-cf"),
        ("SIREN", "identifier:fr-siren"),
        ("ICO", "care_of"),
        ("Anno di fondazione", "founding_date"),
        ("Settore", "sector"),
        ("N° tél.", "phone"),
        ("Tel. ufficio", "phone"),
        ("Telefon 2", "phone"),
        ("Fax-Nr.", "fax"),
        ("Tel./Fax", "phone_and_fax"),
        ("Telefon und Fax", "phone_and_fax"),
        ("Work e-mail", "email"),
        ("No SIREN", "identifier:fr-siren"),
        ("Straße / Hausnr.", "street_address"),
        ("PLZ Ort", "town"),
        ("PLZ / Ort", "town"),
        ("C.A.P. e città", "town"),
        ("City, State, ZIP", "town"),
        ("Via e n.", "street_address"),
        ("Member", "name"),
        ("Member of", "confederation"),
        ("Fondata il", "founding_date"),
        ("1. Vorsitzende(r)", "president"),
        ("Geschäftsführer/in", "officers:managing_director"),
        ("Segretario generale", "officers:secretary_general"),
        ("Cognome presidente", "president_family_name"),
        ("Last name of the president", "president_family_name"),
        ("Vorname (Vorsitz)", "president_given_name"),
        ("Prénom du dirigeant", "president_given_name"),
        ("Cognome", None),
        ("Name Obmann", None),
        ("Cellulare presidente", None),
        ("Association no.", None),
        ("Mitgliedsnummer", None),
        ("Umsatz", None),
        ("", None),
    ],
)
def test_what_a_column_holds_is_told_by_its_header(header, field):
    assert guessed(header) == [field]


@pytest.mark.parametrize("column", COLUMNS)
def test_our_own_columns_mean_themselves(column):
    assert guessed(column.upper()) == [column]


def test_breaks_and_blanks_in_a_header_do_not_matter():
    assert guessed(" Denominazione \n (in italiano)", "Codice\navviamento postale") == [
        "name",
        "postal_code",
    ]


def test_of_two_columns_that_mean_the_same_the_first_does():
    assert guessed("Nome", "Denominazione", "Telefono", "Cellulare") == [
        *("name", None),
        *("phone", "phone"),
    ]


@pytest.mark.parametrize(
    ("header", "country"),
    [
        (["Denominazione", "C.A.P.", "Comune"], "IT"),
        (["Name", "PEC", "Phone"], "IT"),
        (["Ente", "Codice fiscale"], "IT"),
        (["EIN", "NAME", "ZIP"], "US"),
        (["Nom", "SIREN"], "FR"),
        (["Nom", "SIREN", "PEC"], ""),
        (["Name", "LEI"], ""),
        (["Verband", "PLZ", "Ort"], ""),
        (["name", "country", "pec"], ""),
    ],
)
def test_columns_that_lists_of_one_country_have_tell_the_country(header, country):
    assert headers.country(header) == country


# Addresses.


@pytest.mark.parametrize(
    ("country", "address", "parts"),
    [
        (
            "DE",
            "Prinz-Georg-Straße 106\n40479 Düsseldorf",
            ["Prinz-Georg-Straße 106", "40479", "Düsseldorf"],
        ),
        (
            "DE",
            "c/o Andreas Keck\nKarlstr.  20\n33602 Bielefeld",
            ["c/o Andreas Keck, Karlstr. 20", "33602", "Bielefeld"],
        ),
        ("DE", "Haus 2\nWeg 4\nD-95100 Selb", ["Haus 2, Weg 4", "95100", "Selb"]),
        ("DE", "Postfach 260104\n40094 Düsseldorf", ["Postfach 260104", "40094", "Düsseldorf"]),
        ("DE", "Weg 1, 60329 Frankfurt am Main", ["Weg 1", "60329", "Frankfurt am Main"]),
        ("FR", "13 rue Auber\n75009 Paris", ["13 rue Auber", "75009", "Paris"]),
        ("FR", "30 RUE DES EPINETTES - 75017 PARIS", ["30 RUE DES EPINETTES", "75017", "PARIS"]),
        (
            "FR",
            "SILIC\r\n10 RUE D ARCUEIL\r\n94528 RUNGIS CEDEX 1",
            ["SILIC, 10 RUE D ARCUEIL", "94528", "RUNGIS CEDEX 1"],
        ),
        ("IT", "Via Nazionale 243\n00184 Roma (RM)", ["Via Nazionale 243", "00184", "Roma", "RM"]),
        (
            "IT",
            "Viale dell'Astronomia, 30 - 00144 Roma RM",
            ["Viale dell'Astronomia, 30", "00144", "Roma", "RM"],
        ),
        ("IT", "Corso Venezia, 47, 20121 Milano", ["Corso Venezia, 47", "20121", "Milano"]),
        ("US", "PO BOX 1229\nSitka, AK 99835-1229", ["PO BOX 1229", "99835-1229", "Sitka", "AK"]),
        (
            "US",
            "400 Main St, Suite 4, Boise, ID 83702",
            ["400 Main St, Suite 4", "83702", "Boise", "ID"],
        ),
        ("GB", "1 Principal Place\nLondon EC2A 2FA", ["1 Principal Place", "EC2A 2FA", "London"]),
        (
            "CH",
            "Rebhaldenstrasse 2\nCH-8910 Affoltern am Albis",
            ["Rebhaldenstrasse 2", "8910", "Affoltern am Albis"],
        ),
        (
            "FR",
            "33 rue X, BP 12, 75755 Paris Cedex 15",
            ["33 rue X, BP 12", "75755", "Paris Cedex 15"],
        ),
        ("IT", "Via Roma 12, I-00184 Roma", ["Via Roma 12", "00184", "Roma"]),
        ("IT", "Via Roma 12 00184 Roma RM Italia", ["Via Roma 12", "00184", "Roma", "RM"]),
        ("IT", "00184 Roma, Via Roma 12", ["Via Roma 12", "00184", "Roma"]),
        ("DE", "Weg 1 / 10117 Berlin", ["Weg 1", "10117", "Berlin"]),
        ("US", "1 Main St\nAnchorage, Alaska 99501", ["1 Main St", "99501", "Anchorage", "AK"]),
        ("US", "PO BOX 16803\nJACKSON MS 39236", ["PO BOX 16803", "39236", "JACKSON", "MS"]),
        ("US", "1 Main St, Hartford, Conn. 06101", ["1 Main St", "06101", "Hartford", "CT"]),
        ("US", "1 Main St, Washington, D.C. 20001", ["1 Main St", "20001", "Washington", "DC"]),
        ("US", "1 Main St\nAnchorage, AK, 99501", ["1 Main St", "99501", "Anchorage", "AK"]),
        (
            "NL",
            "Oosterdokskade 163\n1011 DL Amsterdam",
            ["Oosterdokskade 163", "1011 DL", "Amsterdam"],
        ),
    ],
)
def test_an_address_is_taken_apart_in_the_manner_of_its_country(country, address, parts):
    names = ("street_address", "postal_code", "locality", "region")

    columns = told({"country": country}, Anschrift=address)

    assert columns == {"name": "A"} | dict(zip(names, parts, strict=False))


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        (
            "Rue Belliard 40, boite 17\nBrussels\nBelgien",
            ["Rue Belliard 40, boite 17", "", "Brussels", "BE"],
        ),
        (
            "Dreve du Pressoir 38\n1190\nForest\nBelgien",
            ["Dreve du Pressoir 38", "1190", "Forest", "BE"],
        ),
        ("Weg 5\n8280 Kreuzlingen\nKreuzlingen\nSchweiz", ["Weg 5", "8280", "Kreuzlingen", "CH"]),
        (
            "870 winter st.\nWaltham, MA\nVereinigte Staaten",
            ["870 winter st.", "", "Waltham", "US"],
        ),
        (
            "10 Stratton Street\nLondon W1J 8LG, United Kingdom",
            ["10 Stratton Street", "W1J 8LG", "London", "GB"],
        ),
        ("Via Morandi, 9\n20127 Milano\nItalien", ["Via Morandi, 9", "20127", "Milano", "IT"]),
        ("Hauptstrasse 1\n8000 Zürich\nSchweiz", ["Hauptstrasse 1", "8000", "Zürich", "CH"]),
        (
            "Marszałkowska 1\n00-590 Warszawa\nPolska",
            ["Marszałkowska 1", "00-590", "Warszawa", "PL"],
        ),
        ("Weg 1\nA-1010 Wien", ["Weg 1", "1010", "Wien", "AT"]),
        ("Rue Belliard 40, B-1040 Brüssel", ["Rue Belliard 40", "1040", "Brüssel", "BE"]),
    ],
)
def test_an_address_may_name_another_country(address, parts):
    columns, notes = row({"country": "DE"}, Name="A", Anschrift=address)

    names = ("street_address", "postal_code", "locality", "country")
    assert [columns.get(name, "") for name in names] == parts
    assert notes == []


@pytest.mark.parametrize(
    ("country", "address"),
    [
        ("DE", "Rue Belliard 40\nBrussels"),
        ("IT", "Via Roma 12"),
        ("IT", "Via Roma 12 interno 00184"),
        ("US", "400 Main St Boise ID 83702"),
        ("US", "400 Main St, Springfield, Umbria 83702"),
        ("DE", "10117 Berlin, Am Ufer"),
        ("IT", "Via Po 3\n00184 Roma\nUfficio: Via Blu 4\n20121 Milano"),
        ("", "Via Nazionale 243\n00184 Roma"),
    ],
)
def test_what_is_not_certain_is_kept_whole_and_told(country, address):
    columns, note = noted({"country": country}, Indirizzo=address)

    assert columns["street_address"] == address.replace("\n", ", ")
    assert "locality" not in columns
    assert note.field == "address"


@pytest.mark.parametrize(
    ("name", "address", "street"),
    [
        ("A.I.2.P", "A I 2 P\n227, Boulevard", "227, Boulevard"),
        (
            "CHAMBRE COMMERCE & INDUSTRIE HTE SAVOIE",
            "CHAMBRE COMMERCE & INDUSTRIE HTE SAVOI\n5 RUE",
            "5 RUE",
        ),
        (
            "Hauptverband der Deutschen Bauindustrie e.V.",
            "Hauptverband der\nDeutschen Bauindustrie e.V.\nWeg 1",
            "Weg 1",
        ),
        ("FEDERATION NATIONALE DU BOIS", "FEDERAT NAL BOIS\n6 RUE", "6 RUE"),
        ("Verband Papier (VPA) e.V.", "VPA e.V.\nWeg 1", "Weg 1"),
        ("Verband Papier Allgäu", "Villa Papier\nWeg 1", "Villa Papier, Weg 1"),
        ("Verband der Ärzte", "Haus der Ärzte\nWeg 1", "Haus der Ärzte, Weg 1"),
    ],
)
def test_the_name_above_an_address_is_none_of_the_street(name, address, street):
    columns, _notes = row(
        {"country": "FR"}, Nom=name, Adresse=address, Code_postal="75007", Ville="PARIS"
    )

    assert columns["street_address"] == street


@pytest.mark.parametrize(
    ("country", "cell", "town"),
    [
        ("DE", "10117 Berlin", ["10117", "Berlin"]),
        ("DE", "D-10117 Berlin", ["10117", "Berlin"]),
        ("IT", "00184 Roma (RM)", ["00184", "Roma", "RM"]),
        ("IT", "Roma - 00184", ["00184", "Roma"]),
        ("FR", "75008 Paris Cedex 08", ["75008", "Paris Cedex 08"]),
        ("US", "Anchorage, AK 99501", ["99501", "Anchorage", "AK"]),
    ],
)
def test_a_postal_code_and_the_city_may_stand_in_a_column(country, cell, town):
    columns = told({"country": country}, Via="Weg 1", CAP_Città=cell)

    parts = ("postal_code", "locality", "region")
    assert columns == {"name": "A", "street_address": "Weg 1"} | dict(
        zip(parts, town, strict=False)
    )


def test_a_city_that_is_not_certain_is_kept_whole_and_told():
    columns, note = noted({"country": "IT"}, CAP_Città="Roma EUR 5 bis")

    assert columns["locality"] == "Roma EUR 5 bis"
    assert note.field == "town"


def test_what_other_columns_tell_is_not_told_twice():
    columns = told(
        {"country": "FR"}, Adresse="13 rue Auber\n75009 Paris", CP="75009", Ville="PARIS"
    )

    assert columns["street_address"] == "13 rue Auber"
    assert (columns["postal_code"], columns["locality"]) == ("75009", "PARIS")


def test_a_street_may_be_in_several_columns():
    columns = told(
        {"country": "DE"},
        **{"Straße": "Weg", "Hausnummer": "4a", "Adresszusatz": "c/o B", "Postfach": "12 03 38"},
    )

    assert columns["street_address"] == "c/o B, Postfach 12 03 38, Weg 4a"


@pytest.mark.parametrize("text", ["Italia", "ITALY", "Italien", "Italie", "it", "IT"])
def test_a_country_is_called_in_any_language(text):
    columns = told(Paese=text)

    assert columns["country"].upper() == "IT"


# Persons.


@pytest.mark.parametrize(
    ("cell", "prefix", "name", "role", "title"),
    [
        ("Leonardo Abbruzzese, Presidente", "", "Leonardo Abbruzzese", "president", ""),
        ("Leonardo Abbruzzese (Presidente)", "", "Leonardo Abbruzzese", "president", ""),
        ("Leonardo Abbruzzese - Presidente", "", "Leonardo Abbruzzese", "president", ""),
        ("Presidente: On. Leonardo Abbruzzese", "On.", "Leonardo Abbruzzese", "president", ""),
        ("Cav. Lav. Mario Rossi", "Cav. Lav.", "Mario Rossi", "", ""),
        (
            "Dott.ssa Anna Verdi\nSegretaria generale",
            "Dott.ssa",
            "Anna Verdi",
            "secretary_general",
            "",
        ),
        ("Prof. Dr. med. Anna Blau, Präsidentin", "Prof. Dr. med.", "Anna Blau", "president", ""),
        ("Dipl.-Ing, Martin Blau, Vorsitzender", "Dipl.-Ing", "Martin Blau", "chair", ""),
        (
            "Dr. med. (I) Klaus Blau, 1. Vorsitzender",
            "Dr. med. (I)",
            "Klaus Blau",
            "chair",
            "1. Vorsitzender",
        ),
        (
            "Karl Blau Dipl. Verw. Wirt, Vorstand",
            "",
            "Karl Blau Dipl. Verw. Wirt",
            "board_member",
            "Vorstand",
        ),
        (
            "Uwe Blau, Präsident (1. Vorsitzender)",
            "",
            "Uwe Blau",
            "president",
            "Präsident (1. Vorsitzender)",
        ),
        (
            "Dr. Jan Blau, 1. Vorsitzender; BGB-Vorstand",
            "Dr.",
            "Jan Blau",
            "chair",
            "1. Vorsitzender; BGB-Vorstand",
        ),
        ("Bernd Blau, Vizepräsident", "", "Bernd Blau", "vice_president", ""),
        (
            "Jan Blau, zweiter Vorsitzender",
            "",
            "Jan Blau",
            "vice_president",
            "zweiter Vorsitzender",
        ),
        ("Thomas Meister, Präsident", "", "Thomas Meister", "president", ""),
        ("Phil Collins", "", "Phil Collins", "", ""),
        (
            "Mme Anne BLEU, Présidente d'honneur",
            "Mme",
            "Anne BLEU",
            "honorary_president",
            "Présidente d'honneur",
        ),
        ("Anne BLEU (PDG)", "", "Anne BLEU", "president", "PDG"),
        ("Jane Blue, President and CEO", "", "Jane Blue", "president", "President and CEO"),
        ("Jane Blue, Past President", "", "Jane Blue", "other", "Past President"),
        ("Dipl.-Ing. (FH) Eva Grün (Präsidentin)", "Dipl.-Ing. (FH)", "Eva Grün", "president", ""),
        ("Präsident (m/w): Eva Grün", "", "Eva Grün", "president", "Präsident (m/w)"),
        ("Ugo Neri (pro tempore)", "", "Ugo Neri", "", "pro tempore"),
        ("RA Eva Grün, Vorsitzende", "RA", "Eva Grün", "chair", ""),
        ("Rechtsanwältin Eva Grün", "Rechtsanwältin", "Eva Grün", "", ""),
    ],
)
def test_a_person_and_the_office_are_taken_apart(cell, prefix, name, role, title):
    columns = told(Presidente=cell)

    assert [columns.get(f"president{part}", "") for part in ("_prefix", "", "_role", "_title")] == [
        prefix,
        name,
        role,
        title,
    ]


@pytest.mark.parametrize(
    ("cell", "title", "since"),
    [
        ("Ugo Neri (dal 2019)", "", "2019"),
        ("Ugo Neri, Presidente dal 1.3.2019", "", "2019-03-01"),
        ("Ugo Neri (Presidente dal 15 marzo 2019)", "", "2019-03-15"),
        ("Ugo Neri, 1. Vorsitzender seit März 2019", "1. Vorsitzender", "2019-03"),
    ],
)
def test_since_when_somebody_presides_may_stand_with_the_name(cell, title, since):
    columns = told(Presidente=cell)

    assert (columns["president"], columns["president_since"]) == ("Ugo Neri", since)
    assert columns.get("president_title", "") == title


@pytest.mark.parametrize(
    "cell",
    [
        *("Rossi, Mario", "Mario Rossi, Anna Verdi", "Anna Verdi: Bianchi"),
        *("Mario Rossi e Anna Verdi", "Mario Rossi / Anna Verdi"),
        *("Eva Grün - Rechtsanwältin", "CEO Eva Grün", "Dipl.-Ing, Eva Grün (Vorsitzende)"),
    ],
)
def test_a_person_who_is_not_certain_is_kept_whole_and_told(cell):
    columns, note = noted(Presidente=cell)

    assert columns["president"] == cell
    assert note.field == "president"
    assert f"“{cell}”" in note.text


@pytest.mark.parametrize(
    "cells",
    [
        {"Cognome presidente": "Neri", "Nome presidente": "Ugo"},
        {"Vorname (Vorsitz)": "Ugo", "Nachname (Vorsitz)": "Neri"},
        {"Nom du dirigeant": "Neri", "Prénom du dirigeant": "Ugo"},
    ],
)
def test_the_name_of_a_president_may_stand_in_two_columns(cells):
    assert told(**cells)["president"] == "Ugo Neri"


def test_a_noble_name_is_of_one_person():
    assert told(Präsident="Karl von und zu Blau")["president"] == "Karl von und zu Blau"


def test_a_french_m_is_none_of_the_name():
    assert told({"country": "FR"}, Dirigeant="M Jean BLEU")["president_prefix"] == "M"
    assert told({"country": "US"}, President="M. Night Blue")["president"] == "M. Night Blue"


@pytest.mark.parametrize(("since", "title"), [("2019", ""), ("2018", "Presidente dal 2019")])
def test_since_when_is_told_once_where_two_cells_say_the_same(since, title):
    columns = told(Presidente="Ugo Neri, Presidente dal 2019", In_carica_dal=since)

    assert (columns["president_since"], columns.get("president_title", "")) == (since, title)


def test_a_column_may_be_that_of_an_office():
    columns = told(Presidente="Anna Blu", Segretario_generale="Dott. Ugo Neri", Vorstand="Eva Grün")

    assert columns["president"] == "Anna Blu"
    assert columns["officers"] == "Ugo Neri; secretary_general; ; Dott.|Eva Grün"


def test_of_several_persons_the_head_is_the_president():
    columns = told(
        {"country": "FR"},
        President="Jean BLEU",
        Fonction="Président",
        All_heads="M Jean BLEU (Président) | MME Anne VERT (Déléguée Générale)",
    )

    assert columns == {
        "name": "A",
        "president": "Jean BLEU",
        "president_prefix": "M",
        "president_role": "president",
        "officers": "Anne VERT; other; Déléguée Générale; MME",
    }


# Numbers.


@pytest.mark.parametrize(
    ("country", "cell", "numbers"),
    [
        ("FR", "0153631480", ["+33153631480"]),
        ("FR", "01 45 60 25 00", ["+33145602500"]),
        ("FR", "0 1 80 48 90 68", ["+33180489068"]),
        ("FR", "+33(0)158404142", ["+33158404142"]),
        ("FR", "(0) 1.53.63.14.80", ["+33153631480"]),
        ("FR", "+33 (0)1 53-63-14-80", ["+33153631480"]),
        ("DE", "+4971919669756", ["+4971919669756"]),
        ("DE", "0211/445322", ["+49211445322"]),
        ("DE", "030 / 20 18 83 77", ["+493020188377"]),
        ("IT", "06 45417542 / 06 45417543", ["+390645417542", "+390645417543"]),
        ("IT", "06.45417542; 800 200111", ["+390645417542", "+39800200111"]),
        ("IT", "06 45417542\n347 1234567", ["+390645417542", "+393471234567"]),
        ("IT", "Tel. 06 45417542", ["+390645417542"]),
        ("IT", "06 45417542 o 848 690606", ["+390645417542", "+39848690606"]),
        ("US", "(907) 555-0142", ["+19075550142"]),
        ("IT", "06/45417542 - 06/45417543", ["+390645417542", "+390645417543"]),
        ("IT", "06.45417542-06.45417543", ["+390645417542", "+390645417543"]),
        ("IT", "cell. 348/1234567", ["+393481234567"]),
        ("DE", "030 12345 - 0", ["+4930123450"]),
        ("DE", "0171/1234567 (mobil)", ["+491711234567"]),
    ],
)
def test_numbers_are_read_as_they_are_written(country, cell, numbers):
    columns = told({"country": country}, Telefono=cell)

    assert [phones.parse(text, country).e164 for text in columns["phone"].split("|")] == numbers


@pytest.mark.parametrize(
    ("cell", "phone", "fax"),
    [
        ("Tel. 06 45417542 - Fax: 06 45417543", "06 45417542", "06 45417543"),
        ("T 06 45417542 F 06 45417543", "06 45417542", "06 45417543"),
        ("T: 06 45417542 | F: 06 45417543", "06 45417542", "06 45417543"),
        ("06 45417542 (tel.), 06 45417543 (fax)", "06 45417542", "06 45417543"),
        (
            "Tel. 06 45417542 Fax 06 45417543 Cell. 348 1234567",
            "06 45417542|348 1234567",
            "06 45417543",
        ),
        ("Tel./Fax 06 45417542", "06 45417542", "06 45417542"),
        ("Tel. e Fax: 06 45417542", "06 45417542", "06 45417542"),
        ("Tel.: - / Fax: 06 45417542", "", "06 45417542"),
    ],
)
def test_a_label_tells_what_a_number_is(cell, phone, fax):
    columns = told({"country": "IT"}, Recapiti_telefonici=cell)

    assert (columns.get("phone", ""), columns["fax"]) == (phone, fax)


def test_of_two_numbers_below_telephone_and_fax_the_second_is_the_fax_and_told():
    columns, note = noted({"country": "IT"}, **{"Tel./Fax": "06 45417542 / 06 45417543"})

    assert (columns["phone"], columns["fax"]) == ("06 45417542", "06 45417543")
    assert note.field == "phone_and_fax"


def test_a_number_below_telephone_and_fax_is_the_telephone():
    assert told({"country": "IT"}, **{"Tel./Fax": "06 45417542"})["phone"] == "06 45417542"


def test_a_number_that_cannot_be_dialled_is_told_and_kept():
    columns, note = noted(Telefono="+39 06 4541 7542 999 888 777")

    assert columns["phone"] == "+39 06 4541 7542 999 888 777"
    assert note.field == "phone"


@pytest.mark.parametrize(
    ("country", "cell", "numbers"),
    [
        ("IT", "06 45417542/43", "06 45417542|06 45417543"),
        ("DE", "030 12345-0 / -10", "030 12345-0|030 12345-10"),
        ("DE", "030 123456 u. 123457", "030 123456|030 123457"),
        ("US", "(907) 555-0142 / 555-0143", "(907) 555-0142|(907) 555-0143"),
    ],
)
def test_an_ending_stands_for_a_number_of_its_own_and_is_told(country, cell, numbers):
    columns, note = noted({"country": country}, Telefono=cell)

    assert columns["phone"] == numbers
    assert numbers.rpartition("|")[2] in note.text


@pytest.mark.parametrize("language", ["it", "en"])
def test_what_is_told_is_told_in_the_language_of_whoever_asks(language):
    with translation.override(language):
        _columns, notes = row({"country": "IT"}, Nome="A", Tel="645417542", Fondazione="43466")

    assert [" è " in note.text for note in notes] == [language == "it"] * 2


def test_an_extension_may_be_that_of_the_fax():
    columns, _note = noted({"country": "DE"}, Telefon="030 12345-0, Fax -10")

    assert (columns["phone"], columns["fax"]) == ("030 12345-0", "030 12345-10")


# Dates.


@pytest.mark.parametrize(
    ("country", "cell", "date"),
    [
        ("IT", "2019-03", "2019-03"),
        ("IT", "1/2/2019", "2019-02-01"),
        ("US", "1/2/2019", "2019-01-02"),
        ("DE", "12/31/2019", "2019-12-31"),
        ("DE", "1. 2. 2019", "2019-02-01"),
        ("IT", "gennaio 2019", "2019-01"),
        ("DE", "3. Okt. 1990", "1990-10-03"),
        ("FR", "1er décembre 1999", "1999-12-01"),
        ("US", "March 1, 2019", "2019-03-01"),
        ("US", "201706", "2017-06"),
        ("IT", "2019-01-15 00:00:00", "2019-01-15"),
        ("IT", "fondata nel 1945", "1945"),
        ("IT", "1945.0", "1945"),
    ],
)
def test_a_date_is_read_as_it_is_written(country, cell, date):
    assert told({"country": country}, Fondazione=cell)["founding_date"] == date


def test_a_day_that_excel_counts_is_read_and_told():
    columns, note = noted(Fondazione="43466")

    assert columns["founding_date"] == "2019-01-01"
    assert "43466" in note.text


@pytest.mark.parametrize("cell", ["1.1.98", "1950 ca.", "31.2.2019", "Prato 2019"])
def test_a_date_that_is_not_certain_is_told_as_wrong(cell):
    columns, _notes = row(Nome="A", Fondazione=cell)

    assert columns["founding_date"] == cell
    assert not AssociationRow().read(columns)


# What Excel lost.


@pytest.mark.parametrize(
    ("country", "column", "cell", "field", "whole"),
    [
        ("IT", "CAP", "187", "postal_code", "00187"),
        ("DE", "PLZ", "1067", "postal_code", "01067"),
        ("FR", "Code postal", "6000", "postal_code", "06000"),
        ("US", "ZIP", "6510", "postal_code", "06510"),
        ("US", "EIN", "10873044", "identifier", "us-ein:010873044"),
        ("IT", "Partita IVA", "2438750586", "identifier", "it-piva:02438750586"),
        ("FR", "SIRET", "5480119400017", "identifier", "fr-siret:05480119400017"),
        ("IT", "Telefono", "645417542", "phone", "0645417542"),
        ("FR", "Telephone", "153631480", "phone", "0153631480"),
        ("FR", "Telephone", "1 53 63 14 80", "phone", "01 53 63 14 80"),
    ],
)
def test_lost_zeros_are_put_back_where_only_one_number_can_be_meant(
    country, column, cell, field, whole
):
    columns, note = noted({"country": country}, **{column: cell})

    assert columns[field] == whole
    assert cell in note.text
    assert whole.rpartition(":")[2] in note.text


@pytest.mark.parametrize(
    ("country", "column", "cell", "field", "same"),
    [
        ("AT", "PLZ", "1010", "postal_code", "1010"),
        ("IT", "CAP", "00187", "postal_code", "00187"),
        ("US", "ZIP", "99835-1229", "postal_code", "99835-1229"),
        ("GB", "Postcode", "E1 6AN", "postal_code", "E1 6AN"),
        ("IT", "Telefono", "800200111", "phone", "800200111"),
        ("IT", "Telefono", "3471234567", "phone", "3471234567"),
        ("DE", "Telefon", "030201883", "phone", "030201883"),
    ],
)
def test_what_has_lost_nothing_is_left_alone(country, column, cell, field, same):
    assert told({"country": country}, **{column: cell})[field] == same


@pytest.mark.parametrize(
    ("country", "column", "cell"),
    [("IT", "CAP", "7"), ("IT", "Partita IVA", "2438750587"), ("IT", "Telefono", "12")],
)
def test_what_may_have_lost_something_is_told(country, column, cell):
    columns, _note = noted({"country": country}, **{column: cell})

    assert any(text.endswith(cell) for text in columns.values())


# Several in a cell.


@pytest.mark.parametrize(
    ("cell", "parents"),
    [
        ("BDI e.V.; vbw - Bayern", "BDI e.V.|vbw - Bayern"),
        ("BDI e.V.\nvbw; Bayern", "BDI e.V.|vbw; Bayern"),
        ("LES UNS | LES  AUTRES", "LES UNS|LES AUTRES"),
        ("dena | Plattform; AGFW", "dena \\| Plattform|AGFW"),
        ("APELL (Association; Europe); OSBA", "APELL (Association; Europe)|OSBA"),
        ("Confindustria", "Confindustria"),
    ],
)
def test_a_cell_lists_several_confederations(cell, parents):
    assert told(Mitgliedschaften=cell)["confederation"] == parents


def test_two_columns_of_confederations_are_one_list():
    assert told(Federazione="ANIE", Confederazione="Confindustria")["confederation"] == (
        "ANIE|Confindustria"
    )


@pytest.mark.parametrize(
    ("cell", "sites"),
    [
        ("www.example.org", "https://www.example.org"),
        ("http:/www.example.org/a", "http://www.example.org/a"),
        ("example.org; http://example.com", "https://example.org|http://example.com"),
    ],
)
def test_a_website_is_a_whole_address(cell, sites):
    assert told(Sito=cell)["website"] == sites


def test_mail_addresses_stand_in_any_writing():
    columns = told(Mail="mailto:a@example.org, <b@example.org>", PEC="c@example.org")

    assert (columns["email"], columns["pec"]) == ("a@example.org|b@example.org", "c@example.org")


@pytest.mark.parametrize(
    ("cell", "email", "pec"),
    [
        (
            "Ugo Neri <a@example.org>; Dott.ssa Blu <b@example.org>",
            "a@example.org|b@example.org",
            "",
        ),
        ("a@example.org/b@example.org", "a@example.org|b@example.org", ""),
        ("a (at) example.org", "a@example.org", ""),
        ("a@example.org - PEC: b@example.org", "a@example.org", "b@example.org"),
    ],
)
def test_several_mail_addresses_stand_in_a_cell(cell, email, pec):
    columns = told(Mail=cell)

    assert (columns["email"], columns.get("pec", "")) == (email, pec)


@pytest.mark.parametrize(
    ("column", "cell", "identifier"),
    [
        ("EIN", "01-0873044", "us-ein:010873044"),
        ("SIREN", "413 728 676", "fr-siren:413728676"),
        ("P.IVA", "IT 02438750586", "it-piva:02438750586"),
        ("Codice fiscale", "RSSMRA80A01H501U", "it-cf:RSSMRA80A01H501U"),
        ("LEI", "5493 0084", "lei:5493 0084"),
    ],
)
def test_a_number_of_a_register_is_the_same_in_any_writing(column, cell, identifier):
    assert told(**{column: cell})["identifier"] == identifier


def test_a_whole_number_has_no_decimals():
    columns, _notes = row(
        {"country": "IT"}, Nome="A", CAP="187.0", Tel="645417542,0", Sito="1.0.it"
    )

    assert (columns["postal_code"], columns["phone"]) == ("00187", "0645417542")
    assert columns["website"] == "https://1.0.it"


@pytest.mark.parametrize("cell", ["-", "n.d.", "Keine", "ohne", "k.A.", "vacante", "#RIF!"])
def test_that_there_is_none_is_no_value(cell):
    assert told(Sito=cell, Telefono=cell) == {"name": "A"}


@pytest.mark.parametrize(
    "cell", ["Keine Webseite vorhanden", "Das Netz hat keine", "nessun sito", "pas de site"]
)
def test_that_there_is_no_address_is_none(cell):
    assert told(Sito=cell, Mail=cell) == {"name": "A"}


@pytest.mark.parametrize("header", ["Telefono", "Sito", "Mail", "Presidente", "Confederazione"])
def test_the_mark_of_what_is_over_is_left_alone(header):
    columns, notes = row(Nome="A", **{header: "(none)"})

    assert "(none)" in columns.values()
    assert notes == []


def test_what_is_no_address_of_mail_or_web_is_told_as_wrong():
    columns, _notes = row(Nome="A", Sito="see below")

    form = AssociationRow()
    assert not form.read(columns)
    assert list(form.errors) == ["website"]


# What it is, and whose number it has.


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("Federazione di Settore", "federation"),
        ("Associazione di Categoria", "association"),
        ("Confederazione", "confederation"),
        ("Syndicat", "association"),
        ("Club", "club"),
    ],
)
def test_a_kind_is_called_in_the_words_of_the_file(cell, kind):
    assert told(Tipo=cell)["kind"] == kind


def test_a_kind_that_is_none_of_ours_is_told_as_wrong():
    columns, _notes = row(Nome="A", Tipo="Socio Aggregato")

    form = AssociationRow()
    assert not form.read(columns)
    assert "“Socio Aggregato”" in form.errors["kind"][0]


def test_what_is_too_long_for_a_sector_and_in_no_language_that_is_known_is_told_as_wrong():
    columns, _notes = row({"country": "DE"}, Name="A", Branche="Kabel " * 30)

    form = AssociationRow()
    assert not form.read(columns)
    assert list(form.errors) == ["sector"]


def test_what_is_too_long_for_a_sector_describes_it():
    columns, note = noted({"country": "IT"}, Settore="Cavi, " * 30)

    assert columns["description_it"].startswith("Cavi, Cavi")
    assert "sector" not in columns
    assert note.field == "sector"


@pytest.mark.parametrize(
    ("defaults", "cells", "identifier"),
    [
        ({}, {"EIN": "010873044"}, "us-ein:010873044"),
        ({}, {"national_id": "413728676", "id_type": "SIREN"}, "fr-siren:413728676"),
        (
            {"identifier_scheme": "de-lobbyregister"},
            {"Registernummer": "R1"},
            "de-lobbyregister:R1",
        ),
        ({}, {"Matricola": "it-cf:1"}, "it-cf:1"),
    ],
)
def test_whose_number_it_is_is_told_by_header_column_or_editor(defaults, cells, identifier):
    columns, _notes = row(defaults, Nome="A", **cells)

    assert columns["identifier"] == identifier


def test_an_entry_may_have_several_numbers():
    columns = told(Codice_fiscale="02438750586", Partita_IVA="02438750586")

    assert columns["identifier"] == "it-cf:02438750586"
    assert columns["other_identifiers"] == "it-piva:02438750586"


def test_a_care_of_contact_is_told_as_one():
    columns = told({"country": "US"}, ICO="% SCOTT GRUHN", STREET="PO BOX 243342")

    assert columns["officers"] == "SCOTT GRUHN; other; c/o"
    assert columns["street_address"] == "PO BOX 243342"


def test_a_file_with_our_column_slug_is_meant_to_the_letter():
    table = read_table(b'slug,name,president,postal_code\na,A,"Rossi, Presidente",187\n', "a.csv")

    [(_line, columns, notes)] = prepare(table, mapping(table.header), {"country": "IT"})

    assert columns == {
        "slug": "a",
        "name": "A",
        "president": "Rossi, Presidente",
        "postal_code": "187",
    }
    assert notes == []


@pytest.mark.parametrize(
    "name", ["Alfa in liquidazione", "Alfa (sciolta)", "Alfa e.V. i. L.", "Alfa - en liquidation"]
)
def test_a_name_that_says_that_it_is_closed_is_told(name):
    _columns, [note] = row(Nome=name)

    assert f"“{name}”" in note.text


@pytest.mark.parametrize("name", ["A.S.D. H.I.L. Vallée", "In liquidazione Alfa"])
def test_a_name_may_have_the_same_letters(name):
    assert row(Nome=name) == ({"name": name}, [])


def test_nothing_but_a_name_among_other_columns_may_be_a_heading_and_is_told():
    _columns, [note] = row({"country": "IT"}, Nome="LAZIO", Tel="", Sito="")

    assert note.field == "name"
