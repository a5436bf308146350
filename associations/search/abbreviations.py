"""Acronyms that stand nowhere in an entry: initials of its name, or first letters of its words."""

from functools import lru_cache
from itertools import combinations

# What acronyms skip, in the languages of the directory and its neighbours.
SMALL = frozenset(
    """
    a ai al all alla alle allo an and am au aux che con d da dal de degli dei del dell della delle
    dello den der des di die do dos du e ed el en et for fra fuer fur i il im in is it kai l la las
    le les lo los mit n na nel nella nelle nello o of og on per por pour s sul sulla sullo sur the
    tra um un und van voor vom von y z zu zum zur
    """.split()  # noqa: SIM905
)
LEGAL = frozenset(
    [
        "ev",
        "gmbh",
        "ggmbh",
        "mbh",
        "ag",
        "eg",
        "kg",
        "spa",
        "srl",
        "onlus",
        "aps",
        "asbl",
        "vzw",
        "inc",
        "ltd",
        "llc",
        "plc",
        "sa",
        "sas",
        "bv",
        "nv",
        "ry",
        "rf",
    ]
)
# German writes as one word what others write as several, and takes a letter of each.
HEADS = (
    *("anstalt", "arbeit", "ausschuss", "bau", "betrieb", "bund", "bund", "dienst", "erzeuger"),
    *("fabrik", "forschung", "gemeinschaft", "genossenschaft", "gesellschaft", "gewerbe"),
    *("gewerkschaft", "handel", "handwerk", "hersteller", "industrie", "kammer", "kreis"),
    *("makler", "organisation", "rat", "schaft", "schutz", "technik", "unternehmen", "verband"),
    *("verein", "vereinigung", "versicherung", "versorgung", "werk", "wirtschaft"),
)
LONGEST = 12
LONGEST_PART, LONGEST_SHORTENED = 8, 8


def significant(words):
    """The words that an acronym is made of: no small ones, no legal form at the end."""
    kept = list(words)
    while len(kept) > 1 and kept[-1] in LEGAL:
        kept.pop()
    return [word for word in kept if word not in SMALL]


def initials(words):
    """The likely acronyms of a name, given as its words: of all words, of the significant ones,
    and with the second letter that a German compound lends."""
    main = significant(words)
    found = {"".join(word[0] for word in chosen) for chosen in (words, main)}
    found.add("".join(_letters(word) for word in main))
    if main:
        found.add(_letters(main[0]) + "".join(word[0] for word in main[1:]))
        found.add("".join(word[0] for word in main[:-1]) + _letters(main[-1]))
    return sorted(each for each in found if 2 <= len(each) <= LONGEST and each.isalpha())


@lru_cache(maxsize=20_000)
def _letters(word):
    """The first letter of a word, and of the head of a compound: `bv` of bundesverband."""
    if len(word) < 9:
        return word[:1]
    for head in HEADS:
        at = word.find(head, 3)
        if at > 0:
            return word[0] + head[0]
    return word[:1]


def abbreviates(short, words):
    """How well `short` is made of beginnings of these words, in their order: 0 (not) to 1.

    ASSITOL of “associazione italiana dell'industria olearia”: ass-it-ol.
    """
    # Of nearly all names the first word tells that it does not.
    first = next((word for word in words if word not in SMALL), None)
    if not first or not short.startswith(first[0]) or not (main := significant(words)):
        return 0
    best = _cover(short, main, 0, 0, {})
    return best / len(main) if best > 1 else 0


def _cover(short, words, at, number, known):
    """The most words that `short[at:]` uses up from `words[number:]`; below zero: it cannot."""
    if at == len(short):
        return 0
    if number == len(words):
        return -100
    key = at, number
    if key not in known:
        best = _cover(short, words, at, number + 1, known) if number else -100
        taken = 0
        word = words[number]
        while taken < min(len(word), len(short) - at) and word[taken] == short[at + taken]:
            taken += 1
            best = max(best, 1 + _cover(short, words, at + taken, number + 1, known))
        known[key] = best
    return known[key]


def splits(short):
    """The ways to take `short` apart into beginnings of words, of two letters or more each: those
    into the fewest first, as in feder-casse."""
    found = []

    def take(at, parts):
        if at == len(short):
            if len(parts) > 1:
                found.append(parts)
            return
        for length in range(2, LONGEST_PART + 1):
            if at + length <= len(short) and len(parts) < 4:
                take(at + length, [*parts, short[at : at + length]])

    take(0, [])
    return sorted(found, key=lambda parts: (len(parts), -min(map(len, parts)), parts))


def shortenings(short):
    """The initials of the names of which `short` may take more than one letter a word, by length:
    sip of SIPED, “Società italiana di pedagogia”. `[[…], …]`, the longest first."""
    if not 4 <= len(short) <= LONGEST_SHORTENED:
        return []
    return [
        sorted({short[0] + "".join(others) for others in combinations(short[1:], number)})
        for number in range(len(short) - 2, 1, -1)
    ]
