"""What keeps visitors, staff and the site itself from harm."""

import json
import os
import re
import shutil
import subprocess
import sys
from urllib.robotparser import RobotFileParser

import pytest
from django.conf import settings
from django.test import Client

from directory.proxy import client_address
from tests.factories import AssociationFactory
from tests.reading import read

PUBLIC = ["/en/", "/it/", "/en/?q=aicco", "/en/associations/aicco/"]
FORMS = ["/en/suggest/", "/en/associations/aicco/correction/"]
WRONG = ["/en/?contry=IT", "/en/?page=99", "/en/associations/nothing/", "/nothing"]
STAFF = ["/admin/", "/admin/login/", "/admin/associations/association/"]
STAFF += ["/admin/associations/association/add/", "/admin/nothing/"]
MACHINES = ["/healthz", "/readyz", "/robots.txt"]
MACHINES += ["/api/v1/associations/", "/api/v1/associations/aicco/", "/api/v1/schema/"]


@pytest.fixture
def aicco(db):
    return AssociationFactory(slug="aicco", name="AICCO")


# What browsers are told.


@pytest.mark.parametrize("address", [*PUBLIC, *WRONG, *STAFF, *MACHINES])
def test_browsers_are_told_to_be_careful(admin_client, aicco, address):
    headers = admin_client.get(address).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] in ("same-origin", "strict-origin-when-cross-origin")
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    for feature in ("camera", "geolocation", "microphone", "payment"):
        assert f"{feature}=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("address", [*PUBLIC, *WRONG, *STAFF, *MACHINES])
def test_browsers_run_and_show_nothing_but_our_own_files(admin_client, aicco, address):
    policy = admin_client.get(address).headers["Content-Security-Policy"]

    rules = {name: values for name, *values in map(str.split, policy.split(";")) if name}
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == ["'none'"]
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == ["'self'"]
    assert "'unsafe-" not in policy
    assert "http" not in policy
    assert "*" not in policy


@pytest.mark.parametrize("address", [*PUBLIC, *FORMS, *WRONG])
def test_no_page_holds_what_that_policy_forbids(client, aicco, address):
    for each in read(client.get(address)).elements:
        assert each.tag != "style"
        is_data = each.get("type") == "application/ld+json"
        assert each.tag != "script" or is_data or each["src"].startswith("/static/")
        assert not [name for name in each.attributes if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("address", [*PUBLIC, *FORMS, *WRONG])
def test_no_page_loads_anything_from_another_host(client, aicco, address):
    page = read(client.get(address))

    loaded = [each["href"] for each in page.all("link") if each["rel"] in ("stylesheet", "icon")]
    loaded += [each["src"] for each in page.elements if "src" in each.attributes]
    assert loaded
    assert not [file for file in loaded if not re.match("/[^/]", file)]


# Staff.


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("client", "/admin/login/"),
        ("admin_client", "/admin/"),
        ("admin_client", "/admin/associations/association/"),
        ("admin_client", "/admin/associations/association/add/"),
    ],
)
def test_pages_of_staff_are_kept_by_no_cache_and_no_crawler(request, db, who, address):
    response = request.getfixturevalue(who).get(address)

    assert "no-store" in response.headers["Cache-Control"]
    assert "none" in read(response).one("meta", name="robots")["content"].casefold()


def sign_in(client, password, username="staff"):
    told = {"username": username, "password": password, "next": "/admin/"}
    return client.post("/admin/login/", told)


@pytest.fixture
def staff(django_user_model):
    for name in ("staff", "other"):
        django_user_model.objects.create_superuser(name, password="right and long enough")


def test_staff_sign_in(client, staff):
    response = sign_in(client, "right and long enough")

    assert (response.status_code, response.url) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200


def test_after_five_wrong_passwords_the_right_one_is_refused_too(client, staff):
    for number in range(5):
        assert sign_in(client, f"wrong {number}").status_code in (200, 403, 429)

    assert sign_in(client, "right and long enough").status_code in (403, 429)
    assert client.get("/admin/").status_code == 302


def test_four_wrong_passwords_are_forgiven(client, staff):
    for _round in range(2):
        for number in range(4):
            assert sign_in(client, f"wrong {number}").status_code == 200
        assert sign_in(client, "right and long enough").status_code == 302


def test_who_guesses_one_account_does_not_lock_another(client, staff):
    for number in range(6):
        sign_in(client, f"wrong {number}")

    assert sign_in(client, "right and long enough", "other").status_code == 302


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(client, staff):
    answers = [
        read(sign_in(client, "wrong", name)).one("p", "errornote").text
        for name in ("staff", "nobody")
    ]

    assert answers[0] == answers[1]


def test_passwords_are_kept_as_argon2(django_user_model, db, settings):
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]  # without that of other tests
    user = django_user_model.objects.create_user("staff", password="right and long enough")

    assert user.password.startswith("argon2$argon2id$")


def test_signing_in_leads_nowhere_else(client, staff):
    told = {"username": "staff", "password": "right and long enough"}

    response = client.post("/admin/login/", told | {"next": "https://evil.example/"})

    assert "evil" not in response.url


@pytest.mark.parametrize(
    ("https", "forwarded", "address"),
    [
        (True, "192.0.2.7", "192.0.2.7"),
        (True, "203.0.113.1, 192.0.2.7", "192.0.2.7"),
        (True, "", "127.0.0.1"),
        (False, "192.0.2.7", "127.0.0.1"),
    ],
)
def test_who_asks_is_told_by_the_proxy_alone(rf, settings, https, forwarded, address):
    settings.HTTPS = https
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    assert client_address(rf.get("/", headers=headers)) == address


# What is asked wrongly.


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "a b", "\xff", ""])
def test_another_host_is_not_answered(client, host):
    response = client.get("/en/", HTTP_HOST=host)

    assert response.status_code == 400
    assert "evil" not in response.text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", [*PUBLIC, "/en/associations/nothing/", *MACHINES])
def test_public_pages_are_only_read(client, aicco, method, address):
    assert getattr(client, method)(address).status_code == 405


@pytest.mark.parametrize("address", PUBLIC)
def test_a_form_of_another_site_is_refused(aicco, address):
    response = Client(enforce_csrf_checks=True).post(address, {"q": "x"})

    assert response.status_code in (403, 405)
    assert not response.cookies


@pytest.mark.parametrize("address", [*PUBLIC, *MACHINES])
def test_the_head_of_a_page_is_that_of_the_page(client, aicco, address):
    head, whole = client.head(address), client.get(address)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Type"] == whole.headers["Content-Type"]


def test_more_than_a_form_holds_is_refused(client, db):
    response = client.post("/admin/login/", {"username": "x" * 3_000_000})

    assert response.status_code == 400


@pytest.mark.parametrize("address", ["/nothing", "/en/nothing", "/it/nothing/", "/static/nothing"])
def test_a_wrong_address_is_answered_by_a_page_of_the_site(client, address):
    response = client.get(address, follow=True)

    page = read(response)
    assert response.status_code == 404
    assert page.one("header", "site-header").links
    assert page.one("main").one("input", name="q")
    assert "urlpatterns" not in response.text


# Without a database: these tests may not use one.


@pytest.fixture
def broken(client):
    """A visitor of a site whose database does not answer."""
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("address", ["/en/", "/it/", "/en/associations/aicco/"])
def test_a_failure_is_answered_by_a_page_of_the_site_that_needs_no_database(broken, address):
    response = broken.get(address)

    page = read(response)
    assert response.status_code == 500
    assert page.one("header", "site-header").links == ["/"]
    assert page.one("h1").text
    assert page.one("div", lang="en").text
    assert "Traceback" not in response.text
    assert "RuntimeError" not in response.text
    assert "'unsafe-" not in response.headers["Content-Security-Policy"]


def test_the_process_is_up_without_a_database_but_not_ready(broken):
    assert broken.get("/healthz").status_code == 200
    assert broken.get("/readyz").status_code == 500


@pytest.mark.django_db
def test_the_site_is_ready_where_its_database_answers(client):
    assert client.get("/readyz").status_code == 200


# Machines.


def test_crawlers_read_entries_and_neither_the_desk_nor_every_combination_of_filters(client):
    response = client.get("/robots.txt")
    robots = RobotFileParser()
    robots.parse(response.text.splitlines())

    assert response.headers["Content-Type"].startswith("text/plain")
    assert robots.can_fetch("*", "/en/")
    assert robots.can_fetch("*", "/en/associations/aicco/")
    assert not robots.can_fetch("*", "/admin/login/")
    assert "Disallow: /*?" in response.text  # which that parser does not know


# In production.

PRODUCTION = {
    "SECRET_KEY": "".join(chr(ord("!") + number * 7 % 90) for number in range(60)),
    "ALLOWED_HOSTS": "example.org",
    "HTTPS": "on",
    "DEBUG": "off",
    "DATABASE_URL": "sqlite://:memory:",
}


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """The sources as on a machine where nothing was set."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("manage.py", "directory", "associations", "templates", "locale"):
        source = settings.BASE_DIR / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    return folder


def run(folder, *arguments, **environment):
    """Run Python in `folder` with this environment of the site, and no other."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "HOME")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**kept, **environment},
        capture_output=True,
        text=True,
    )


def test_django_finds_nothing_to_warn_of(clone):
    check = ["-W", "error", "manage.py", "check", "--deploy", "--fail-level", "INFO"]

    checked = run(clone, *check, **PRODUCTION)

    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("missing", ["", None])
def test_without_a_secret_key_nothing_starts(clone, missing):
    environment = PRODUCTION | {"SECRET_KEY": missing}
    environment = {name: value for name, value in environment.items() if value is not None}

    started = run(clone, "-c", "import directory.wsgi", **environment)

    assert started.returncode != 0
    assert "SECRET_KEY" in started.stderr.splitlines()[-1]


def test_what_is_not_set_is_set_safely(clone):
    told = ask_settings(clone, SECRET_KEY=PRODUCTION["SECRET_KEY"])

    assert told["DEBUG"] is False
    assert told["ALLOWED_HOSTS"] == []
    assert told["SECURE_SSL_REDIRECT"] is True


def test_cookies_of_staff_travel_encrypted_and_no_script_reads_them(clone):
    told = ask_settings(clone, **PRODUCTION)

    for cookie in ("SESSION_COOKIE", "CSRF_COOKIE"):
        assert told[f"{cookie}_SECURE"] is True
        assert told[f"{cookie}_HTTPONLY"] is True
        assert told[f"{cookie}_SAMESITE"] in ("Lax", "Strict")
        assert told[f"{cookie}_NAME"].startswith("__Host-")
    assert told["SECURE_HSTS_SECONDS"] >= 31_536_000


def ask_settings(folder, **environment):
    script = (
        "import json; from directory import settings;"
        " print(json.dumps({name: value for name, value in vars(settings).items()"
        " if isinstance(value, (bool, int, str, list)) and name.isupper()}, default=str))"
    )
    told = run(folder, "-c", script, **environment)
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def test_what_comes_unencrypted_is_sent_to_https(clone):
    script = """
import django
django.setup()
from django.test import Client
client = Client(headers={"Host": "example.org"})
for address in ("/en/?q=x", "/admin/", "/healthz"):
    response = client.get(address)
    print(response.status_code, response.headers.get("Location"))
print(client.get("/healthz", headers={"X-Forwarded-Proto": "https"}).headers[
    "Strict-Transport-Security"])
"""
    environment = PRODUCTION | {"DJANGO_SETTINGS_MODULE": "directory.settings"}

    told = run(clone, "-c", script, **environment)

    assert told.stdout.splitlines() == [
        "301 https://example.org/en/?q=x",
        "301 https://example.org/admin/",
        "200 None",
        "max-age=63072000; includeSubDomains; preload",
    ], told.stderr
