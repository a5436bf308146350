"""What people type, and what they find: the same on both databases."""

import csv
import random
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from factories import (
    AddressFactory,
    AssociationFactory,
    ContactPointFactory,
    NameFactory,
    OfficeHolderFactory,
)
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from associations import cards, countries
from associations.loading import load
from associations.models import Association, Card, Name, SearchWord
from associations.search import search, vocabulary_is_right, words
from associations.search.abbreviations import abbreviates, initials
from associations.search.ranking import EXACT
from associations.search.reading import RARE

pytestmark = pytest.mark.django_db

QUERIES = Path(__file__).parent / "data" / "queries.csv"


def found(text, number=10):
    return [card.slug for card in search(text)[:number]]


def named(*names, **values):
    return [AssociationFactory(name=name, slug=f"n{n}", **values) for n, name in enumerate(names)]


@pytest.fixture
def shipped():
    folder = settings.FIXTURE_DIRS[0]
    load(folder / "sectors.json", folder / "contact_centres.json")


# The shipped directory.


def test_every_shipped_entry_is_first_by_its_exact_names(shipped):
    missed = []
    for card in Card.objects.public():
        for text in filter(None, (card.name, card.acronym)):
            first = search(text)[:1][0]
            # Some share a name or an acronym: then one of those that bear it.
            if words(text) not in (words(first.name), words(first.acronym)):
                missed.append((text, first.slug))
    assert not missed


def with_a_typo(name, chance):
    """This name with one error in one of its words of 4 letters or more; None without any."""
    found = [word for word in name.split() if len(word) >= 4 and word.isalpha()]
    if not found:
        return None
    word = chance.choice(found)
    at = chance.randrange(1, len(word) - 1)
    letter = chance.choice("abcdefghilmnoprstuvz")
    wrong = chance.choice(
        [
            word[:at] + letter + word[at:],
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + letter + word[at + 1 :],
        ]
    )
    return name.replace(word, wrong, 1)


def test_one_typo_in_one_word_of_a_shipped_name_is_forgiven(shipped):
    chance, tried, missed = random.Random(2002), 0, []
    for card in Card.objects.public():
        if text := with_a_typo(card.name, chance):
            tried += 1
            first = search(text)[:1]
            if not first or words(first[0].name) != words(card.name):
                missed.append((text, [each.slug for each in first]))
    assert tried > 100
    assert len(missed) <= tried * 0.02, missed


def who_is_where(column):
    """`{value: slugs}` of the shipped entries."""
    there = defaultdict(set)
    for card in Card.objects.public().exclude(**{column: ""}):
        there[getattr(card, column)].add(card.slug)
    return there


FIELD = ["contact centre {}", "{} call center", "outsourcing {}", "call center association {}"]


@pytest.mark.parametrize("typed", [*FIELD, "contact center association in {}"])
@pytest.mark.parametrize("language", ["en", "it"])
def test_a_field_and_a_country_find_first_who_is_there(shipped, typed, language):
    there, names = who_is_where("country"), countries.names(language)
    first = {code: found(typed.format(names[code]), 1) for code in there}
    missed = [code for code in there if there[code].isdisjoint(first[code])]
    assert len(missed) <= 0.02 * len(there), missed


@pytest.mark.parametrize("typed", FIELD)
def test_a_country_is_found_by_whatever_it_is_called(shipped, typed):
    there = who_is_where("country")
    others = [(code, name) for code, name in countries.ALSO if code in there]
    assert len(others) > 60
    first = {name: found(typed.format(name), 1) for _code, name in others}
    missed = [name for code, name in others if there[code].isdisjoint(first[name])]
    assert len(missed) <= 0.02 * len(others), missed


OF_A_COUNTRY = ["{} outsourcing", "the {} call centre association", "associazione {} call center"]


@pytest.mark.parametrize("typed", OF_A_COUNTRY)
@pytest.mark.parametrize("language", ["en", "it"])
def test_what_is_of_a_country_finds_first_who_is_there(shipped, typed, language):
    there = who_is_where("country")
    said = [(each[0], each[1 + (language == "it")].split()) for each in countries.ADJECTIVES]
    asked = [(code, word) for code, forms in said if code in there for word in forms]
    assert len(asked) > 60
    missed = [word for code, word in asked if there[code].isdisjoint(found(typed.format(word), 1))]
    assert missed == []


def test_what_is_of_a_country_may_be_told_in_its_own_language(shipped):
    there = who_is_where("country")
    asked = [(word, code) for word, code in countries.own_adjectives() if code in there]
    assert len(asked) > 100
    first = {word: found(f"{word} call center", 1) for word, _code in asked}
    assert [word for word, code in asked if there[code].isdisjoint(first[word])] == []


@pytest.mark.parametrize("typed", OF_A_COUNTRY)
@pytest.mark.parametrize("said", ["south african", "South-African", "sud africana", "sudafricana"])
def test_what_is_of_a_country_may_be_told_in_two_words(shipped, typed, said):
    assert found(typed.format(said))[0] in who_is_where("country")["ZA"]


FORMS = ["tedesco", "tedesca", "tedesche", "Tedeschi"]


@pytest.mark.parametrize(("code", "typed"), [("NL", "dutch"), *(("DE", form) for form in FORMS)])
def test_what_is_of_a_country_comes_first_in_all_its_forms(code, typed):
    named("Bakers", "Bakers of Rome")
    for slug, there in (("n0", "FR"), ("n1", code)):
        AddressFactory(association=Association.objects.get(slug=slug), locality="", country=there)
    hits = search(f"bakers {typed}")
    assert (found(f"bakers {typed}")[0], hits.strict_count) == ("n1", 0)
    assert hits.has(words(countries.names("en")[code])[0])


@pytest.mark.parametrize(("code", "typed"), [("DE", "german"), ("ZA", "south african")])
def test_what_is_of_a_country_is_no_misspelling_of_its_name(code, typed):
    AddressFactory(association=named("Bakers")[0], locality="", country=code)
    (card,) = search(f"{typed} bakers")
    assert card.match.respelt == ()


def test_what_a_name_says_comes_before_where_it_is():
    named("German School of Rome", "School of Dance")
    for slug, code in (("n0", "IT"), ("n1", "DE")):
        AddressFactory(association=Association.objects.get(slug=slug), locality="", country=code)
    assert found("german school") == ["n0", "n1"]


@pytest.mark.parametrize("typed", ["latin american", "latino americana", "indiana", "srpska"])
def test_what_is_of_no_country_is_not_taken_for_it(typed):
    named("Bakers of Boston", "Bakers of Delhi", "Bakers of Belgrade", "Bakers")
    for slug, code in (("n0", "US"), ("n1", "IN"), ("n2", "RS")):
        AddressFactory(association=Association.objects.get(slug=slug), locality="", country=code)
    assert found(f"bakers {typed}")[0] == "n3"


def test_whatever_is_of_a_country_is_not_taken_for_a_misspelt_word():
    named("Bakers", "Swim Club")
    AddressFactory(association=Association.objects.get(slug="n0"), locality="", country="CH")
    assert found("swiss")[0] == "n0"


@pytest.mark.parametrize("typed", FIELD)
def test_a_field_and_a_city_find_who_is_there_though_no_name_says_so(shipped, typed):
    there = who_is_where("locality")
    missed = [city for city in there if there[city].isdisjoint(found(typed.format(city), 5))]
    assert len(missed) <= 0.05 * len(there), missed


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("DE", "Deutschland"),
        ("DE", "Allemagne"),
        ("US", "U.S.A."),
        ("US", "United States of America"),
        ("GB", "UK"),
        ("GB", "England"),
        ("CZ", "Czech Republic"),
        ("KR", "Korea"),
        ("KR", "대한민국"),
    ],
)
def test_every_word_stands_in_an_entry_whose_country_is_called_otherwise(code, typed):
    named("Bakers", "Bakers of Rome")
    AddressFactory(association=Association.objects.get(slug="n0"), locality="", country="FR")
    AddressFactory(association=Association.objects.get(slug="n1"), locality="", country=code)
    for text in (f"bakers {typed}", f"{typed} bakers"):
        hits = search(text)
        assert (found(text)[0], hits.strict_count) == ("n1", 1)
        assert hits.has("bakers")


def test_what_a_country_is_called_stays_a_word_of_names():
    named("Forum Deutschland", "Forum", "Turkey Breeders")
    AddressFactory(association=Association.objects.get(slug="n1"), locality="", country="DE")
    AddressFactory(association=Association.objects.get(slug="n2"), locality="", country="US")
    assert found("Forum Deutschland") == ["n0", "n1"]
    assert found("Turkey Breeders") == ["n2"]


def test_a_country_in_which_nobody_is_does_not_hide_others():
    named("Bakers")
    assert found("bakers deutschland") == ["n0"]


def test_a_city_that_is_a_country_counts_once():
    named("University of Hong Kong", "University of Hong Kong Ltd")
    for slug, city in (("n0", "Pok Fu Lam"), ("n1", "Hong Kong")):
        association = Association.objects.get(slug=slug)
        AddressFactory(association=association, locality=city, country="HK")
    assert found("Hong Kong University") == ["n0", "n1"]


def test_a_country_is_marked_by_the_name_that_is_shown():
    named("Bakers")
    AddressFactory(association=Association.objects.get(slug="n0"), locality="", country="DE")
    hits = search("bakers deutschland")
    assert hits.has("germany")
    assert hits.has("germania")
    assert not hits.has("italy")


def test_a_place_counts_more_where_all_of_it_was_typed_next_to_something_else():
    named("Poland Street Society", "Bakers of London", "Unione")
    AddressFactory(association=Association.objects.get(slug="n2"), locality="", country="PL")
    assert found("poland")[0] == "n0"
    assert found("bakers poland") == ["n2", "n1", "n0"]


def test_our_own_questions_find_what_is_meant(shipped):
    """What people may type who look for one of the shipped entries, with what they mean."""
    questions = asked()
    answers = [(found(row["query"], 5), row["expected"].split("|")) for row in questions]
    first = sum(slugs[:1] != [] and slugs[0] in meant for slugs, meant in answers)
    in_five = sum(not set(slugs).isdisjoint(meant) for slugs, meant in answers)
    assert min(first, in_five) / len(questions) >= 0.95


def test_our_own_questions_are_answered_the_same_by_every_database(shipped):
    """The first three of each, as they were when the file was written."""
    answers = {row["query"]: " ".join(found(row["query"], 3)) for row in asked()}
    assert answers == {row["query"]: row["found"] for row in asked()}


def asked():
    with QUERIES.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


# Names and acronyms.


@pytest.mark.parametrize("text", ["AI", "ai", "A.I.", "A. I."])
def test_an_exact_acronym_comes_first_however_short_it_is(text):
    named("Ai lovers of Italy", "Association of Air")
    short = AssociationFactory(name="Industry of Italy", slug="short")
    NameFactory(association=short, type=Name.Type.ACRONYM, name="AI")
    assert found(text)[0] == "short"


@pytest.mark.parametrize("name", ["ANCI", "A.N.C.I.", "A. N. C. I."])
@pytest.mark.parametrize("text", ["anci", "A.N.C.I.", "a.n.c.i", "A. N. C. I.", "A N C I"])
def test_an_acronym_is_one_word_with_points_and_without(client, name, text):
    named("A Nice City", name)
    assert (found(text)[0], search(text)[0].match.tier) == ("n1", EXACT)
    if name == "A.N.C.I.":
        assert "<mark>A.N.C.I</mark>" in client.get("/en/", {"q": text}).text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("A. Manzoni & C. S.p.A.", ["a", "manzoni", "c", "spa"]),
        ("Rossi & C. s.n.c.", ["rossi", "c", "snc"]),
        ("Rossi G. e F.", ["rossi", "g", "e", "f"]),
        ("Gruppo A e B", ["gruppo", "a", "e", "b"]),
        ("Verein e. V.", ["verein", "ev"]),
        ("J. P. Morgan", ["jp", "morgan"]),
        ("U.S. Army", ["us", "army"]),
        ("Ass. naz. C.C.", ["ass", "naz", "cc"]),
        ("a.b.it", ["ab", "it"]),
    ],
)
def test_only_letters_that_belong_together_are_one_word(text, cleaned):
    assert words(text) == cleaned


def test_initials_before_a_surname_are_read_with_points_and_without():
    association = AssociationFactory(name="New", slug="new")
    OfficeHolderFactory(association=association, name="G. B. Rossi")
    assert found("G.B. Rossi") == found("gb rossi") == ["new"]


def test_initials_and_begun_names_come_before_begun_places():
    named("Zeta", "Bernina Society", "Berlin Engineers Research")
    AddressFactory(association=Association.objects.get(slug="n0"), locality="Berlin", country="DE")
    assert found("BER") == ["n2", "n1", "n0"]


def test_an_acronym_that_stands_nowhere_is_tried_as_initials():
    named("Associazione Italiana dei Fornai", "Bundesverband der Deutschen Industrie e.V.")
    assert found("AIF") == ["n0"]
    assert found("BDI") == ["n1"]


def test_a_german_compound_lends_an_acronym_two_letters():
    assert "bvm" in initials(["bundesverband", "musikindustrie"])


def test_an_acronym_may_be_made_of_syllables():
    assert abbreviates("assitol", words("Associazione italiana dell'industria olearia"))
    named("Associazione italiana dell'industria olearia")
    assert found("ASSITOL") == ["n0"]


@pytest.mark.parametrize(
    "text", ["asocallcenter", "assocalcenter", "assoclalcenter", "assocxllcenter"]
)
def test_one_error_in_a_word_is_forgiven(text):
    named("Assocallcenter", "Associazione fornai")
    hits = search(text)
    assert hits[0].slug == "n0"
    assert hits[0].match.respelt == ("assocallcenter",)


@pytest.mark.parametrize("name", ["Assocallcenter", "Assocall Center"])
@pytest.mark.parametrize("text", ["assocall center", "assocallcenter"])
def test_words_may_be_joined_and_split(name, text):
    named(name, "Other")
    assert found(text)[0] == "n0"


def test_a_word_that_stands_in_one_piece_and_in_two_is_found_both_ways(client):
    named("Callcenter Verein", *(f"Call Center of City{n}" for n in range(10)))
    assert search("call center").strict_count == search("callcenter").strict_count == 11
    assert search("callcenter city7").strict_count == 1
    page = client.get("/en/", {"q": "callcenter"}).text
    assert "<mark>Callcenter</mark> Verein" in page
    assert "<mark>Call</mark> <mark>Center</mark> of City9" in page


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Σύνδεσμος Επιχειρήσεων", "συνδεσμοσ"),
        ("İstanbul Çağrı Merkezleri Derneği", "istanbul cagri"),
        ("ISPARTA DIYARI", "ısparta"),
        ("日本コールセンター協会", "コールセンター"),
        ("한국컨택센터산업협회", "컨택센터"),
        ("Ассоциация контактных центров", "ассоциация КОНТАКТНЫХ"),
        ("สมาคมการค้าธุรกิจ", "การค้า"),
        ("Zeta", "𝘡𝘌𝘛𝘈"),
        ("Universität Würzburg", "wuerzburg"),
        ("Children’s Hospital", "childrens hospital"),
    ],
)
def test_no_script_and_no_writing_hides_an_entry(name, text):
    named(name, "Another one")
    assert found(text)[0] == "n0"


def test_a_name_in_another_writing_is_the_name():
    """The other entry has each word as it was typed, but that is not what it is called."""
    other = named("Würzburg Hospital", "University of Würzburg")[0]
    NameFactory(association=other, type=Name.Type.OTHER, name="University Hospital of Wuerzburg")
    assert found("University of Wuerzburg") == ["n1", "n0"]


@pytest.mark.parametrize("text", ["Trade & Industry", "trade and industry", "Trade e Industry"])
def test_and_has_many_writings(text):
    named("Trade & Industry Club", "Trade and Industry Club", "Trade and Industry")
    assert found(text)[0] == "n2"


@pytest.mark.parametrize("seeing", [0, 10**9], ids=["looked_through", "looked_up"])
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("bakers uni", ["n0", "n1"]),
        ("bakers ro", ["n3"]),  # a place
        ("bakers callcenter", ["n4", *(f"c{n}" for n in range(RARE))]),
        ("b. rom", ["n3"]),
        ("bakers UC", ["n1"]),  # initials
        ("bakers cu ul", []),
        ("bakers zz", []),
    ],
)
def test_what_is_begun_is_the_same_looked_through_and_looked_up(monkeypatch, seeing, text, names):
    monkeypatch.setattr("associations.search.hits.SEEING", seeing)
    named("Bakers of Cures United", "Bakers' Unions of Culture", "Unions", "Bakers")
    AddressFactory(association=Association.objects.get(slug="n3"), locality="Roma")
    AssociationFactory(slug="n4", name="Bakers Callcenter")
    for n in range(RARE):
        AssociationFactory(slug=f"c{n}", name=f"Center {n} for Bakers to Call")
    clubs = Association.objects.get(slug="n1")
    NameFactory(association=clubs, type=Name.Type.OTHER, name="Union of Clubs")
    hits = search(text)
    assert [card.slug for card in hits[: hits.strict_count]] == names


def test_a_word_that_is_begun_is_not_taken_apart_by_chance():
    named("Lottoverband", *(f"Lotto Ver {n}" for n in range(3)))
    assert (found("lottover")[0], search("lottover").strict_count) == ("n0", 1)


def test_a_name_as_it_was_typed_comes_before_another_writing_of_it():
    named("ASW", "AASW")
    assert found("AASW") == ["n1", "n0"]


def test_a_word_that_stands_somewhere_is_less_surely_misspelt():
    cities = ["Roma", "Milano", "Paris", "London", "Berlin", "Wien", "Graz", "Linz", "Bern", "Oslo"]
    others = (f"{city} {kind}" for city in cities for kind in ("Hospital", "University"))
    named("Yantai University", "Yanai Hospital", *others)
    assert found("universitat yantai hospital", 2) == ["n0", "n1"]


def test_a_short_word_has_no_other_writing():
    """Two letters for an umlaut are read as one in longer words: “UES” is not “us”."""
    named("Call Centers US Inc", "UES Inc")
    assert found("UES Inc") == ["n1"]


def test_words_too_many_and_in_another_order_do_no_harm():
    named("Club of Customer Management", "Club of Bakers")
    assert found("the management customer club")[0] == "n0"


# Other facts.


@pytest.mark.parametrize("text", ["848.690606", "848 690 606", "+39 848 690606", "0039848690606"])
def test_a_telephone_number_is_found_in_any_writing(text):
    association = AssociationFactory(name="One", slug="one")
    ContactPointFactory(association=association, type="phone", value="848 690606", country="IT")
    AssociationFactory(name="848.690607", slug="other")
    assert found(text)[:1] == ["one"]


@pytest.mark.parametrize("text", ["club.example", "www.club.example", "http://club.example/"])
@pytest.mark.parametrize("kept", ["club.example", "https://www.club.example/it/"])
def test_a_site_is_found_in_any_writing(text, kept):
    association = AssociationFactory(name="One", slug="one")
    ContactPointFactory(association=association, type="website", value=kept)
    assert found(text) == ["one"]
    assert not search(text)[0].is_near_match


ROME = ["06 4541 7542", "06/45417542", "+39 06 45417542", "+39 (0)6 4541.7542", "tel. 0645417542"]
BERLIN = ["030 / 20 61 32 80", "+49 (0)30 20613280", "0049 30 20613280", "Telefon: 030-20613280"]


@pytest.mark.parametrize(
    ("kept", "country", "typed"),
    [
        ("+39 06 45417542", "", ROME),
        ("06 45417542", "IT", ROME),
        ("+49 30 20613280", "", BERLIN),
        ("030/20613280", "DE", BERLIN),
    ],
)
def test_a_number_is_found_as_it_is_dialled_abroad_and_at_home(client, kept, country, typed):
    association = AssociationFactory(name="One", slug="one")
    ContactPointFactory(association=association, type="fax", value=kept, country=country)
    for text in typed:
        assert found(text) == ["one"], text
        page = client.get("/en/", {"q": text}).text
        assert f"number or address: {kept}" in page.replace("<mark>", "").replace("</mark>", "")


@pytest.mark.parametrize(
    ("kind", "kept", "typed"),
    [
        ("phone", "+49 30 20613280", "030 20613280"),
        ("website", "https://club.example", "https://club.example"),
    ],
)
def test_what_the_row_shows_is_not_told_once_more(client, kind, kept, typed):
    association = AssociationFactory(name="One", slug="one")
    ContactPointFactory(association=association, type=kind, value=kept)
    page = client.get("/en/", {"q": typed}).text
    assert (kept in page, "number or address" in page) == (True, False)


def test_numbers_are_never_fuzzy():
    association = AssociationFactory(name="One", slug="one")
    AddressFactory(association=association, postal_code="20121", locality="Milano")
    assert found("20121") == ["one"]
    assert found("20122") == []


def test_a_former_name_finds_the_entry_and_the_page_says_so(client):
    association = AssociationFactory(name="New", slug="new")
    NameFactory(association=association, type=Name.Type.FORMER, name="Società Vecchia")
    page = client.get("/en/", {"q": "societa vecchia"}).text
    assert "former name: <mark>Società</mark> <mark>Vecchia</mark>" in page


@pytest.mark.parametrize("kind", [Name.Type.FORMER, Name.Type.OTHER, Name.Type.TRANSLATED])
def test_every_exact_name_comes_first_among_very_many_hits(monkeypatch, kind):
    monkeypatch.setattr("associations.search.hits.RANKED", 3)
    monkeypatch.setattr("associations.search.hits.MANY", 3)
    named(*(f"{letter} Club of Bakers" for letter in "ABCDE"), "Zeta")
    NameFactory(association=Association.objects.get(slug="n5"), type=kind, name="Bakers Club")
    assert found("bakers club") == ["n5", "n0", "n1", "n2", "n3", "n4"]
    assert [card.slug for card in search("bakers club").suggest(1)] == ["n5"]


def test_a_person_finds_the_entry():
    association = AssociationFactory(name="New", slug="new")
    OfficeHolderFactory(association=association, name="Leonardo Abbruzzese")
    assert found("abbruzzese leonardo") == ["new"]


def test_a_corrected_spelling_is_told(client):
    named("Assocallcenter")
    page = client.get("/en/", {"q": "asocallcenter"}).text
    assert "spelling close to “assocallcenter”" in page


def test_what_lacks_a_word_is_marked_as_near(client):
    named("Club of Bakers of Rome")
    hits = search("bakers rome zebra")
    assert (hits.strict_count, len(hits), hits[0].is_near_match) == (0, 1, True)
    assert "Near matches" in client.get("/en/", {"q": "bakers rome zebra"}).text
    assert "Near matches" not in client.get("/en/", {"q": "bakers rome"}).text


@pytest.mark.parametrize("number", [0, 60])
def test_near_matches_are_found_in_few_queries(django_assert_num_queries, number):
    """Version, words, index, names, columns, words of these names, rows; and 4 for the records of
    the columns, which a process keeps between transactions."""
    others = (f"Zebra Club {each}" for each in range(number))
    named("Bridge Castle Anchor", "Bridge of Castle", *others)
    with django_assert_num_queries(7 + 4):
        found = search("Castle Bridge Anchor")[:25]
    assert [card.is_near_match for card in found] == [False, True]


def test_near_matches_are_not_counted_as_results(client):
    named("Club of Bakers of Rome", "Club of Bakers of Bari")

    def heading(text):
        page = client.get("/en/", {"q": text}).text
        told = page.split('id="results-title"')[1].split("</h2>")[0].split(">", 1)[1]
        return " ".join(told.split())

    assert heading("bakers zebra").startswith("No association has every word")
    assert ", 2 near matches" in heading("bakers zebra")
    assert heading("bakers rome").startswith("1 association<span")
    assert ", 1 near match<" in heading("bakers rome")


def test_sorted_otherwise_near_matches_stand_among_the_others(client):
    named("Club of Bakers of Rome")
    page = client.get("/en/", {"q": "bakers rome zebra", "sort": "name"}).text
    assert "Bakers" in page
    assert "Near matches" not in page


def test_what_is_marked_is_escaped(client):
    named("<b>Bold</b> & Sons")
    page = client.get("/en/", {"q": "bold"}).text
    assert "&lt;b&gt;<mark>Bold</mark>&lt;/b&gt; &amp; Sons" in page


def test_nothing_found_offers_the_nearest_spellings(client):
    named("Assocallcenter")
    page = client.get("/en/", {"q": "assxcxllcentr"}).text
    assert "/en/?q=assocallcenter" in page


def test_closed_entries_come_after_live_ones_of_the_same_name():
    named("Bakers", state="closed")
    AssociationFactory(name="Bakers", slug="zz")
    assert found("bakers") == ["zz", "n0"]


# The vocabulary.


def frequency(word):
    return sum(SearchWord.objects.filter(word=word).values_list("frequency", flat=True))


def test_the_vocabulary_follows_every_change():
    (association,) = named("Zebra Club")
    assert (frequency("zebra"), frequency("")) == (1, 1)
    Name.objects.filter(association=association).update(name="Lion Club")
    assert (frequency("zebra"), frequency("lion")) == (0, 1)
    cards.refresh([association.pk])
    assert frequency("lion") == 1
    association.delete()
    assert (frequency("lion"), frequency("")) == (0, 0)
    AssociationFactory(name="Tiger Club")
    Association.objects.all().delete()
    assert not SearchWord.objects.exists()
    assert vocabulary_is_right()


# How the index loses an entry, which nothing of ours does.
LOSE = {
    "sqlite": (
        "INSERT INTO associations_card_fts (associations_card_fts, rowid, search_text)"
        " SELECT 'delete', association_id, search_text FROM associations_card"
        " WHERE association_id = %s"
    ),
    "postgresql": "DELETE FROM associations_card_words WHERE association_id = %s",
}


def test_the_site_is_not_ready_while_the_index_lacks_an_entry(client):
    _kept, lost = named("Zebra Club", "Lion Club")
    assert client.get("/readyz").status_code == 200

    with connection.cursor() as cursor:
        cursor.execute(LOSE[connection.vendor], [lost.pk])
    answer = client.get("/readyz")

    assert (answer.status_code, "reindex" in answer.text) == (503, True)
    call_command("reindex", verbosity=0)
    assert client.get("/readyz").status_code == 200
    assert found("lion") == [lost.slug]


# How many pages of words wait to be put into the index.
WAITING = {
    "sqlite": "SELECT 0",
    "postgresql": "SELECT gin_clean_pending_list('card_words_index')",
}


def test_new_words_are_in_the_index_before_anybody_searches():
    named("Zebra Club", "Lion Club")
    with connection.cursor() as cursor:
        cursor.execute(WAITING[connection.vendor])
        assert cursor.fetchone() == (0,)


def test_the_site_is_not_ready_while_the_vocabulary_lacks_a_word(client):
    named("Zebra Club")
    SearchWord.objects.filter(word="zebra").delete()
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize("number", [0, 1, 60])
def test_whether_the_site_is_ready_takes_few_queries(client, django_assert_max_num_queries, number):
    named(*(f"Zebra Club {each}" for each in range(number)))
    with django_assert_max_num_queries(4):  # the last key, some cards, vocabulary, index
        assert client.get("/readyz").status_code == 200


def test_reindex_finds_and_mends_a_vocabulary_that_differs():
    named("Zebra Club")
    SearchWord.objects.filter(word="zebra").update(frequency=7)
    with pytest.raises(CommandError, match="vocabulary"):
        call_command("reindex", check=True)
    call_command("reindex", verbosity=0)
    assert vocabulary_is_right()
    call_command("reindex", check=True)


# Whatever anyone types.


@pytest.mark.parametrize(
    "text",
    ["\0", '"', "a AND b*", "NEAR(a b)", "' & | ! :*", "x" * 10000, "a " * 5000, "\ud800", "%s"]
    + ["0" * 5, "0" * 10000, "12" * 5000, "00 000-000"],
)
def test_nothing_that_is_typed_is_an_error(text):
    named("A club of x")
    hits = search(text)
    assert len(hits[:5]) <= hits.count()
    list(hits.narrow(Card.objects.all()))
    hits.spellings()


@given(st.text(max_size=80))
@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_text_of_any_script_is_an_error(text):
    hits = search(text)
    assert len(hits[:5]) <= hits.count()
    list(hits.narrow(Card.objects.all()))


@pytest.mark.parametrize("text", ["maddison", "madisn", "madison", "amdison", "mdaison", "madiosn"])
def test_a_misspelt_word_is_no_two_words_by_chance(text):
    """Rare short words stand in any large directory: “madd”, “ison”."""
    named("Wisconsin Madison", "Madd Club", "Ison Club", "Mad Isn")
    assert found(f"wisconsin {text}")[0] == "n0"


@pytest.mark.parametrize("text", ["clbu", "culb", "lcub", "clu", "clubb", "clab", "xlub"])
def test_one_error_in_four_letters_is_found_wherever_it_is(text):
    named("Club")
    assert found(text) == ["n0"]
