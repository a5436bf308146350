"""Visits of contact pages are counted, and nothing else of visitors: what is read most is checked
first."""

import datetime
import threading

import pytest
from django.db import OperationalError
from django.test import Client

from associations import visits
from associations.models import Association, Card, DataVersion, Visits
from tests.factories import AssociationFactory, NameFactory
from tests.reading import read

pytestmark = pytest.mark.django_db

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
NOVEMBER, OCTOBER = datetime.date(2026, 11, 1), datetime.date(2026, 10, 1)


@pytest.fixture(autouse=True)
def nothing_counted():
    """What earlier tests read is not counted here."""
    visits._counted.clear()


@pytest.fixture(autouse=True)
def in_november(set_today):
    set_today("2026-11-30")


@pytest.fixture
def aicco():
    return AssociationFactory(name="AICCO", slug="aicco")


def visit(address, agent=BROWSER, **headers):
    return Client().get(address, headers={"User-Agent": agent, **headers})


def numbers():
    visits.write()
    return dict(Visits.objects.values_list("association__slug", "number"))


# What is counted.


def test_each_visit_of_a_contact_page_counts_in_any_language_and_of_any_day(aicco):
    for address in (
        "/en/associations/aicco/",
        "/it/associazioni/aicco/",
        "/en/associations/aicco/",
    ):
        assert visit(address).status_code == 200
    visit("/en/associations/aicco/", **{"If-None-Match": 'W/"x"'})
    visit("/en/associations/aicco/?on=2018-04-21")

    assert numbers() == {"aicco": 5}
    assert Visits.objects.get().month == NOVEMBER


def test_who_has_the_page_already_visits_it_too(aicco):
    etag = visit("/en/associations/aicco/").headers["ETag"]

    assert visit("/en/associations/aicco/", **{"If-None-Match": etag}).status_code == 304

    assert numbers() == {"aicco": 2}


@pytest.mark.parametrize(
    "address",
    [
        "/en/",
        "/en/associations/aicco/changes/",
        "/en/associations/aicco.vcf",
        "/en/associations/former/",
        "/en/associations/none/",
        "/api/v1/associations/aicco/",
    ],
)
def test_nothing_else_is_a_visit(aicco, address):
    Association.objects.filter(pk=AssociationFactory(slug="former").pk).update(slug="latter")

    visit(address)

    assert numbers() == {}


@pytest.mark.parametrize(
    ("agent", "is_counted"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", False),
        ("Mozilla/5.0 (compatible; Yahoo! Slurp)", False),
        ("curl/8.5.0", False),
        ("", False),
        ("Mozilla/5.0 (Linux; Android 13; CUBOT NOTE 50) Chrome/126.0 Mobile", True),
    ],
)
def test_what_says_of_itself_that_it_is_no_person_is_not_counted(aicco, agent, is_counted):
    visit("/en/associations/aicco/", agent=agent)

    assert bool(numbers()) == is_counted


def test_staff_at_work_are_no_visitors(editor, aicco):
    editor.get("/en/associations/aicco/", headers={"User-Agent": BROWSER})

    assert numbers() == {}


def test_a_browser_that_looks_ahead_is_no_visit(aicco):
    visit("/en/associations/aicco/", **{"Sec-Purpose": "prefetch"})

    assert numbers() == {}


# What it costs, and what it leaves.


def test_a_kept_page_is_counted_without_a_further_query(aicco, django_assert_num_queries):
    visit("/en/associations/aicco/")

    with django_assert_num_queries(1):
        response = visit("/en/associations/aicco/")

    assert not response.cookies
    assert numbers() == {"aicco": 2}


def test_many_visits_are_written_together_and_change_no_data(aicco, django_assert_max_num_queries):
    other = AssociationFactory(slug="other")
    for slug in ("aicco", "other", "aicco", "deleted"):
        visits.count(slug)
    Visits.objects.create(association=aicco, month=NOVEMBER, number=40)
    before = DataVersion.objects.current(), Card.objects.get(pk=other.pk).changed_at

    with django_assert_max_num_queries(5):
        visits.write()

    assert numbers() == {"aicco": 42, "other": 1}
    assert before == (DataVersion.objects.current(), Card.objects.get(pk=other.pk).changed_at)


def test_what_could_not_be_written_is_written_later(aicco, monkeypatch):
    visits.count("aicco")
    with monkeypatch.context() as patch:
        patch.setattr(Visits.objects, "add", locked)
        visits.write()
    assert not Visits.objects.exists()

    visits.count("aicco")

    assert numbers() == {"aicco": 2}


def locked(numbers):
    raise OperationalError("database is locked")


def test_a_thread_writes_a_minute_after_the_first_visit_and_again_as_long_as_some_are_left(
    aicco, monkeypatch
):
    started = []
    monkeypatch.setattr(visits, "write_later", lambda: started.append(True))
    monkeypatch.setattr(visits, "_is_waiting", False)
    monkeypatch.setattr(visits.connections, "close_all", lambda: None)

    visits.count("aicco")
    visits.count("aicco")
    assert len(started) == 1

    with monkeypatch.context() as patch:
        patch.setattr(Visits.objects, "add", locked)
        visits._write_in_thread()
    assert len(started) == 2

    visits._write_in_thread()
    assert (len(started), numbers()) == (2, {"aicco": 2})


def test_no_thread_keeps_the_process_from_ending(monkeypatch):
    timers = []
    monkeypatch.setattr(threading.Timer, "start", lambda timer: timers.append(timer))

    WRITE_LATER()

    assert [(timer.daemon, timer.interval) for timer in timers] == [(True, 60)]


# The tests themselves have it replaced.
WRITE_LATER = visits.write_later


def test_only_this_month_and_the_last_one_are_kept(aicco):
    for month in (datetime.date(2026, 9, 1), OCTOBER):
        Visits.objects.create(association=aicco, month=month, number=1)
    visits.count("aicco")

    visits.write()

    assert set(Visits.objects.values_list("month", flat=True)) == {OCTOBER, NOVEMBER}


def test_an_entry_that_is_deleted_goes_without_its_visits_in_the_way(aicco):
    Visits.objects.create(association=aicco, month=OCTOBER, number=1)

    aicco.delete()

    assert not Association.objects.exists()


def test_two_writers_add_up(aicco):
    Visits.objects.add({aicco.pk: 2})
    Visits.objects.add({aicco.pk: 3})

    assert numbers() == {"aicco": 5}


# The list of the desk.


def names(browser, address="/admin/tasks/visited/"):
    page = read(browser.get(address, headers={"Accept-Language": "en"})).one("main")
    return [li.text for li in page.one("ol").all("li")]


def visited(name, number, month=OCTOBER, **told):
    association = AssociationFactory(name="")
    NameFactory(association=association, name=name, **told)
    Visits.objects.create(association=association, month=month, number=number)
    return association


def test_what_is_to_be_checked_is_offered_by_visits(editor):
    visited("Old", 7, checked_on="2020-01-01")
    visited("Fresh", 99, checked_on="2026-11-01")
    visited("Never", 1234, attested_on="2002")
    AssociationFactory(name="Unread")
    assert "/admin/tasks/visited/" in read(editor.get("/admin/tasks/due/")).one("main").links

    assert names(editor) == [
        "Never 1234 visits in a month · As of 2002, not checked since.",
        "Old 7 visits in a month · Checked on 1 January 2020.",
    ]


def test_the_last_month_tells_and_this_one_only_before_there_was_another(editor):
    entry = visited("First", 5, NOVEMBER)
    assert len(names(editor)) == 1

    visited("Second", 2, OCTOBER)
    assert [name.split()[0] for name in names(editor)] == ["Second"]

    Visits.objects.create(association=entry, month=OCTOBER, number=3)
    assert [name.split()[0] for name in names(editor)] == ["First", "Second"]
