"""What staff are warned of: it is odd, and may be right all the same."""

import pytest
from django.utils.translation import override

from associations import italy
from associations.models import Address, ContactPoint
from associations.plausibility import oddities, of_address, of_contact_point
from tests.factories import AddressFactory, AssociationFactory, ContactPointFactory


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def told(oddities):
    return [(odd.column, odd.text) for odd in oddities]


def address(postal_code, locality="", region="", country="IT"):
    return Address(postal_code=postal_code, locality=locality, region=region, country=country)


# Postal codes.


@pytest.mark.parametrize(
    ("postal_code", "locality", "region"),
    [
        ("00184", "Roma", "Lazio"),
        ("00184", "ROMA", "RM"),
        ("20121", "Milano", ""),
        ("20900", "Monza", "Lombardia"),
        ("39100", "Bozen", "Südtirol"),
        ("33100", "Udine", "Friuli Venezia Giulia"),
        ("42121", "Reggio Emilia", "Emilia-Romagna"),
        ("89127", "Reggio di Calabria", "Calabria"),
        ("00054", "Fiumicino", "Lazio"),
        ("00184", "A town without a name", "of no region"),
        ("00184", "", ""),
        ("", "Roma", "Lombardia"),
    ],
)
def test_what_fits_is_not_odd(postal_code, locality, region):
    assert of_address(address(postal_code, locality, region)) == []


@pytest.mark.parametrize("town", ["Roma", "Milano", "L'Aquila", "Forlì", "Pesaro", "Andria"])
def test_a_postal_code_of_another_province_than_the_city_is_odd(town):
    [(column, text)] = told(of_address(address("12100", town)))

    assert column == "postal_code"
    assert text == f"The postal code 12100 is of Cuneo, the city is {town}."


def test_a_postal_code_of_another_region_is_odd():
    assert told(of_address(address("00184", "A small town", "Lombardia"))) == [
        ("postal_code", "The postal code 00184 is of Roma, the region is Lombardia.")
    ]


@pytest.mark.parametrize("code", ["184", "0184"])
def test_zeros_that_a_spreadsheet_dropped_are_noticed(code):
    [(_column, text)] = told(of_address(address(code, "Roma")))

    assert "may have dropped the zeros" in text


@pytest.mark.parametrize("code", ["ABCDE", "001844", "0018 4", "²⁰¹²¹"])
def test_a_postal_code_has_five_digits(code):
    [(_column, text)] = told(of_address(address(code, "Roma")))

    assert text == f"An Italian postal code has five digits; this one is “{code}”."


def test_a_postal_code_of_nowhere_is_odd():
    [(_column, text)] = told(of_address(address("99999", "Roma")))

    assert text == "No Italian postal code begins like “99999”."


@pytest.mark.parametrize("country", ["DE", "FR", ""])
def test_only_italian_addresses_are_judged(country):
    assert of_address(address("12100", "Roma", "Lombardia", country)) == []


# Numbers.


def number(value, country="IT", kind="phone"):
    return ContactPoint(type=kind, value=value, country=country)


@pytest.mark.parametrize("kind", ["phone", "fax"])
def test_a_number_of_another_region_than_the_address_is_odd(kind):
    rome = address("00184", "Roma")

    assert told(of_contact_point(number("02 1234567", kind=kind), [rome])) == [
        (
            "value",
            "+39 02 123 4567 is a number of Milano, Lombardia; the address is in Lazio.",
        )
    ]


@pytest.mark.parametrize(
    "value", ["06 4541 7542", "0774 123456", "800 200111", "347 1234567", "+49 30 123456", "odd"]
)
def test_numbers_of_the_same_region_and_of_no_place_are_not_odd(value):
    assert of_contact_point(number(value), [address("00184", "Roma")]) == []


@pytest.mark.parametrize(
    "place", [address("", "Milano"), address("", "", "Lombardia"), address("20121")]
)
def test_where_an_address_is_follows_from_what_it_tells(place):
    assert of_contact_point(number("02 1234567"), [place]) == []
    assert of_contact_point(number("06 45417542"), [place]) != []


def test_one_of_several_addresses_is_enough():
    places = [address("00184"), address("20121")]

    assert of_contact_point(number("02 1234567"), places) == []


@pytest.mark.parametrize(
    "places", [[], [address("", "Some town")], [address("75001", country="FR")]]
)
def test_without_an_italian_place_no_number_is_odd(places):
    assert of_contact_point(number("02 1234567"), places) == []


def test_other_contact_points_are_not_judged():
    assert of_contact_point(number("info@example.org", kind="email"), [address("00184")]) == []


# The table.


def test_every_province_stands_once_in_the_table():
    assert len({province.sigla for province in italy.PROVINCES}) == len(italy.PROVINCES) == 107
    assert len({province.region for province in italy.PROVINCES}) == 20


def test_each_area_code_is_of_one_province():
    codes = [code for province in italy.PROVINCES for code in province.area_codes]

    assert len(codes) == len(set(codes))
    assert all(code.startswith("0") and 2 <= len(code) <= 4 for code in codes)


def test_each_postal_code_begins_as_those_of_one_region():
    regions = {}
    for province in italy.PROVINCES:
        for code in province.postal_codes:
            regions.setdefault(code, set()).add(province.region)

    assert all(len(each) == 1 for each in regions.values())


# An entry.


@pytest.mark.django_db
def test_an_entry_is_judged_by_what_holds_today(django_assert_num_queries):
    association = AssociationFactory()
    AddressFactory(association=association, postal_code="00184", locality="Roma")
    AddressFactory(association=association, postal_code="12100", locality="Roma", valid_to="2001")
    ContactPointFactory(association=association, value="02 1234567")
    ContactPointFactory(association=association, value="011 1234567", valid_to="2001")

    with django_assert_num_queries(2):
        [odd] = oddities(association)

    assert odd.fact.value == "02 1234567"
