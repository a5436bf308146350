"""What the digits of a telephone number tell: its kind, who pays, from where it is reached."""

import pytest
from django.utils.translation import override

from associations import phones
from associations.models import Card, ContactPoint
from associations.phones import PhoneKind
from tests.factories import ContactPointFactory


@pytest.mark.parametrize(
    ("text", "country", "e164", "kind"),
    [
        ("800200111", "IT", "+39800200111", PhoneKind.TOLL_FREE),
        ("800 200111", "IT", "+39800200111", PhoneKind.TOLL_FREE),
        ("848690606", "IT", "+39848690606", PhoneKind.SHARED_COST),
        ("06441881", "IT", "+3906441881", PhoneKind.GEOGRAPHIC),
        ("0645417542", "IT", "+390645417542", PhoneKind.GEOGRAPHIC),
        ("(+39) 06 844391", "IT", "+3906844391", PhoneKind.GEOGRAPHIC),
        ("(+39) 06 844391", "", "+3906844391", PhoneKind.GEOGRAPHIC),
        ("0039 06 844391", "IT", "+3906844391", PhoneKind.GEOGRAPHIC),
        ("347 1234567", "IT", "+393471234567", PhoneKind.MOBILE),
        ("899 123456", "IT", "+39899123456", PhoneKind.PREMIUM),
        ("+ 27 21 427 2900", "ZA", "+27214272900", PhoneKind.GEOGRAPHIC),
        ("03―5289―8891", "JP", "+81352898891", PhoneKind.GEOGRAPHIC),
        ("070-7620764", "NL", "+31707620764", PhoneKind.GEOGRAPHIC),
        ("800-718-1712", "US", "+18007181712", PhoneKind.TOLL_FREE),
        ("+61 39492 2871", "AU", "+61394922871", PhoneKind.GEOGRAPHIC),
        ("+44 (0)20 7946 0000", "GB", "+442079460000", PhoneKind.GEOGRAPHIC),
        ("+39 (0)6 45417542", "IT", "+390645417542", PhoneKind.GEOGRAPHIC),
        ("(0)6 4541 7542", "IT", "+390645417542", PhoneKind.GEOGRAPHIC),
        ("+39 (0)347 1234567", "IT", "+393471234567", PhoneKind.MOBILE),
        ("(0) 1.53-63-14-80", "FR", "+33153631480", PhoneKind.GEOGRAPHIC),
        ("212-555-2368", "US", "+12125552368", PhoneKind.GEOGRAPHIC),
        ("+800 1234 5678", "", "+80012345678", PhoneKind.TOLL_FREE),
        ("0171 1234567 (mobil)", "DE", "+491711234567", PhoneKind.MOBILE),
        ("Durchwahl (030) 12345-12", "DE", "+49301234512", PhoneKind.GEOGRAPHIC),
        ("1-800-FLOWERS", "US", "+18003569377", PhoneKind.TOLL_FREE),
    ],
)
def test_a_number_is_understood_as_people_write_it(text, country, e164, kind):
    number = phones.parse(text, country)

    assert (number.e164, number.kind) == (e164, kind)


@pytest.mark.parametrize(
    "text", ["", "on request", "1", "12345678901234567890", "0645417542", "+999 123 4567"]
)
def test_what_is_no_number_anywhere_is_none(text):
    assert phones.parse(text) is None


@pytest.mark.parametrize(
    "text",
    ["06 4541 7542 (ask for Anna; weekdays)", "06 4541 7542 Anna Verdi", "06 4541 7542 int. B"],
)
def test_a_number_with_a_remark_stays_as_it_was_typed(text):
    assert phones.parse(text, "IT") is None


@pytest.mark.parametrize(
    ("text", "country", "is_reachable"),
    [
        ("800200111", "IT", False),
        ("848690606", "IT", False),
        ("899 123456", "IT", False),
        ("800-718-1712", "US", False),
        ("06441881", "IT", True),
        ("347 1234567", "IT", True),
        ("+800 1234 5678", "", True),
    ],
)
def test_services_of_one_country_are_not_reached_from_abroad(text, country, is_reachable):
    assert phones.parse(text, country).is_reachable_from_abroad is is_reachable


@pytest.mark.parametrize(
    ("text", "shown", "dialled"),
    [
        ("06441881", "+39 06 441881", "tel:+3906441881"),
        ("0039 06 441881", "+39 06 441881", "tel:+3906441881"),
        ("800200111", "800 200 111", "tel:800200111"),
        ("+39 800 200111", "800 200 111", "tel:800200111"),
        ("848690606", "848 690 606", "tel:848690606"),
    ],
)
def test_a_number_is_shown_and_dialled_with_the_country_code_where_that_works(text, shown, dialled):
    number = phones.parse(text, "IT")

    assert (number.display, number.uri) == (shown, dialled)


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [("06441881", "IT", "IT"), ("+44 20 7946 0000", "IT", "GB"), ("+800 1234 5678", "", "")],
)
def test_a_number_tells_its_country(text, country, expected):
    assert phones.parse(text, country).country == expected


@pytest.mark.parametrize(
    ("text", "who_pays"),
    [
        ("800200111", "Free for the caller: who is called pays."),
        ("848690606", "Caller and called share the cost; the caller's part is fixed."),
        ("06441881", "The caller pays an ordinary call to a landline."),
        ("347 1234567", "The caller pays an ordinary call to a mobile."),
        ("899 123456", "The caller pays more than for an ordinary call."),
        ("199 123456", "The numbering plan does not tell who pays."),
    ],
)
def test_a_number_tells_who_pays(text, who_pays):
    with override("en"):
        assert str(phones.parse(text, "IT").who_pays) == who_pays


def test_there_is_an_answer_for_every_kind():
    assert phones.WHO_PAYS.keys() == set(PhoneKind)


# In the directory.


def save(phone, **changes):
    vars(phone).update(changes)
    phone.save()


def save_one_column(phone, **changes):
    vars(phone).update(changes)
    phone.save(update_fields=list(changes))


def update(phone, **changes):
    ContactPoint.objects.filter(pk=phone.pk).update(**changes)


def update_by_what_changes(phone, **changes):
    ContactPoint.objects.filter(value=phone.value).update(**changes)


def bulk_update(phone, **changes):
    vars(phone).update(changes)
    ContactPoint.objects.bulk_update([phone], list(changes))


writes = pytest.mark.parametrize(
    "write", [save, save_one_column, update, update_by_what_changes, bulk_update]
)


@pytest.mark.django_db
@writes
@pytest.mark.parametrize(
    ("changes", "e164"),
    [
        ({"value": "800 200111"}, "+39800200111"),
        ({"value": "+61 39492 2871"}, "+61394922871"),
        ({"country": "FR"}, "+33645417542"),
        ({"type": "fax"}, "+390645417542"),
        ({"type": "website"}, ""),
        ({"value": "on request"}, ""),
    ],
)
def test_the_digits_follow_what_is_written(write, changes, e164):
    phone = ContactPointFactory(value="06 4541 7542", country="IT")
    assert phone.e164 == "+390645417542"

    write(phone, **changes)

    assert ContactPoint.objects.get().e164 == e164


@pytest.mark.django_db
def test_the_digits_are_there_after_a_bulk_create():
    phone = ContactPointFactory.build(
        association=ContactPointFactory().association, source=ContactPointFactory().source
    )

    [phone] = ContactPoint.objects.bulk_create([phone])

    assert ContactPoint.objects.get(pk=phone.pk).e164 == "+390645417542"


@pytest.mark.django_db
def test_the_digits_are_what_a_number_is_searched_by():
    phone = ContactPointFactory(value="06-4541.7542", country="IT")

    phone.value = "800 200111"
    phone.save(update_fields=["value"])

    assert "39800200111" in Card.objects.get(pk=phone.association_id).search_text


@pytest.mark.django_db
def test_what_is_no_number_stays_as_it_was_typed():
    phone = ContactPointFactory(value="12 on request", country="IT")

    assert (phone.value, phone.number, phone.e164) == ("12 on request", None, "")
    card = Card.objects.get(pk=phone.association_id)
    assert (card.phone, card.phone_number) == ("12 on request", None)


@pytest.mark.django_db
def test_an_address_of_the_web_is_no_number():
    assert (
        ContactPointFactory(type="website", value="https://example.org/0645417542").number is None
    )


@pytest.mark.django_db
def test_a_number_that_was_read_is_read_anew_after_a_change():
    phone = ContactPointFactory(value="06 4541 7542", country="IT")
    assert phone.number.kind == PhoneKind.GEOGRAPHIC

    phone.value = "800200111"
    phone.save()

    assert phone.number.kind == PhoneKind.TOLL_FREE
