"""The contact page: what is known, since when, by whom it is said, and who made sure of it."""

from datetime import date
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from associations.changes import one_change
from associations.checking import mark_checked
from associations.freshness import Freshness
from associations.models import (
    FACTS,
    Affiliation,
    Association,
    Citation,
    ContactPoint,
    Name,
    OfficeHolder,
    Source,
)
from associations.phones import PhoneKind
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    IdentifierFactory,
    NameFactory,
    OfficeHolderFactory,
    SectorFactory,
    SourceFactory,
    SuccessionFactory,
)
from tests.reading import read

pytestmark = pytest.mark.django_db

AICCO = "/en/associations/aicco/"


def visit(client, address=AICCO, status=200):
    response = client.get(address)
    assert response.status_code == status
    return read(response)


def statements(page, text):
    """The groups of the page's lists of facts that say `text`, each with all that is told of it."""
    groups = [group for dl in page.all("dl") for group in dl.all("div")]
    return [group for group in groups if any(text in dd.text for dd in group.all("dd"))]


def statement(page, text):
    (found,) = statements(page, text)
    return found


def dates(element):
    return [time["datetime"] for time in element.all("time")]


def sources(page, element):
    """The titles of the sources to which the numbers in `element` lead."""
    targets = [link for link in element.links if link.startswith("#")]
    return [title(page.one("li", id=target.removeprefix("#"))) for target in targets]


def title(source):
    return source.all("p")[0].text


def unknown(page):
    """What the page says to be unknown."""
    return [group.one("dt").text for group in page.all("div", "is-unknown")]


def labels(*known):
    return [str(label) for label in known]


@pytest.fixture
def aicco():
    return AssociationFactory(slug="aicco", name="AICCO")


@pytest.fixture
def confindustria():
    return AssociationFactory(slug="confindustria", name="Confindustria", kind="confederation")


# Facts, each with its date, its source and its check.


def contact(**told):
    return lambda aicco, rest: ContactPointFactory(association=aicco, **told, **rest)


def address(aicco, rest):
    return AddressFactory(association=aicco, **rest)


def president(aicco, rest):
    return OfficeHolderFactory(association=aicco, name="Leonardo Abbruzzese", **rest)


def affiliation(aicco, rest):
    parent = AssociationFactory(name="Confindustria", kind="confederation")
    return AffiliationFactory(association=aicco, parent=parent, **rest)


def name(**told):
    return lambda aicco, rest: NameFactory(association=aicco, **told, **rest)


def identifier(aicco, rest):
    return IdentifierFactory(association=aicco, value="97204050583", **rest)


def succession(aicco, rest):
    return SuccessionFactory(association=None, predecessor_name="ACC", successor=aicco, **rest)


KINDS_OF_FACT = {
    "phone": (contact(value="0645417542"), "+39 06 4541 7542"),
    "fax": (contact(type="fax", value="0645417542"), "+39 06 4541 7542"),
    "email": (contact(type="email", value="info@example.org"), "info@example.org"),
    "pec": (contact(type="pec", value="pec@example.org"), "pec@example.org"),
    "website": (contact(type="website", value="https://www.example.org/"), "example.org"),
    "address": (address, "Via Nazionale 243"),
    "president": (president, "Leonardo Abbruzzese"),
    "affiliation": (affiliation, "Confindustria"),
    "acronym": (name(type=Name.Type.ACRONYM, name="A.I.C.C.O."), "A.I.C.C.O."),
    "translated name": (name(type=Name.Type.TRANSLATED, name="Italian body"), "Italian body"),
    "former name": (name(type=Name.Type.FORMER, name="Old body"), "Old body"),
    "identifier": (identifier, "97204050583"),
    "predecessor": (succession, "ACC"),
}
each_kind_of_fact = pytest.mark.parametrize(
    ("tell", "text"), KINDS_OF_FACT.values(), ids=KINDS_OF_FACT
)


@each_kind_of_fact
def test_a_fact_is_shown_with_its_date_and_its_source(client, aicco, tell, text):
    tell(aicco, {"attested_on": "2002-03-01", "source": SourceFactory(title="To be on line")})

    page = visit(client)

    told = statement(page, text)
    assert dates(told) == ["2002-03-01"]
    assert sources(page, told) == ["To be on line"]


@each_kind_of_fact
def test_a_fact_says_since_when_and_until_when_it_held(client, aicco, tell, text):
    tell(aicco, {"valid_from": "1998", "valid_to": "2001-12"})

    assert dates(statement(visit(client), text)) == ["1998", "2001-12"]


@each_kind_of_fact
def test_a_fact_that_nobody_checked_says_so(client, aicco, tell, text):
    tell(aicco, {})

    assert "never checked" in statement(visit(client), text).text


@each_kind_of_fact
def test_a_fact_that_was_checked_says_when(client, aicco, tell, text):
    tell(aicco, {"checked_on": date(2024, 6, 1)})

    told = statement(visit(client), text)

    assert dates(told) == ["2024-06-01"]
    assert str(Freshness.NEVER.label) not in told.text


# Telephone numbers.


@pytest.mark.parametrize(
    ("value", "country", "link", "shown", "kind"),
    [
        ("800200111", "IT", "tel:800200111", "800 200 111", PhoneKind.TOLL_FREE),
        ("848.690606", "IT", "tel:848690606", "848 690 606", PhoneKind.SHARED_COST),
        ("06 4541 7542", "IT", "tel:+390645417542", "+39 06 4541 7542", PhoneKind.GEOGRAPHIC),
        ("020 7946 0000", "GB", "tel:+442079460000", "+44 20 7946 0000", PhoneKind.GEOGRAPHIC),
        ("+39 347 1234567", "", "tel:+393471234567", "+39 347 123 4567", PhoneKind.MOBILE),
    ],
)
def test_a_number_links_to_what_can_be_dialled_and_says_who_pays(
    client, aicco, value, country, link, shown, kind
):
    point = ContactPointFactory(association=aicco, value=value, country=country)

    told = statement(visit(client), shown)

    assert link in told.links
    assert str(kind.label) in told.text
    assert str(point.number.who_pays) in told.text


@pytest.mark.parametrize(("value", "named"), [("848690606", True), ("0645417542", False)])
def test_a_number_that_only_its_own_country_reaches_says_so(client, aicco, value, named):
    ContactPointFactory(association=aicco, value=value)

    (number,) = [group for group in visit(client).all("div") if group.all("a", "p-tel")][-1:]

    assert ("from Italy only" in number.text) == named


def test_a_number_in_an_odd_writing_is_shown_as_it_is(client, aicco):
    ContactPointFactory(association=aicco, value="ask at the desk, ext. 5")

    told = statement(visit(client), "ask at the desk, ext. 5")

    assert not [link for link in told.links if link.startswith("tel:")]


def test_a_number_says_whose_it_is(client, aicco):
    ContactPointFactory(association=aicco, value="0645417542", label="press office")

    assert "press office" in statement(visit(client), "06 4541 7542").text


def test_ways_to_reach_it_stand_in_one_order_on_every_page(client, aicco):
    for kind in reversed(ContactPoint.Type.values):
        value = "0645417542" if kind in ("phone", "fax") else f"https://{kind}.example.org/"
        ContactPointFactory(association=aicco, type=kind, value=value)

    terms = [dt.text for dt in visit(client).all("dt")]

    order = labels("telephone", "fax", "e-mail", "certified e-mail (PEC)", "website")
    assert [term for term in terms if term in order] == order


# What is unknown.


def test_what_no_source_tells_is_said_to_be_unknown(client, aicco):
    told = unknown(visit(client))

    phone, email = ContactPoint.Type.PHONE.label, ContactPoint.Type.EMAIL.label
    assert told == labels(phone, email, "address", OfficeHolder.Role.PRESIDENT.label)


def test_a_town_without_a_street_leaves_the_street_unknown(client, aicco):
    AddressFactory(association=aicco, street_address="", locality="Milano")

    page = visit(client)

    assert statement(page, "Milano")
    assert "street" in unknown(page)
    assert "address" not in unknown(page)


def test_what_is_known_is_not_said_to_be_unknown(client, aicco):
    for tell, _text in KINDS_OF_FACT.values():
        tell(aicco, {})

    assert unknown(visit(client)) == []


def test_a_number_that_is_over_is_no_longer_the_one_to_call(client, aicco):
    ContactPointFactory(association=aicco, value="0645417542", valid_to="2003")

    page = visit(client)

    assert str(ContactPoint.Type.PHONE.label) in unknown(page)
    assert "tel:+390645417542" not in page.links
    assert statement(page.one("details", "earlier"), "+39 06 4541 7542")


# How old it all is.


def test_a_page_that_nobody_checked_says_so_at_its_top_with_its_date(client, aicco):
    ContactPointFactory(association=aicco, attested_on="2002-03-01")
    AddressFactory(association=aicco, attested_on="2001")

    banner = visit(client).one("div", "banner")

    assert dates(banner) == ["2002-03-01"]


def test_a_page_without_any_date_says_so_at_its_top(client, aicco):
    assert dates(visit(client).one("div", "banner")) == []


def test_a_page_whose_facts_are_freshly_checked_has_nothing_to_say_at_its_top(client, aicco):
    ContactPointFactory(association=aicco, attested_on="2002-03-01")
    mark_checked(Association.objects.all(), date.today())

    assert not visit(client).all("div", "banner")


def test_a_page_whose_check_is_long_ago_says_so_at_its_top(client, aicco):
    mark_checked(Association.objects.all(), date(2020, 1, 1))

    assert dates(visit(client).one("div", "banner")) == ["2020-01-01"]


# People.


def test_a_president_whom_a_source_names_is_not_said_to_have_begun_then(client, aicco):
    OfficeHolderFactory(association=aicco, name="Attested", attested_on="2002")
    attested = statement(visit(client), "Attested").one("span", "date").text
    OfficeHolder.objects.all().delete()
    OfficeHolderFactory(association=aicco, name="Begun", valid_from="2002")
    begun = statement(visit(client), "Begun").one("span", "date").text

    assert attested.endswith("2002")
    assert begun.endswith("2002")
    assert attested != begun


def test_a_person_whom_two_sources_name_is_shown_once_with_both(client, aicco):
    for day, source in (("2002-03-01", "First"), ("2003-05-30", "Second")):
        OfficeHolderFactory(
            association=aicco,
            name="Ambrogio Pozzi",
            attested_on=day,
            source=SourceFactory(title=source),
        )

    page = visit(client)

    told = statement(page, "Ambrogio Pozzi")
    assert dates(told) == ["2003-05-30", "2002-03-01"]
    assert sources(page, told) == ["Second", "First"]


def test_earlier_presidents_are_folded_away(client, aicco):
    OfficeHolderFactory(association=aicco, name="Old President", attested_on="1999")
    OfficeHolderFactory(association=aicco, name="New President", attested_on="2003")

    page = visit(client)

    assert statement(page.one("details", "earlier"), "Old President")
    assert not statements(page.one("details", "earlier"), "New President")
    assert statement(page, "New President")


def test_a_president_whose_term_is_over_leaves_the_office_unknown(client, aicco):
    OfficeHolderFactory(association=aicco, name="Old President", valid_to="2003")

    page = visit(client)

    assert statement(page.one("details", "earlier"), "Old President")
    assert unknown(page)[-1] == str(OfficeHolder.Role.PRESIDENT.label)


# Relations.


def test_a_confederation_is_linked(client, aicco, confindustria):
    AffiliationFactory(association=aicco, parent=confindustria)

    told = statement(visit(client), "Confindustria")

    assert "/en/associations/confindustria/" in told.links


def test_an_announced_affiliation_is_not_said_to_be_one(client, aicco, confindustria):
    AffiliationFactory(association=aicco, parent=confindustria)
    member = statement(visit(client), "Confindustria").one("dt").text
    Affiliation.objects.update(status="announced")
    announced = statement(visit(client), "Confindustria").one("dt").text

    assert announced != member


def test_a_former_affiliation_is_folded_away(client, aicco, confindustria):
    AffiliationFactory(association=aicco, parent=confindustria, valid_to="2010")

    page = visit(client)

    assert statement(page.one("details", "earlier"), "Confindustria")
    assert dates(statement(page, "Confindustria")) == ["2010"]


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_a_confederation_that_visitors_may_not_read_is_named_but_not_linked(client, aicco, state):
    hidden = AssociationFactory(slug="hidden", name="Hidden", kind="confederation", state=state)
    AffiliationFactory(association=aicco, parent=hidden)

    page = visit(client)

    assert statement(page, "Hidden")
    assert "/en/associations/hidden/" not in page.links


def test_a_confederation_names_its_members_but_no_drafts_and_no_former_ones(client, confindustria):
    for state in Association.State.values:
        member = AssociationFactory(slug=f"a-{state}", name=f"A {state} one", state=state)
        AffiliationFactory(association=member, parent=confindustria)
    former = AssociationFactory(slug="former")
    AffiliationFactory(association=former, parent=confindustria, valid_to="2010")

    page = visit(client, "/en/associations/confindustria/")

    assert set(page.one("ul", "members").links) == {
        "/en/associations/a-public/",
        "/en/associations/a-closed/",
    }
    assert not [state for state in ("draft", "withdrawn") if f"A {state} one" in page.text]


def test_predecessors_and_successors_with_an_entry_are_linked(client, aicco):
    before = AssociationFactory(slug="before", name="Body before")
    after = AssociationFactory(slug="after", name="Body after")
    SuccessionFactory(association=before, successor=aicco, kind="merged")
    SuccessionFactory(association=aicco, successor=after, kind="renamed")

    page = visit(client)

    assert "/en/associations/before/" in statement(page, "Body before").links
    assert "/en/associations/after/" in statement(page, "Body after").links
    assert "merged" in statement(page, "Body before").text
    assert "renamed" in statement(page, "Body after").text


def test_predecessors_and_successors_without_an_entry_are_named(client, aicco):
    SuccessionFactory(association=None, predecessor_name="Body before", successor=aicco)
    SuccessionFactory(association=aicco, successor=None, successor_name="Body after")

    page = visit(client)

    assert statement(page, "Body before")
    assert statement(page, "Body after")


def test_a_draft_successor_is_named_but_not_linked(client, aicco):
    draft = AssociationFactory(slug="draft", name="Body after", state="draft")
    SuccessionFactory(association=aicco, successor=draft)

    page = visit(client)

    assert statement(page, "Body after")
    assert "/en/associations/draft/" not in page.links


# What it is.


def test_it_tells_what_kind_of_body_it_is_and_when_it_was_founded(client, aicco):
    aicco.kind = "club"
    aicco.founding_date = "1997"
    aicco.description_en = "A club of <b>call centres</b>."
    aicco.save()
    aicco.sectors.add(SectorFactory(slug="crm", name_en="Relations"))
    founded = SourceFactory(title="Statute")
    Citation.objects.create(association=aicco, about="founding_date", source=founded)

    page = visit(client)

    assert "club" in page.one("header", "contact-header").text
    assert dates(statement(page, "1997")) == ["1997"]
    assert sources(page, statement(page, "1997")) == ["Statute"]
    assert statement(page, "A club of <b>call centres</b>.")
    assert "/en/?sector=crm" in statement(page, "Relations").links


def test_a_description_in_the_other_language_says_which_it_is(client, aicco):
    aicco.description_it = "Un'associazione di call center."
    aicco.save()

    told = statement(visit(client), "Un'associazione di call center.")

    assert [dd["lang"] for dd in told.all("dd", lang="it")] == ["it"]


# Closed, hidden and former entries.


def test_a_closed_entry_says_so_at_its_top_and_what_came_after(client, aicco):
    after = AssociationFactory(slug="after", name="Body after")
    SuccessionFactory(association=aicco, successor=after)
    aicco.state = "closed"
    aicco.dissolution_date = "2004-05"
    aicco.save()

    banner = visit(client).all("div", "banner")[0]

    assert dates(banner) == ["2004-05"]
    assert "/en/associations/after/" in banner.links


def test_a_draft_is_not_there_for_visitors(client, aicco):
    Association.objects.update(state="draft")

    assert "AICCO" not in visit(client, status=404).one("main").text


@pytest.mark.parametrize(
    ("is_staff", "permission", "status"),
    [(True, True, 200), (True, False, 404), (False, True, 404), (False, False, 404)],
)
def test_a_draft_is_shown_to_staff_who_may_read_entries(
    client, django_user_model, aicco, is_staff, permission, status
):
    Association.objects.update(state="draft")
    user = django_user_model.objects.create_user("reader", is_staff=is_staff)
    if permission:
        user.user_permissions.add(Permission.objects.get(codename="view_association"))
    client.force_login(user)

    visit(client, status=status)


def test_a_draft_is_kept_by_no_cache(admin_client, aicco):
    Association.objects.update(state="draft")

    response = admin_client.get(AICCO)

    assert "no-store" in response.headers["Cache-Control"]
    assert read(response).one("meta", name="robots")["content"].startswith("noindex")
    assert read(response).all("div", "banner")


def test_what_staff_read_of_a_draft_is_shown_to_nobody_else(client, admin_client, aicco):
    Association.objects.update(state="draft")
    Association.objects.update(slug="secret-new-name")
    for address in (AICCO, "/en/associations/secret-new-name/"):
        response = admin_client.get(address)
        assert response.status_code in (200, 301)
        assert "no-store" in response.headers["Cache-Control"]

        visit(client, address, status=404)


@pytest.mark.parametrize("who", ["client", "admin_client"])
def test_a_withdrawn_entry_is_gone_with_its_reason(request, aicco, who):
    reason = "Removed at <the association's> request."
    Association.objects.update(state="withdrawn", withdrawal_reason=reason)
    ContactPointFactory(association=aicco, value="0645417542")

    told = visit(request.getfixturevalue(who), status=410).one("main").text

    assert reason in told
    assert "4541" not in told
    assert "AICCO" not in told


def test_a_deleted_entry_is_gone(client, aicco):
    aicco.delete()

    visit(client, status=410)


def test_an_old_address_leads_to_the_new_one_for_ever(client, aicco):
    for slug in ("aicco-italia", "aicco-2004"):
        aicco.slug = slug
        aicco.save()

    for old in ("aicco", "aicco-italia"):
        response = client.get(f"/en/associations/{old}/")
        assert response.status_code == 301
        assert response.headers["Location"] == "/en/associations/aicco-2004/"


@pytest.mark.parametrize(("state", "status"), [("draft", 404), ("withdrawn", 410)])
def test_an_old_address_does_not_tell_the_new_one_of_a_hidden_entry(client, aicco, state, status):
    Association.objects.update(state=state)
    Association.objects.update(slug="secret-new-name")

    visit(client, status=status)


def test_an_unknown_address_is_answered_by_a_page_of_the_site(client):
    page = visit(client, "/en/associations/nothing-like-it/", status=404)

    assert "/en/" in page.links
    assert page.one("form").one("input", name="q")


# Sources.


def test_each_source_is_listed_once_with_a_number_and_what_it_supports(client, aicco):
    source = SourceFactory(
        title="To be on line",
        publisher="Club CMMC",
        url="https://example.org/2002",
        published_on="2002-03-01",
        seen_on="2026-11-23",
    )
    ContactPointFactory(association=aicco, source=source)
    AddressFactory(association=aicco, source=source)
    Citation.objects.create(association=aicco, about="description", source=source)

    page = visit(client)

    listed = [li for li in page.all("li") if (li.get("id") or "").startswith("source-")]
    assert [li["id"] for li in listed] == [f"source-{n}" for n in range(1, len(listed) + 1)]
    (told,) = [li for li in listed if title(li) == "To be on line"]
    assert "https://example.org/2002" in told.links
    assert "Club CMMC" in told.text
    assert dates(told) == ["2002-03-01", "2026-11-23"]
    for subject in ("contact point", "address", "description"):
        assert subject in told.text


def test_a_source_without_an_address_is_named(client, aicco):
    ContactPointFactory(association=aicco, source=SourceFactory(title="A telephone call", url=""))

    assert "A telephone call" in visit(client).one("ol", "sources").text


def wrong_references(page):
    """The links to places of the page that are not there."""
    places = [each["id"] for each in page.elements if each.get("id")]
    assert len(places) == len(set(places))
    return [link for link in page.links if link[0] == "#" and link[1:] not in places]


# The shipped directory.


@pytest.fixture
def shipped():
    call_command("load_directory", stdout=StringIO())


def test_the_page_of_each_shipped_entry_names_all_its_sources(client, admin_client, shipped):
    associations = Association.objects.all()
    assert len(associations) == 173
    for association in associations:
        address = association.get_absolute_url()
        page = visit(admin_client if association.state == "draft" else client, address)
        assert wrong_references(page) == [], address
        listed = [title(li) for li in page.one("ol", "sources").all("li")]
        assert sorted(listed) == sorted(s.title for s in sources_of(association)), address
        told = page.one("article").text
        assert [text for text in texts_of(association) if text not in told] == [], address


def test_drafts_among_the_shipped_entries_are_not_there_for_visitors(client, shipped):
    drafts = Association.objects.filter(state="draft")
    assert len(drafts) == 14
    for draft in drafts:
        visit(client, draft.get_absolute_url(), status=404)


def sources_of(association):
    """The sources of all that is said of it."""
    facts = [fact for model in FACTS for fact in facts_of(model, association)]
    citations = Citation.objects.filter(association=association)
    return Source.objects.filter(pk__in=[row.source_id for row in (*facts, *citations)])


def facts_of(model, association):
    found = set(model.objects.filter(association=association))
    if "successor" in model.SUBJECTS:
        found |= set(model.objects.filter(successor=association))
    return found


def texts_of(association):
    """What has to be read on its page, as it is written there."""
    for model, column in ((Name, "name"), (OfficeHolder, "name")):
        for text in model.objects.filter(association=association).values_list(column, flat=True):
            yield " ".join(text.split())
    for text in association.addresses.values_list("street_address", flat=True):
        yield " ".join(text.split())
    for point in association.contact_points.exclude(type__in=["phone", "fax", "website"]):
        yield point.value


def test_what_the_first_source_tells_of_aicco(client, shipped):
    page = visit(client)

    for text in ("Via Nazionale 243", "Roma", "Leonardo Abbruzzese", "Confindustria"):
        assert [
            told for told in statements(page, text) if dates(told) == ["2002-03-01"] and told.links
        ], text
    phone = statement(page, "800 200 111")
    assert "tel:800200111" in phone.links
    assert str(PhoneKind.TOLL_FREE.label) in phone.text
    assert "/en/associations/confindustria/" in page.links
    assert dates(page.one("div", "banner")) == ["2002-03-01"]


def test_what_no_source_tells_of_club_cmmc(client, shipped):
    page = visit(client, "/en/associations/club-cmmc/")

    president = OfficeHolder.Role.PRESIDENT.label
    phone, email = ContactPoint.Type.PHONE.label, ContactPoint.Type.EMAIL.label
    assert unknown(page) == labels(phone, email, "street", president)
    assert ["1997"] in [dates(told) for told in statements(page, "1997")]


# Its cost.


def queries_to_visit(client, address=AICCO):
    with CaptureQueriesContext(connection) as queries:
        visit(client, address)
    return len(queries)


def tell_everything(aicco, number):
    for tell, _text in KINDS_OF_FACT.values():
        if tell is not identifier:
            tell(aicco, {"attested_on": str(1990 + number)})
    IdentifierFactory(association=aicco)
    SuccessionFactory(association=aicco)
    AffiliationFactory(association=aicco, valid_to="2001")
    AffiliationFactory(parent=aicco)
    OfficeHolderFactory(association=aicco, valid_to=str(1990 + number))
    Citation.objects.create(association=aicco, about="name", source=SourceFactory())
    aicco.sectors.add(SectorFactory())


def test_it_costs_as_many_queries_for_twenty_facts_of_each_kind_as_for_one(client, aicco):
    tell_everything(aicco, 0)
    one = queries_to_visit(client)
    with one_change():
        for number in range(1, 20):
            tell_everything(aicco, number)

    assert queries_to_visit(client) == one <= 6


def test_an_unknown_address_costs_a_few_queries(client):
    with CaptureQueriesContext(connection) as queries:
        visit(client, "/en/associations/nothing-like-it/", 404)

    assert len(queries) <= 4
