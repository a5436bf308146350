"""Messages that are answered at the same moment, on a real database each in a transaction."""

import pytest
from django.test import Client

from associations.corrections import links
from associations.corrections.protection import Seal
from associations.models import ContactPoint, Correction, EntryLink
from tests.at_once import alone, at_once
from tests.factories import AssociationFactory, ContactPointFactory, ProposalFactory
from tests.reading import filled_in, read
from tests.test_answering import address_of, form_of
from tests.test_at_once import browser, posts, real_database  # noqa: F401
from tests.test_corrections import aged
from tests.test_staff_desk import change, form_at

pytestmark = pytest.mark.django_db(transaction=True)


def proposed():
    """A message that proposes another telephone number."""
    association = AssociationFactory(slug="aicco", name="AICCO")
    phone = ContactPointFactory(association=association, value="0645417542")
    return ProposalFactory(
        correction__association=association,
        subject="phone",
        fact=phone.pk,
        said={"value": phone.value},
        proposed={"value": "800200111"},
    )


def page_of(client, proposal):
    """The page of the message before somebody who has chosen to accept it."""
    data = form_of(client, proposal.correction)
    return data | {f"p{proposal.pk}-decision": "accepted"}


def values():
    return list(ContactPoint.objects.order_by("pk").values_list("value", "is_past"))


def test_two_who_accept_the_same_message_accept_it_once():
    def two_pages():
        proposal = proposed()
        both = browser("anna"), browser("berta")
        return address_of(proposal.correction), [(each, page_of(each, proposal)) for each in both]

    address, [(anna, his), (berta, hers)] = alone(two_pages)

    statuses = at_once(posts(address, anna, his), posts(address, berta, hers))

    assert sorted(statuses) == [200, 302]
    assert alone(values) == [("0645417542", True), ("800200111", False)]


def test_who_accepts_and_who_edits_the_same_fact_lose_nothing():
    def two_pages():
        proposal = proposed()
        anna, berta = browser("anna"), browser("berta")
        entry = change(proposal.correction.association)
        return (
            (address_of(proposal.correction), anna, page_of(anna, proposal)),
            (entry, berta, form_at(berta, entry)),
        )

    accepting, editing = alone(two_pages)

    statuses = at_once(posts(*accepting), posts(*editing, **{"contact_points-0-value": "06 1"}))

    # Either the editor sees what was made over, or who accepts sees what was edited first.
    told = alone(values)
    if statuses[0] == 302:
        assert told[1] == ("800200111", False)
        assert told[0] in [("0645417542", True), ("06 1", True)]
    else:
        assert told == [("06 1", False)]


def test_two_answers_by_one_link_are_one():
    def two_forms():
        association = AssociationFactory(slug="aicco", name="AICCO")
        link = links.make_link(association, None)
        told = {"link": link.pk, "entry": link.association_id}
        token = links.signing.TimestampSigner(salt=links.SALT).sign_object(told)
        address = f"/en/your-entry/{token}/"
        [form] = [
            filled_in(each)
            for each in read(Client().get(address)).all("form", "form")
            if each.one("button")["value"] == "closed"
        ]
        seal = aged(form["seal"], 60)
        # As two people would, each with a page of their own.
        other = Seal(seal.page, seal.shown, at=seal.at)
        return address, [form | {"seal": str(each), "answer": "closed"} for each in (seal, other)]

    address, [one, two] = alone(two_forms)

    statuses = at_once(posts(address, Client(), one), posts(address, Client(), two))

    assert sorted(statuses)[0] in (200, 302)
    assert alone(Correction.objects.count) == 1
    assert alone(EntryLink.objects.get).correction_id is not None
