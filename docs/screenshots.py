"""Take the pictures of the main views in docs/screenshots/: `make screenshots`.

Of the directory as it ships, on a telephone in light and on a desk in dark colours.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.databases import manage
from benchmarks.run import PORT, served
from tests.chromium import FLAGS, MISSING, find

FOLDER = Path(__file__).parent / "screenshots"
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "color_scheme": "light",
    "is_mobile": True,
    "has_touch": True,
}
DESK = {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"}
SCREENS = {"phone": PHONE, "desktop": DESK}
COMPARED = "?a=aicco&a=assocallcenter&a=club-cmmc"
VIEWS = {
    "directory": "/it/",
    "results": "/en/?q=customer+contact",
    "empty-result": "/en/?q=assocalcentre&country=SE",
    "contact-page": "/it/associazioni/assocallcenter/",
    "on-a-day": "/en/associations/assocontact/?on=2018-04-21",
    "comparison": f"/it/confronta/{COMPARED}",
    "overview": "/it/panoramica/",
    "about-the-data": "/en/about-the-data/",
}


def main():
    if not find():
        raise SystemExit(MISSING)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/directory.sqlite3"
        manage(url, "migrate", "--verbosity=0")
        manage(url, "load_directory")
        manage(url, "collectstatic", "--noinput", "--verbosity=0")
        with served(url):
            take()


def take():
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        for screen, options in SCREENS.items():
            context = browser.new_context(base_url=f"http://127.0.0.1:{PORT}", **options)
            page = context.new_page()
            for name, address in VIEWS.items():
                page.goto(address)
                page.screenshot(path=FOLDER / f"{name}-{screen}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
