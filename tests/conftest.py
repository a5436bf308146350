"""What every test has: settings of its own, no network, and a browser if it asks for one."""

import datetime
import os

import django
import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import translation

from tests.chromium import FLAGS, MISSING, find

# Whatever this machine's .env and shell say, the tests mean this site; only the database is a
# choice: DATABASE_URL=postgresql://… pytest.
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "directory.settings",
    "SECRET_KEY": "for-tests-only",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "HTTPS": "off",
    "DEBUG": "off",
}
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
django.setup()

CI = os.environ.get("CI") == "true"


# One suite for both databases, in which nothing is left out unnoticed.


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    report = yield
    refuse_skip_in_ci(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    report = yield
    refuse_skip_in_ci(report)
    return report


def refuse_skip_in_ci(report):
    """Make a failure of a skipped test where CI=true: what is missing there is to be installed."""
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        _, _, reason = report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: no test is skipped where CI=true. {reason}"


# The site.


@pytest.fixture(scope="session", autouse=True)
def plain_static_files(tmp_path_factory):
    """Serve static files as they are in the sources, not as `collectstatic` left them."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        STORAGES={**settings.STORAGES, "staticfiles": plain},
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_passwords():
    """Keep the passwords of tests by what is quick: what is safe takes a tenth of a second each."""
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    with override_settings(PASSWORD_HASHERS=[quick, *settings.PASSWORD_HASHERS]):
        yield


@pytest.fixture(scope="session", autouse=True)
def visits_stay_in_memory():
    """Let no thread write the visits that were counted while another test is at the database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("associations.visits.write_later", lambda: None)
        yield


@pytest.fixture
def set_today(monkeypatch):
    """`set_today("2024-02-29")`: what day it is from now on, wherever the site asks."""

    def set_it(day):
        date = datetime.date.fromisoformat(day)
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: date)

    return set_it


@pytest.fixture(autouse=True)
def no_slugs_of_earlier_tests(request):
    """Forget the slugs that the database kept while an earlier test's entries were flushed away."""
    mark = request.node.get_closest_marker("django_db")
    is_transactional = mark and mark.kwargs.get("transaction")
    if is_transactional or {"live_server", "transactional_db"} & set(request.fixturenames):
        request.getfixturevalue("transactional_db")
        FormerSlug = django.apps.apps.get_model("associations", "FormerSlug")
        FormerSlug.objects.all().delete()


@pytest.fixture
def one_block(monkeypatch):
    """Keep what filters ask in one block for all entries: to begin another costs queries."""
    monkeypatch.setattr("associations.columns.BLOCK", 2**16)
    monkeypatch.setattr("associations.columns._kept", {})


@pytest.fixture(autouse=True)
def default_language():
    """Forget the language of a test's last request, which stays active in the thread."""
    yield
    translation.deactivate()


# Staff.


def member_of(group, client, django_user_model):
    """The client, in which somebody of this group has signed in, its `user`."""
    user = django_user_model.objects.create_user(group, is_staff=True)
    user.groups.add(django.apps.apps.get_model("auth", "Group").objects.get(name=group))
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def editor(client, django_user_model):
    """The browser of somebody who keeps entries right, and decides nothing else."""
    return member_of("Editors", client, django_user_model)


@pytest.fixture
def publisher(client, django_user_model):
    """The browser of somebody who decides what visitors see."""
    return member_of("Publishers", client, django_user_model)


# A browser, for tests marked `browser`.


@pytest.fixture(scope="session")
def chromium():
    return find() or pytest.skip(MISSING)


@pytest.fixture(scope="module")
def browser(chromium):
    """A Chromium for the tests of one module.

    Playwright keeps an event loop running in this thread, where Django then refuses to query the
    database; nothing here is asynchronous, so for as long as the browser runs it need not.
    """
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=10_000)  # milliseconds: a busy machine is no broken page
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, live_server):
    """A page of a new visitor: `page.goto("/")` is the start page, in English.

    It fails the test in which a script failed, the page broke its own content security policy, or
    anyone but our server was asked for anything.
    """
    context = browser.new_context(base_url=live_server.url, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(10_000)  # milliseconds
    trouble = []
    page.on("pageerror", lambda error: trouble.append(f"script error: {error}"))
    page.on("console", lambda message: trouble.extend(breaches_of_policy(message)))
    page.on("request", lambda request: trouble.extend(requests_elsewhere(request, live_server)))
    yield page
    context.close()
    assert not trouble


@pytest.fixture
def plain_page(browser, live_server):
    """A page of a visitor whose browser runs no script."""
    context = browser.new_context(
        base_url=live_server.url, locale="en-GB", java_script_enabled=False
    )
    page = context.new_page()
    page.set_default_timeout(10_000)  # milliseconds
    yield page
    context.close()


@pytest.fixture
def staff_page(page, live_server, admin_user):
    """A page of somebody who has signed in and may do everything."""
    sign_in(page, live_server, "admin", "password")
    return page


def sign_in(page, live_server, username, password):
    """Sign the browser of `page` in, without typing: its cookies are those of the answer."""
    request = page.context.request
    address = f"{live_server.url}/admin/login/"
    request.get(address)
    [token] = [
        cookie["value"] for cookie in page.context.cookies() if "csrftoken" in cookie["name"]
    ]
    form = {"username": username, "password": password, "csrfmiddlewaretoken": token}
    answer = request.post(address, form=form, headers={"Referer": address}, max_redirects=0)
    assert answer.status == 302, "The name or the password is wrong."


def choose(page, field, text):
    """Type in a field that searches while one types, and take the first of what it finds."""
    # What it lists before that answer is exchanged, perhaps just when it is clicked.
    with page.expect_response(lambda response: "/autocomplete/" in response.url):
        field.fill(text)
    page.locator(".select2-results__option", has_text=text).first.click()


def breaches_of_policy(message):
    if message.type == "error" and "Content Security Policy" in message.text:
        yield message.text


def requests_elsewhere(request, live_server):
    if not request.url.startswith((live_server.url, "data:", "blob:", "about:")):
        yield f"request to {request.url}"
