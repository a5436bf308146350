"""A page that was made is kept, and nobody is ever shown an old one."""

import datetime
import gzip

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from associations.changes import one_change
from associations.models import Association, DataVersion, Name
from tests.factories import (
    AssociationFactory,
    ContactPointFactory,
    SectorFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def association():
    return AssociationFactory(name="Bakers' Guild", slug="bakers")


@pytest.fixture(params=["list", "detail"])
def address(request, association):
    return (
        reverse("associations:list") if request.param == "list" else association.get_absolute_url()
    )


def test_a_page_is_asked_for_again_with_one_query(client, address, django_assert_num_queries):
    first = client.get(address)

    with django_assert_num_queries(1):
        again = client.get(address)

    assert again.content == first.content
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Content-Language"] == first.headers["Content-Language"]


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_kept_page_tells_of_itself_what_a_new_one_does(client, address, encoding):
    first = client.get(address, headers={"Accept-Encoding": encoding})

    again = client.get(address, headers={"Accept-Encoding": encoding})

    assert dict(again.items()) == dict(first.items())
    assert int(again.headers["Content-Length"]) == len(again.content)


def test_what_has_no_language_in_its_address_is_kept_in_each(client):
    for language in ("it", "en", "it"):
        answer = client.get("/sitemap.xml", headers={"Accept-Language": language})
        assert answer.headers["Content-Language"] == language


def test_what_is_never_kept_makes_no_query_for_it(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/healthz")


def test_who_has_the_page_is_told_so_with_one_query(client, address, django_assert_num_queries):
    etag = client.get(address).headers["ETag"]

    with django_assert_num_queries(1):
        response = client.get(address, headers={"If-None-Match": etag})

    assert response.status_code == 304
    assert response.content == b""
    assert response.headers["ETag"] == etag


def test_a_browser_asks_before_it_shows_a_page_again(client, address):
    assert client.get(address).headers["Cache-Control"] == "no-cache"


def rename(association):
    Name.objects.filter(association=association).update(name="Guild of Bakers")


def withdraw(association):
    association.state = Association.State.WITHDRAWN
    association.save()


def add_a_phone(association):
    ContactPointFactory(association=association, value="06 4541 7542")


def delete(association):
    association.delete()


@pytest.mark.parametrize("change", [rename, withdraw, add_a_phone, delete])
def test_a_change_is_seen_by_the_next_visitor(client, association, address, change):
    before = client.get(address)

    change(association)
    after = client.get(address, headers={"If-None-Match": before.headers["ETag"]})

    assert after.status_code in (200, 410)
    assert after.content != before.content


def test_a_source_that_is_put_right_is_seen_at_once(client, association):
    source = SourceFactory(title="Yaerbook")
    ContactPointFactory(association=association, source=source)
    client.get(association.get_absolute_url())

    source.title = "Yearbook"
    source.save()

    assert "Yearbook" in client.get(association.get_absolute_url()).text


def test_a_sector_that_is_renamed_is_seen_at_once(client, association):
    sector = SectorFactory(name_it="Pannifici")
    association.sectors.add(sector)
    client.get(association.get_absolute_url())

    type(sector).objects.update(name_it="Panifici")

    assert "Panifici" in client.get(association.get_absolute_url()).text


def test_the_next_day_has_pages_of_its_own(client, address, monkeypatch):
    before = client.get(address).headers["ETag"]
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)

    monkeypatch.setattr(timezone, "localdate", lambda: tomorrow)

    assert client.get(address, headers={"If-None-Match": before}).status_code == 200


def test_a_change_that_is_taken_back_leaves_the_version_as_it_was(association):
    before = DataVersion.objects.current()

    with transaction.atomic():
        rename(association)
        transaction.set_rollback(True)

    assert DataVersion.objects.current() == before


def test_a_transaction_without_a_change_leaves_the_version_as_it_was(association):
    before = DataVersion.objects.current()

    with one_change():
        pass

    assert DataVersion.objects.current() == before


def test_each_change_has_a_version_of_its_own(association):
    versions = [DataVersion.objects.current()]
    for number in range(3):
        ContactPointFactory(association=association, value=f"06 4541 754{number}")
        versions.append(DataVersion.objects.current())

    assert versions == sorted(set(versions))


def test_reading_in_the_staff_desk_is_no_change(admin_client, association):
    before = DataVersion.objects.current()

    admin_client.get(reverse("admin:associations_association_change", args=[association.pk]))

    assert DataVersion.objects.current() == before


def test_pages_are_kept_apart_by_language_host_and_fragment(client, association):
    etags = {
        client.get("/en/").headers["ETag"],
        client.get("/it/").headers["ETag"],
        client.get("/en/?country=IT").headers.get("ETag"),
        client.get("/en/", headers={"HX-Request": "true"}).headers["ETag"],
        client.get("/en/", headers={"Host": "localhost"}).headers["ETag"],
    } - {None}

    assert len(etags) >= 4
    assert client.get("/en/", headers={"HX-Request": "true"}).content != client.get("/en/").content


def test_a_draft_that_staff_read_is_not_kept_for_visitors(client):
    draft = AssociationFactory(state=Association.State.DRAFT)
    staff = get_user_model().objects.create_superuser("anna")
    client.force_login(staff)
    assert client.get(draft.get_absolute_url()).status_code == 200

    client.logout()

    assert client.get(draft.get_absolute_url()).status_code == 404


def test_an_error_is_not_kept(client):
    assert "ETag" not in client.get("/en/?cuntry=IT").headers


def test_a_compressed_page_is_the_same_page(client, association):
    zipped = client.get("/en/", headers={"Accept-Encoding": "gzip"})

    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.content) == client.get("/en/").content
    assert "Accept-Encoding" in zipped.headers["Vary"]


@pytest.mark.parametrize(("makes", "takes"), [("gzip", "identity"), ("identity", "gzip")])
def test_a_page_is_kept_once_for_those_who_take_it_compressed_and_those_who_do_not(
    client, address, django_assert_num_queries, makes, takes
):
    made = client.get(address, headers={"Accept-Encoding": makes})

    with django_assert_num_queries(1):
        kept = client.get(address, headers={"Accept-Encoding": takes})

    assert whole(kept) == whole(made)
    assert kept.headers["ETag"] == made.headers["ETag"]
    assert kept.headers.get("Content-Encoding", "identity") == takes
    assert int(kept.headers["Content-Length"]) == len(kept.content)


def whole(answer):
    is_zipped = answer.headers.get("Content-Encoding") == "gzip"
    return gzip.decompress(answer.content) if is_zipped else answer.content


def test_a_page_is_kept_only_for_reading(client, address):
    assert client.post(address).status_code == 405


def test_rows_that_were_made_before_are_told_in_each_language_and_on_each_day(client, set_today):
    set_today("2026-01-31")
    association = AssociationFactory(name="Bakers' Guild")
    for fact in (association.names.get(), ContactPointFactory(association=association)):
        fact.checked_on = datetime.date(2026, 1, 1)
        fact.save()

    assert "checked on" in client.get("/en/").text
    assert "ultima verifica" in client.get("/it/").text
    assert "is-fresh" in first_row(client)
    set_today("2027-02-01")
    assert "is-due" in first_row(client)


def first_row(client):
    return client.get("/en/").text.split("association-row")[1].split("</li>\n</ol>")[0]
