"""What is wrong with how pages look: light and dark, on a telephone and wide, read aloud."""

from axe_playwright_python.base import AXE_SCRIPT

PHONE, DESKTOP = 320, 1280
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What dark colours can break that light ones do not.
OF_COLOURS = ["color-contrast", "link-in-text-block"]


def faults_of(page, addresses):
    """`{name: its faults}` of the pages at these addresses (`{name: address}`), those with any."""
    found = {}
    for name, address in addresses.items():
        page.goto(address)
        found[name] = faults(page)
    return {name: wrong for name, wrong in found.items() if wrong}


def faults(page):
    """The rules of accessibility that the open page breaks, and where it is wider than a screen."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        # Colours that fade into each other are looked at when they have settled.
        page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
        for width in (PHONE, DESKTOP):
            page.set_viewport_size({"width": width, "height": 900})
            if is_wider(page, width) or open_all(page) or is_wider(page, width):
                found.append((scheme, width, "it is wider than that"))
            rules = RULES if scheme == "light" else OF_COLOURS
            found += [(scheme, width, *each) for each in violations(page, rules)]
    return found


def open_all(page):
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")


def is_wider(page, width):
    return page.evaluate("document.scrollingElement.scrollWidth") > width


def violations(page, rules=RULES):
    """`(rule, what breaks it, how)` of each place where the page breaks one of these rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    # Without a look into the stylesheets: for that axe would break the policy of the page.
    options = {"runOnly": rules, "preload": False, "resultTypes": ["violations"]}
    return [
        (rule["id"], node["target"], node["failureSummary"])
        for rule in page.evaluate("async (options) => (await axe.run(options)).violations", options)
        for node in rule["nodes"]
    ]
