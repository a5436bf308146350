"""Makes RESULTS.md and cost.svg of the figures in results/: `python -m benchmarks.report`."""

import json
from pathlib import Path

from benchmarks.databases import VENDORS
from benchmarks.plot import plot

FOLDER = Path(__file__).resolve().parent
RESULTS = FOLDER / "results"


def rate(name, to="bare view"):
    def ratio(found):
        rates = found["served"]
        return rates[name]["rate"] / rates[to]["rate"] if {name, to} <= rates.keys() else None

    return ratio


def given_up(found):
    """The share of searches that Datasette answered with an error."""
    told = found["served"].get("Datasette: search")
    return told["refused"] / told["answers"] if told else None


def inside(*names):
    def value(found):
        told = found["inside"]
        for name in names:
            told = told.get(name) if told else None
        return told

    return value


def times_bare(name):
    """How many times the bare view's time a page takes."""
    return rate("bare view", name)


def imported(name):
    return lambda found: found.get("import", {}).get(name)


def megabytes(vendor):
    """How large the database is, of this vendor only."""
    return lambda found: (
        found["inside"]["file in bytes"] / 1e6 if found["vendor"] == vendor else None
    )


def wire(found):
    return found["wire"]["bytes"] / 1000


# What is told in which writing, and the goal, if there is one: at what size it is set (None: at
# all), what it is, and whether it is a least or a most.
LINES = [
    ("*Unchanged data, requests/s of the bare view's*", None, "", None),
    ("listing", rate("listing"), "{:.2f}", (None, ">=", 0.7)),
    ("contact page", rate("contact page"), "{:.2f}", (None, ">=", 0.7)),
    ("*Rendered anew, times the bare view's time*", None, "", None),
    ("contact page", times_bare("contact page anew"), "{:.1f} ×", (None, "<=", 15)),
    ("listing, counts known", times_bare("listing anew"), "{:.1f} ×", (100_000, "<=", 20)),
    ("search with its counts", times_bare("search anew"), "{:.1f} ×", None),
    ("*In the server, ms*", None, "", None),
    ("bare view", inside("bare view"), "{:.2f}", None),
    ("contact page, anew", inside("contact page anew"), "{:.1f}", None),
    ("listing, anew, counts known", inside("listing anew"), "{:.1f}", None),
    ("all counts of the filters, anew", inside("counts anew"), "{:.1f}", "counts"),
    ("an edit", inside("edit"), "{:.1f}", None),
    (
        "listing, first look after it",
        inside("first look after a change"),
        "{:.1f}",
        (1_000_000, "<=", 500),
    ),
    ("listing, first page of a process", inside("first page of a process"), "{:.0f}", None),
    ("search with its counts, p50", inside("search", "p50"), "{:.1f}", (1_000_000, "<=", 10)),
    ("search with its counts, p95", inside("search", "p95"), "{:.1f}", (1_000_000, "<=", 60)),
    ("search with its counts, worst", inside("search", "worst"), "{:.0f}", (1_000_000, "<=", 500)),
    ("as JSON, through all of Django, p50", inside("search as JSON", "p50"), "{:.1f}", None),
    ("as JSON, through all of Django, p95", inside("search as JSON", "p95"), "{:.1f}", None),
    ("as JSON, through all of Django, worst", inside("search as JSON", "worst"), "{:.0f}", None),
    ("the page that shows it, p50", inside("search page", "p50"), "{:.1f}", None),
    ("the page that shows it, p95", inside("search page", "p95"), "{:.1f}", None),
    ("the page that shows it, worst", inside("search page", "worst"), "{:.0f}", None),
    ("suggestions, p50", inside("suggestions", "p50"), "{:.1f}", None),
    ("suggestions, p95", inside("suggestions", "p95"), "{:.1f}", (1_000_000, "<=", 15)),
    ("suggestions, worst", inside("suggestions", "worst"), "{:.0f}", None),
    ("*Requests/s of Datasette's*", None, "", None),
    ("listing, as both serve it", rate("listing", "Datasette: listing"), "{:.0f} ×", 20),
    ("listing, ours anew", rate("listing anew", "Datasette: listing"), "{:.1f} ×", None),
    ("search, as both serve it", rate("search", "Datasette: search"), "{:.0f} ×", 20),
    ("search, ours anew", rate("search anew", "Datasette: search"), "{:.1f} ×", None),
    ("searches on which Datasette gave up", given_up, "{:.0%}", None),
    ("contact page, as both serve it", rate("contact page", "Datasette: row"), "{:.0f} ×", 5),
    ("contact page, ours anew", rate("contact page anew", "Datasette: row"), "{:.1f} ×", None),
    ("*Import*", None, "", None),
    ("all rows new, s", imported("seconds"), "{:.1f}", (100_000, "<=", 60)),
    ("the same again, s", imported("seconds again"), "{:.1f}", None),
    ("memory at the most, MB", imported("memory in MB"), "{:.0f}", None),
    ("*Sizes*", None, "", None),
    ("file of SQLite, MB", megabytes("sqlite"), "{:.0f}", (1_000_000, "<=", 1500)),
    ("database of PostgreSQL, MB", megabytes("postgresql"), "{:.0f}", None),
    ("first page load, compressed, KB", wire, "{:.1f}", (None, "<=", 40)),
    ("a process's own memory after all searches, MB", inside("memory in MB"), "{:.0f}", None),
    ("*Queries to the database*", None, "", None),
    ("listing, contact page, search: kept", inside("queries", "listing kept"), "{}", None),
    ("listing, anew, counts known", inside("queries", "listing anew"), "{}", None),
    ("search, anew", inside("queries", "search anew"), "{}", None),
    ("contact page, anew", inside("queries", "contact page anew"), "{}", None),
]
# Goals of several sizes.
GOALS = {
    "counts": [(100_000, "<=", 60), (1_000_000, "<=", 500)],
}
COST = {
    "search, p95": inside("search", "p95"),
    "search, p50": inside("search", "p50"),
    "first look after a change": inside("first look after a change"),
    "all counts": inside("counts anew"),
    "listing anew": inside("listing anew"),
    "contact page anew": inside("contact page anew"),
}


def main():
    paths = sorted(RESULTS.glob("*.json"))
    found = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    found.sort(key=lambda each: (list(VENDORS).index(each["vendor"]), each["size"]))
    if not found:
        raise SystemExit(f"{RESULTS.name}/ is empty: make bench")
    (FOLDER / "RESULTS.md").write_text(page(found), encoding="utf-8")
    (FOLDER / "cost.svg").write_text(cost(found), encoding="utf-8")


def page(found):
    return "\n".join(
        [
            "# How fast it is\n",
            "Written by `make bench` from the figures in `results/`; the first lines of `run.py`",
            "tell how to run it again. **Bold**: a goal not met.\n",
            *machines(found),
            *table(found),
            *kinds(found),
            "\n![Cost against size](cost.svg)\n",
            NOTES.strip(),
            "",
        ]
    )


def machines(found):
    told = {}
    for each in found:
        machine, python = each["machine"], each["inside"]
        words = f"{machine['cores']} cores ({machine['processor']}), {machine['memory']},"
        words += f" {machine['system']}, Python {python['python']}, Django {python['django']},"
        words += f" {python['database']}"
        words += f", Datasette {each['datasette']}" if "datasette" in each else ""
        told.setdefault(words, []).append(
            f"{each['size']:,} ({each['date']}, load before {each['load']})"
        )
    return [f"- {words}: {', '.join(sizes)}" for words, sizes in told.items()]


def table(found):
    sizes = [f"{VENDORS[each['vendor']]} {each['size']:,}" for each in found]
    yield f"\n| | {' | '.join(sizes)} | goal |"
    yield "|---|" + "--:|" * len(sizes) + "---|"
    for label, value, writing, goals in LINES:
        if value is None:
            yield f"| {label} |" + " |" * len(sizes) + " |"
            continue
        goals = all_goals(goals)
        cells = [cell(value(each), writing, goals, each) for each in found]
        yield f"| {label} | {' | '.join(cells)} | {told(goals)} |"


def all_goals(goals):
    match goals:
        case None:
            return []
        case str():
            return GOALS[goals]
        case int():
            return [(None, ">=", goals)]
    return [goals]


def cell(value, writing, goals, found):
    if value is None:
        return "–"
    text = writing.format(value)
    is_missed = any(
        size in (None, found["size"]) and (value < goal if sign == ">=" else value > goal)
        for size, sign, goal in goals
    )
    return f"**{text}**" if is_missed else text


def told(goals):
    signs = {">=": "≥", "<=": "≤"}
    return ", ".join(
        f"{signs[sign]} {goal}" + (f" at {size:,}" if size else "") for size, sign, goal in goals
    )


def kinds(found):
    """The searches by what was typed, at the largest size of each database."""
    for vendor, name in VENDORS.items():
        of_vendor = [each for each in found if each["vendor"] == vendor]
        if not of_vendor:
            continue
        largest = of_vendor[-1]
        yield f"\nSearches on {name}, {largest['size']:,} entries, in the server, ms:\n"
        yield "| typed | searches | p50 | p95 | worst |"
        yield "|---|--:|--:|--:|--:|"
        for kind, times in largest["inside"]["search by kind"].items():
            figures = " | ".join(f"{times[each]:.1f}" for each in ("p50", "p95", "worst"))
            yield f"| {kind} | {times['number']} | {figures} |"


def cost(found):
    lines = {}
    for label, value in COST.items():
        for vendor, name in VENDORS.items():
            points = [(each["size"], value(each)) for each in found if each["vendor"] == vendor]
            lines[label, name] = [point for point in points if point[1]]
    return plot(lines, dashed=VENDORS["postgresql"], x="entries", y="ms in the server")


NOTES = """
- *Load before*: what else the machine did as the run began, in busy cores. Above 0.5 the figures
  say little, ratios included: run it again.
- The bare view answers `ok` under the same server and middleware. 4 connections ask for each page,
  the server is that of `make run` (2 workers). Figures are medians of rounds that take turns.
- *Unchanged data*: pages are kept under the version of the data. *Anew*: each request names another
  host, so that no page has been kept for it; the counts of the filters are kept for all hosts. In a
  search these are counted anew as well, as nobody has searched for that text.
- *In the server*: the whole of Django, asked in its own process, without a network.
- *Search with its counts*: the first 25 of what is found, how many there are, and the counts of
  every filter next to them, as the API answers; then the same as a page, for whom nothing is known.
- *Counts anew, first look*: after the version of the data has changed.
- *Search with its counts*: what is found and why, the counts of every filter, the first page of
  it; then the same as an answer of the API, and as a page.
- The mix of searches is made of what stands in the directory (`questions.py`) and, where
  `--queries` names files, of real ones.
- Datasette serves one table of the public cards, its full-text index and the six filters that its
  columns have, in one process, as it comes. It leaves out counts that take more than 0.2 s, and
  gives up on what takes more than 1 s: that counts as an answer. The contact page has more to tell
  than its page of a row.
- `tests/postgresql.py` runs PostgreSQL without waiting for the disk and with 2 GB of buffers,
  otherwise as it comes.
- Rows of real registers (`scale.py`): where more are asked for than there are, they come again with
  words changed for others of the same register; so the vocabulary grows less than that of a
  register of such a size would.
"""


if __name__ == "__main__":
    main()
