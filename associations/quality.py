"""How good the directory is, by its own measure: how many of its facts were checked, and when.

Every fact that holds today, of every entry that is listed, is looked at: a million entries take
some ten seconds. A small directory is counted anew with each change, a large one once a day.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from urllib.parse import urlencode

import numpy as np
from django.core.cache import cache
from django.db.models import Case, CharField, Q, When
from django.db.models.functions import Cast, Substr
from django.urls import reverse
from django.utils import timezone

from . import columns, countries
from .columns import date_of, day_number
from .freshness import DUE_MONTHS, FRESH_MONTHS, Freshness, months_before
from .models import FACTS, Association, Card, Correction, DataVersion, FacetValue
from .models.corrections import PROMISED
from .models.facts import iso_day

LARGE = 20_000  # entries
SHOWN = 20  # countries, and confederations: those with the most facts
WIDTH = 1000  # of a whole bar, in the units of its drawing
CHUNK = 10_000  # rows
# `check` is a day as the packed columns number it, `evidence` a month since the year 0; 0: none.
FACT = np.dtype([("association", "<i8"), ("check", "<u2"), ("evidence", "<i4")])


@dataclass(frozen=True, slots=True)
class Part:
    """The facts of one freshness, as a piece of a bar; `share` in hundredths."""

    state: Freshness
    number: int
    share: float
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Place:
    """The whole directory, a country or a confederation.

    `value` is what the listing is narrowed by, `name` what it is called where that is the same in
    each language.
    """

    parameter: str
    value: str
    name: str

    @property
    def label(self):
        return self.name or countries.name(self.value)

    @property
    def url(self):
        return f"{reverse('associations:list')}?{urlencode({self.parameter: self.value})}"


@dataclass(frozen=True, slots=True)
class Share(Place):
    """The facts of one of these; the ages are medians in months, None where nothing was checked,
    or is dated."""

    number: int
    parts: list
    age_of_checks: int | None
    age_of_evidence: int | None


@dataclass(frozen=True, slots=True)
class Replies(Place):
    """The messages on the entries of one of these; `median` in working days, None before the first
    answer."""

    waiting: int
    given: int
    median: float | None


@dataclass(frozen=True, slots=True)
class Quality:
    """What was counted, and when; of a large directory it stands until the next day."""

    counted_at: datetime
    is_large: bool
    whole: Share
    countries: list
    confederations: list

    bar_width = WIDTH

    @property
    def day(self):
        return timezone.localdate(self.counted_at)


@dataclass(frozen=True, slots=True)
class Answers:
    """How messages from outside are answered; `median` in working days, `in_time` in hundredths.

    Both are None before the first answer.
    """

    waiting: int
    overdue: int
    given: int
    median: float | None
    in_time: float | None
    countries: list
    confederations: list

    promised = PROMISED


def answers():
    """The `Answers` as they are now: no message waits for a new version of the data; 10 queries."""
    messages = Correction.objects
    in_time = messages.share_in_time()
    by_country, by_confederation = _replies(messages.filter(association__isnull=False))
    return Answers(
        waiting=messages.open().count(),
        overdue=messages.overdue().count(),
        given=messages.answered().count(),
        median=messages.median_reply(),
        in_time=None if in_time is None else 100 * in_time,
        countries=by_country,
        confederations=by_confederation,
    )


def _replies(messages):
    """The `Replies` of the countries and those of the confederations that most messages are on."""
    of_entries = defaultdict(list)
    for key, days in messages.order_by().values_list("association", "reply_days"):
        of_entries[key].append(days)
    columns_of = dict(_columns_of(of_entries))
    numbers = {number for pair in columns_of.values() for number in pair}
    values = dict(FacetValue.objects.filter(pk__in=numbers).values_list("pk", "value"))
    by_country, by_confederation = defaultdict(list), defaultdict(list)
    for key, (country, confederations) in columns_of.items():
        if country in values:
            by_country[values[country]] += of_entries[key]
        for each in columns.keys_of(values.get(confederations, "")):
            by_confederation[each] += of_entries[key]
    cards = Card.objects.public().in_bulk(list(by_confederation))
    named = {key: by_confederation[key] for key in cards}
    return (
        [_reply(days, "country", code) for code, days in _largest(by_country)],
        [
            _reply(days, "confederation", cards[key].slug, cards[key].name)
            for key, days in _largest(named)
        ],
    )


def _columns_of(keys):
    """`(key, (number of its country, number of its set of confederations))` of these entries."""
    for found, records in columns.chunks(np.array(sorted(keys), np.int64)):
        pairs = zip(records["country"].tolist(), records["confederation"].tolist(), strict=True)
        yield from zip(found.tolist(), pairs, strict=True)


def _reply(days, parameter, value, name=""):
    given = [number for number in days if number is not None]
    middle = median(given) if given else None
    return Replies(parameter, value, name, len(days) - len(given), len(given), middle)


def quality():
    """The `Quality` of the directory today."""
    day = timezone.localdate()
    of_day, of_version = f"quality:{day}", f"quality:{DataVersion.objects.current()}:{day}"
    if kept := cache.get(of_day) or cache.get(of_version):
        return kept
    entries = _entries()
    is_large = len(entries) > LARGE
    found = _counted(entries, day, is_large)
    cache.set(of_day if is_large else of_version, found)
    return found


def _entries():
    """`(key, number of its country, number of its set of confederations)` of what is listed."""
    listed = columns.state_numbers([Association.State.PUBLIC])
    found = []
    for keys, records in columns.chunks():
        chosen = np.isin(records["state"], listed)
        found.append(np.stack([keys, records["country"], records["confederation"]])[:, chosen])
    return np.concatenate(found, axis=1).T if found else np.zeros((0, 3), np.int64)


def _counted(entries, day, is_large):
    facts = np.concatenate([_facts(model, day) for model in FACTS])
    places = np.searchsorted(entries[:, 0], facts["association"])
    places[places == len(entries)] = 0
    is_listed = np.zeros(len(facts), bool)
    if len(entries):
        is_listed = entries[places, 0] == facts["association"]
    facts, places = facts[is_listed], places[is_listed]
    return Quality(
        counted_at=timezone.now(),
        is_large=is_large,
        whole=_share(facts, day),
        countries=_by_country(facts, entries[places, 1], day),
        confederations=_by_confederation(facts, entries[places, 2], day),
    )


def _facts(model, day):
    """The facts of a table that hold today, as records of `FACT`."""
    attested = When(Q(attested_on__gt="", attested_on__lte=iso_day(day)), then="attested_on")
    rows = (
        model.objects.holding(day)
        .filter(association__isnull=False)
        .order_by()
        .annotate(
            check_text=Cast("checked_on", CharField()),
            month=Substr(Case(attested, default="valid_from", output_field=CharField()), 1, 7),
        )
        .values_list("association", "check_text", "month")
    )
    checks, months = _Numbers(_check), _Numbers(_month)
    told = (
        (association, checks[check], months[month])
        for association, check, month in rows.iterator(chunk_size=CHUNK)
    )
    return np.fromiter(told, FACT)


class _Numbers(dict):
    """Texts as numbers, each worked out once: there are few different ones."""

    def __init__(self, number_of):
        self.number_of = number_of

    def __missing__(self, text):
        self[text] = number = self.number_of(text)
        return number


def _check(text):
    return day_number(datetime.fromisoformat(text).date()) if text else 0


def _month(text):
    """Of a year alone the middle."""
    return int(text[:4]) * 12 + int(text[5:] or 7) - 1 if text else 0


def _by_country(facts, numbers, day):
    codes = dict(FacetValue.objects.filter(facet="country").values_list("pk", "value"))
    groups = {codes[number]: own for number, own in _groups(facts, numbers) if number in codes}
    return [_share(own, day, "country", code) for code, own in _largest(groups)]


def _by_confederation(facts, numbers, day):
    sets = dict(FacetValue.objects.filter(facet="confederation").values_list("pk", "value"))
    parts = defaultdict(list)
    for number, own in _groups(facts, numbers):
        for key in columns.keys_of(sets.get(number, "")):
            parts[key].append(own)
    groups = {key: np.concatenate(own) for key, own in parts.items()}
    cards = Card.objects.public().in_bulk(list(groups))
    return [
        _share(own, day, "confederation", cards[key].slug, cards[key].name)
        for key, own in _largest({key: groups[key] for key in cards})
    ]


def _groups(facts, numbers):
    """`(number, its facts)` of each number that facts have."""
    order = np.argsort(numbers, kind="stable")
    facts, numbers = facts[order], numbers[order]
    found, starts = np.unique(numbers, return_index=True)
    return zip(found.tolist(), np.split(facts, starts[1:]), strict=False)


def _largest(groups):
    ranked = sorted(groups.items(), key=lambda pair: (-len(pair[1]), str(pair[0])))
    return ranked[:SHOWN]


def _share(facts, day, parameter="", value="", name=""):
    checks, evidence = facts["check"], facts["evidence"]
    checks, evidence = checks[checks > 0], evidence[evidence > 0]
    return Share(
        parameter=parameter,
        value=value,
        name=name,
        number=len(facts),
        parts=_parts(facts["check"], day),
        age_of_checks=_months_since(date_of(int(np.median(checks))), day) if len(checks) else None,
        age_of_evidence=_month_of(day) - int(np.median(evidence)) if len(evidence) else None,
    )


def _parts(checks, day):
    fresh, due = (day_number(months_before(months, day)) for months in (FRESH_MONTHS, DUE_MONTHS))
    of_state = {
        Freshness.FRESH: checks > fresh,
        Freshness.DUE: (checks > due) & (checks <= fresh),
        Freshness.OVERDUE: (checks > 0) & (checks <= due),
        Freshness.NEVER: checks == 0,
    }
    total, before, parts = len(checks) or 1, 0, []
    for state, chosen in of_state.items():
        number = int(np.count_nonzero(chosen))
        x, end = (WIDTH * count // total for count in (before, before + number))
        parts.append(Part(state, number, 100 * number / total, x, end - x))
        before += number
    return parts


def _months_since(date, day):
    return _month_of(day) - _month_of(date)


def _month_of(date):
    return date.year * 12 + date.month - 1
