"""Addresses on several lines, or on one, in the manner of the country they are in."""

import re
from functools import cache, lru_cache

from django.utils.translation import gettext as _

from .. import countries
from ..search import words
from ..search.abbreviations import LEGAL

# As files abbreviate countries.
SHORT = {
    **dict.fromkeys(("deu", "ger"), "DE"),
    **dict.fromkeys(("gb", "gbr"), "GB"),
    "aut": "AT",
    "bel": "BE",
    "che": "CH",
    "esp": "ES",
    "fra": "FR",
    "hongkong": "HK",
    "ita": "IT",
    "us": "US",
}

FIVE, FOUR = r"\d{5}", r"\d{4}"
# How postal codes look. Before the town but where the country is in `AFTER`.
CODES = {
    **dict.fromkeys(("DE", "FR", "IT", "ES", "FI", "HR", "EE", "SM", "VA", "MC", "TR", "MX"), FIVE),
    **dict.fromkeys(("UA", "ME", "RS", "LT", "KR", "MA", "TN", "DZ"), FIVE),
    **dict.fromkeys(("AT", "CH", "LI", "BE", "LU", "DK", "NO", "HU", "SI", "BG", "CY"), FOUR),
    "NL": r"\d{4}\s?[A-Z]{2}",
    "PT": r"\d{4}(?:-\d{3})?",
    "PL": r"\d{2}-\d{3}",
    "CZ": r"\d{3}\s?\d{2}",
    "SK": r"\d{3}\s?\d{2}",
    "SE": r"\d{3}\s?\d{2}",
    "GR": r"\d{3}\s?\d{2}",
    "US": r"\d{5}(?:-\d{4})?",
    "GB": r"[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}",
    "CA": r"[A-Z]\d[A-Z]\s?\d[A-Z]\d",
    "AU": FOUR,
}
AFTER = {"US", "GB", "CA", "AU"}
# How many digits a postal code has where it is nothing but digits: Excel loses the zeros before it.
LENGTHS = {
    country: 5 if code == FIVE else 4 for country, code in CODES.items() if code in (FIVE, FOUR)
}
LENGTHS["US"] = 5
# No code of these countries begins with a zero, so that none was lost.
NO_ZERO = {"AT", "CH", "LI", "BE", "LU", "HU", "SI", "BG", "CY"}
# Written before the code, as in D-10117 or F - 75007.
MARK = {"DE": "D", "FR": "F", "IT": "I", "AT": "A", "CH": "CH", "BE": "B", "LU": "L", "ES": "E"}
# Where a region stands behind the town by two or three letters: “Milano (MI)”, “Sitka, AK”.
WITH_REGION = {"IT", "US", "CA", "AU"}
# Between a street and the town on one line.
BETWEEN = r" \t,;/|·–-"
# Behind a French town: “Paris Cedex 08”, “Lyon 03”.
CEDEX = re.compile(r"\s+(?:cedex(?:\s+\d{1,2})?|\d{1,2})$", re.IGNORECASE)
STATES = dict(
    re.findall(
        r"([A-Z]{2}) ([^,\n]+)",
        """
        AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado, CT Connecticut,
        DE Delaware, DC District of Columbia, FL Florida, GA Georgia, HI Hawaii, ID Idaho,
        IL Illinois, IN Indiana, IA Iowa, KS Kansas, KY Kentucky, LA Louisiana, ME Maine,
        MD Maryland, MA Massachusetts, MI Michigan, MN Minnesota, MS Mississippi, MO Missouri,
        MT Montana, NE Nebraska, NV Nevada, NH New Hampshire, NJ New Jersey, NM New Mexico,
        NY New York, NC North Carolina, ND North Dakota, OH Ohio, OK Oklahoma, OR Oregon,
        PA Pennsylvania, RI Rhode Island, SC South Carolina, SD South Dakota, TN Tennessee,
        TX Texas, UT Utah, VT Vermont, VA Virginia, WA Washington, WV West Virginia, WI Wisconsin,
        WY Wyoming, PR Puerto Rico
        """,
    )
)
PARTS = ("street_address", "postal_code", "locality", "region", "country")


@cache
def _names():
    return {" ".join(words(name)): code for name, code in countries.writings().items()} | SHORT


@lru_cache(maxsize=1000)
def country(text):
    """The code of a country by its name or code; empty where it is none."""
    text = text.strip(" .,")
    if re.fullmatch("[A-Z]{2}", text) and text in _names().values():
        return text
    return _names().get(" ".join(words(text)), "")


def lines_of(text):
    return [
        line for line in (" ".join(each.split()).strip(" ,") for each in text.split("\n")) if line
    ]


def street(text, names=(), town=("", "")):
    """A street on several lines on one, without the lines that say again whose it is and where.

    `town` is the postal code and the city that other columns tell.
    """
    lines = _without_name(lines_of(text), names)
    code, city = town
    if lines and code and city:
        again = rf"(?:^|[\s,–-]+){re.escape(code)}\s+{re.escape(city)}$"
        lines[-1] = re.sub(again, "", lines[-1], flags=re.IGNORECASE).strip(" ,")
    return ", ".join(filter(None, lines))


def _without_name(lines, names):
    """The lines of an address below those that say the name: whole, cut off or abbreviated."""
    for name in names:
        said = words(name)
        for number in range(min(3, len(lines) - 1), 0, -1):
            above = words(" ".join(lines[:number]))
            # What goes on in other words of the name is kept whole.
            goes_on = any(len(word) > 4 and word in said for word in words(lines[number]))
            if "".join(above) == "".join(said) or (_shortens(above, said) and not goes_on):
                return lines[number:]
    return lines


def _shortens(above, name):
    """Whether these words are the name's: “CHAMBRE COMMERCE INDUSTRIE HTE SAVOI”."""
    short, whole = "".join(above), "".join(name)
    if len(short) >= 12 and whole.startswith(short):
        return True
    rest = iter(name)
    # Two words are many a street; with a legal form behind them they are none.
    is_name = len(above) > 2 or (len(above) == 2 and above[-1] in LEGAL)
    return is_name and all(any(_abbreviates(word, each) for each in rest) for word in above)


def _abbreviates(short, word):
    """As HTE, SYND and NAL do: its first letter, and others of it in their order."""
    letters = iter(word)
    return short[0] == word[0] and all(letter in letters for letter in short)


def take_apart(text, default_country="", names=()):
    """`({part: text}, [reason, …])` of a whole address; its names may stand on the first line."""
    lines = lines_of(text)
    parts = dict.fromkeys(PARTS, "")
    parts["country"] = _take_country(lines) or (lines and _marked(lines[-1])) or default_country
    is_named = parts["country"] != "" and len(lines_of(text)) > len(lines)
    lines = _without_name(lines, names)
    if not lines:
        return parts, []
    town = _town(lines[-1], parts["country"])
    is_alone = town and len(lines) == 1 and "," in town["locality"]
    if town and (is_alone or any(_is_town(line, parts["country"]) for line in lines[:-1])):
        # “10117 Berlin, Am Ufer” is perhaps a street; of two addresses nobody knows which is meant.
        town = None
    elif town:
        lines.pop()
    elif len(lines) == 1 and (cut := _cut(lines[0], parts["country"])):
        lines[0], town = cut
    elif is_named and len(lines) > 1 and not re.search(r"\d", lines[-1]):
        town = _town_below(lines, parts["country"])
    if not town:
        parts["street_address"] = ", ".join(lines)
        return parts, [_("Where the street ends is not certain: the address is kept whole.")]
    reasons = [town.pop("reason")] if "reason" in town else []
    return parts | town | {"street_address": ", ".join(lines)}, reasons


def _is_town(line, country):
    """Whether a line is surely one: “PO BOX 16803” looks like a postal code below its city."""
    town = _town(line, country)
    return bool(town and (country != "US" or town["region"] in STATES))


def town(text, country):
    """`({part: text}, reason)` of a cell with the postal code and the city, as “10117 Berlin”."""
    line = " ".join(lines_of(text))
    told = _town(line, country)
    if told is None and (turned := re.fullmatch(r"(\D+?)[\s,(/-]+(\d[\d-]+)\)?", line)):
        told = _town(f"{turned[2]} {turned[1]}", country)
    if told is None:
        return {"locality": line}, _("Which is the city? “%s” is kept whole.") % line
    return told, told.pop("reason", "")


def _marked(line):
    """The country of a postal code with its mark: “A-1010 Wien”; empty where there is none."""
    for country, mark in MARK.items():
        marked = rf"(?:{mark}|{country})[-–]{CODES[country]}\s+[^\W\d]"
        if re.search(rf"(?:^|[,;]\s*){marked}", line):
            return country
    return ""


def _take_country(lines):
    """The country that the last line names, taken off it; empty where it names none."""
    if len(lines) > 1 and (code := country(lines[-1])) and not re.search(r"\d", lines[-1]):
        lines.pop()
        return code
    if lines and (match := re.fullmatch(r"(.*\d.*?)\s*(?:[,/|–]|\s-)\s*([^\d,/|–]+)", lines[-1])):
        # Two letters behind a comma are a province or a state as well.
        code = country(match[2]) if len(match[2].strip()) > 2 else ""
        if code:
            lines[-1] = match[1].strip(" ,")
        return code
    return ""


def _town(line, country):
    """What a line says that is nothing but a postal code and a town; None for any other."""
    if country not in CODES:
        return None
    code = CODES[country]
    if country in AFTER:
        pattern = rf"(?P<locality>\D+?),?\s+(?:(?P<region>[A-Z]{{2,3}}),?\s+)?(?P<code>{code})"
        if country == "GB":
            pattern = rf"(?P<locality>\D+?),?\s+(?P<code>{code})"
        match = re.fullmatch(pattern, line)
    else:
        mark = MARK.get(country, country)
        lost = rf"|\d{{{LENGTHS[country] - 1}}}" if _may_lack_zero(country) else ""
        match = re.fullmatch(
            rf"(?:(?:{mark}|{country})\s?[-–]?\s?)?(?P<code>{code}{lost})\s*[,-]?\s+(?P<locality>\D.*)",
            line,
        )
    if not match:
        return None
    locality = _without_country(match["locality"].strip(" ,"), country)
    town = {"postal_code": match["code"], "locality": locality, "region": ""}
    if country == "US":
        town["locality"], town["region"] = _state(locality, match["region"] or "")
    elif country in AFTER:
        town["region"] = match.groupdict().get("region") or ""
    elif country == "IT":
        town["locality"], town["region"] = _province(locality)
    if not town["locality"] or re.search(r"[,;].*\d", town["locality"]):
        return None
    code, reason = postal_code(town["postal_code"], country)
    town["postal_code"] = code
    if reason:
        town["reason"] = reason
    return town


def _may_lack_zero(country):
    return country in LENGTHS and country not in NO_ZERO and country not in AFTER


def _province(town):
    """“Roma (RM)”, “Roma RM”, “Roma - RM”: the town and its province."""
    match = re.fullmatch(r"(.+?)[\s,–-]*(?:\(([A-Za-z]{2})\)|\b([A-Z]{2}))", town)
    if not match or not match[1].strip():
        return town, ""
    return match[1].strip(" ,-–"), (match[2] or match[3]).upper()


def _without_country(town, country):
    """“Roma RM Italy”: the town alone, where its country stands behind it without a sign."""
    before, _blank, last = town.rpartition(" ")
    is_country = before and len(last) > 3 and _names().get(" ".join(words(last))) == country
    return before.rstrip(" ,-–") if is_country else town


def _state(town, region):
    """“Anchorage, Alaska”, “Hartford, Conn.”, “Washington, D.C.”: the town and the code of its
    state; the town is empty where what stands behind it is neither.
    """
    town, comma, state = town.partition(",")
    if not comma or region:
        return (town, region) if not comma else ("", "")
    said = state.replace(".", "").strip()
    codes = [code for code, name in STATES.items() if name.casefold() == said.casefold()]
    codes = codes or [code for code in STATES if code == said.upper()]
    if len(said) > 3:
        codes = codes or [code for code, name in STATES.items() if name.startswith(said)]
    return (town.strip(), codes[0]) if len(codes) == 1 else ("", "")


def _cut(line, country):
    """`(street, town)` of an address on one line; None where its cut is not certain."""
    if country not in CODES:
        return None
    if country in AFTER:
        # The town is what stands between the last two commas: else nothing tells where it begins.
        match = re.fullmatch(r"(.+?),\s*([^,]+(?:,\s*[A-Z]{2,3}\s[^,]+|,\s*[^,\s]*\d[^,]*)?)", line)
        town = match and _town(match[2], country)
        if country == "US" and (not town or not town["region"]):
            # “Main St, Hartford, Conn. 06101”: the last but one, as the last is a state.
            match = re.fullmatch(r"(.+?),\s*([^,]+,[^,]+(?:,\s*[\d-]+)?)", line)
            town = match and _town(match[2], country)
            town = town if town and town["region"] else None
        return (match[1].strip(" ,"), town) if town else None
    mark = MARK.get(country, country)
    marked = rf"(?:(?:{mark}|{country})\s?[-–]\s?)?{CODES[country]}\b"
    if turned := re.fullmatch(rf"({marked}[^,;\d]+)[,;]\s*(\D*\d[^,;]*)", line):
        # “10117 Berlin, Friedrichstr. 60”
        town = _town(turned[1], country)
        return (turned[2], town) if town else None
    cuts = re.finditer(rf"(?<![\s,;]{mark})(?<![\s,;]{country})[{BETWEEN}]+(?={marked})", line)
    towns = [(line[: cut.start()], _town(line[cut.end() :], country)) for cut in cuts]
    towns = [(street.strip(BETWEEN), town) for street, town in towns if town]
    if len(towns) != 1 or re.search(r"\d{2,}|[,;]", CEDEX.sub("", towns[0][1]["locality"])):
        return None
    return towns[0]


def _town_below(lines, country):
    """The last line is a town, as the country stood below it; a postal code may be above it."""
    last = lines.pop()
    region = re.fullmatch(r"(.+?),\s*([A-Z]{2,3})", last) if country in WITH_REGION else None
    town = {"locality": region[1] if region else last, "region": region[2] if region else ""}
    town["postal_code"] = ""
    if len(lines) > 1 and country in CODES:
        if re.fullmatch(rf"(?:[A-Z]{{1,2}}-)?({CODES[country]})", lines[-1]):
            town["postal_code"] = lines.pop()
        elif (above := _town(lines[-1], country)) and above["locality"] == town["locality"]:
            lines.pop()
            town = above
    return town


def postal_code(text, country):
    """`(code, reason)`: with the zeros that Excel lost, where only one code can be meant."""
    length = LENGTHS.get(country)
    if not length or country in NO_ZERO or not text.isdecimal() or len(text) >= length:
        return text, ""
    if len(text) < 3:
        return text, _("“%s” is too short for a postal code.") % text
    whole = text.zfill(length)
    return whole, _("The postal code %(text)s has lost its zeros: it is %(whole)s.") % {
        "text": text,
        "whole": whole,
    }
