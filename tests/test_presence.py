"""Who else has an entry open: a hint in its form, and never a lock."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from associations.models import Presence
from tests.conftest import member_of
from tests.factories import AssociationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def aicco():
    return AssociationFactory(slug="aicco", name="AICCO")


@pytest.fixture
def editor(client, django_user_model):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return member_of("Editors", client, django_user_model)


@pytest.fixture
def berta(django_user_model):
    return django_user_model.objects.create_user("berta", is_staff=True)


def present(browser, association):
    response = browser.post(f"/admin/associations/association/{association.pk}/present/")
    assert response.status_code == 200
    return response.json()["text"]


def test_who_is_alone_is_told_nothing(editor, aicco):
    assert present(editor, aicco) == ""
    assert present(editor, aicco) == ""
    assert Presence.objects.get().user.username == "Editors"


def test_another_who_has_the_form_open_is_named(editor, aicco, berta):
    Presence.objects.tell(aicco, berta)

    assert present(editor, aicco).startswith("berta (since ")


def test_another_who_has_another_entry_open_is_not(editor, aicco, berta):
    Presence.objects.tell(AssociationFactory(), berta)

    assert present(editor, aicco) == ""


def test_who_has_left_is_forgotten_after_some_minutes(editor, aicco, berta):
    Presence.objects.tell(aicco, berta)
    Presence.objects.update(at=timezone.now() - timedelta(minutes=4))

    assert present(editor, aicco) == ""


def test_who_comes_back_is_there_since_then(aicco, berta):
    earlier = timezone.now() - timedelta(hours=1)
    Presence.objects.tell(aicco, berta)
    Presence.objects.update(since=earlier, at=earlier)

    Presence.objects.tell(aicco, berta)

    assert Presence.objects.get().since > earlier


def test_who_may_not_edit_is_told_nothing(client, aicco, berta):
    client.force_login(berta)

    address = f"/admin/associations/association/{aicco.pk}/present/"
    assert client.post(address).status_code == 403
    assert not Presence.objects.exists()


def test_it_is_no_address_to_be_read(editor, aicco):
    address = f"/admin/associations/association/{aicco.pk}/present/"
    assert editor.get(address).status_code == 405


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_form_tells_it_where_scripts_run(staff_page, django_user_model):
    aicco = AssociationFactory(name="AICCO")
    berta = django_user_model.objects.create_user("berta", is_staff=True)
    Presence.objects.tell(aicco, berta)

    staff_page.goto(f"/admin/associations/association/{aicco.pk}/change/")

    expect(staff_page.locator("#present")).to_contain_text("berta")
