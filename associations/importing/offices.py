"""Persons and their offices: “Prof. Dr. Anna Verdi, Vorsitzende” is a title, a name, an office."""

import re
from functools import lru_cache

from ..models import OfficeHolder
from ..search import words

Role = OfficeHolder.Role

# Words before a name that are none of it; each may be written together with the next (Prof.Dr.).
TITLE = re.compile(
    r"""-?(?:
        (?: univ | prof(?:essor(?:in|e|essa)?|\.ssa)? | priv\.?-?doz | pd
          | dr(?:\.?-?ing|\.ssa|in)? | doktor | dott(?:\.ssa|\.?re|ssa|ore|oressa)?
          | dipl(?:om)?[.-]+\w[\w.-]* | dipl | avv(?:ocato)? | geom | rag | ing | arch
          | rechtsanw[aä]lt(?:in)? | notar(?:in)? | architekt(?:in)?
          | cav(?:aliere)? | comm(?:endatore)?
          | uff | lav | gr | croce | on(?:\.le|orevole) | mag(?:\.a)?
          | sig(?:\.ra|\.na|nora|nor)? | mr | mrs | ms | mme | mlle | monsieur | madame | maître
          | herrn? | frau | rev | hon
        )(?:\.|\b)-?
      | (?: on | sen | ass | jur | iur | med | dent | vet | phil | rer | nat | pol | oec | agr | soc
          | theol | sc | techn | publ | habil | mult | em | h | c | kfm | dres | ind | per | s | e
        )\.-?
      )+[,]?""",
    re.IGNORECASE | re.VERBOSE,
)
# These are initials of a name as well, but in the countries that write them for Monsieur.
MONSIEUR = re.compile(r"M{1,2}\.?")
FRENCH = {"FR", "BE", "LU", "MC", "CH"}
# Professions in Germany; of capitals, as Ra is a name as well.
PROFESSION = re.compile(r"(?:RAi?n?|StB|WP|MdB|MdL)")
# “Anna Verdi e Ugo Neri”, “Anna Verdi / Ugo Neri”: two persons.
TWO = re.compile(r"\s*/\s*|\s+(?:e|ed|und|u\.|et|and|&)\s+")
# “Presidente dal 2019”, “seit 1.3.2019”
SINCE = re.compile(r"[\s,(]*\b(?:dal|seit|depuis|since)\s+([^,()]*\d{4}[^,()]*)\)?$", re.IGNORECASE)
# A doctor's degree from abroad: “Dr. (I)”.
DEGREE = r"\((?:[A-Z]{1,3}|Univ\.?)\)"
FROM_ABROAD = re.compile(DEGREE)

# “Dipl.-Ing. (FH) Anna Verdi (Presidente)”: a degree is not the office.
IN_BRACKETS = re.compile(rf"((?:[^(),]|{DEGREE}(?=\s\w))+?)\s*\(((?:[^()]|\([^()]*\))+)\)")
WITH_DASH = re.compile(rf"((?:[^()]|{DEGREE})+?)\s+[-–—|]\s+(.+)")

# An office of which no more is said than the role says in any language.
PLAIN = {
    Role.PRESIDENT: """president, presidente, presidentessa, presidenta,
        prasident, prasidentin""",
    Role.CHAIR: "chair, chairman, chairwoman, chairperson, vorsitzender, vorsitzende, vorsitz",
    Role.VICE_PRESIDENT: """vice president, vicepresidente, vice presidente, vizeprasident,
        vizeprasidentin""",
    Role.SECRETARY_GENERAL: """secretary general, segretario generale, segretaria generale,
        secretaire general, secretaire generale, generalsekretar, generalsekretarin""",
    Role.DIRECTOR_GENERAL: """director general, direttore generale, direttrice generale,
        directeur general, directrice generale, generaldirektor, generaldirektorin""",
    Role.EXECUTIVE_DIRECTOR: """executive director, direttore esecutivo, direttrice esecutiva,
        directeur executif, directrice executive""",
    Role.CHIEF_EXECUTIVE: """ceo, chief executive, chief executive officer,
        amministratore delegato, amministratrice delegata""",
    Role.MANAGING_DIRECTOR: "managing director, geschaftsfuhrer, geschaftsfuhrerin",
    Role.FOUNDER: "founder, fondatore, fondatrice, fondateur, grunder, grunderin",
    Role.SPOKESPERSON: "spokesperson, sprecher, sprecherin, portavoce, porte parole",
    Role.BOARD_MEMBER: "board member, vorstandsmitglied, consigliere, consigliera",
}
PLAIN_ROLES = {office.strip(): role for role, said in PLAIN.items() for office in said.split(",")}
# What the words of an office mean: the first that is found. None: no role of ours.
MEANINGS = {
    r"^(ex|past|former|ehemalig\w*|alt|ancien\w*|immediate past)\b|\belect\b|\bemerit": None,
    r"ehrenpra|ehrenvors|\bhonor\w* (president|chair)": Role.HONORARY_PRESIDENT,
    r"\bpresident\w* (d )?hon\w*": Role.HONORARY_PRESIDENT,
    r"\bpresident\w* onor\w*": Role.HONORARY_PRESIDENT,
    r"\bassistant|\badjoint|\bdelegue\w* .*direct|\bdirect\w* general\w* delegue": None,
    r"\bvi[cz]e ?(pr|ch|vors|bundes)|\bdeputy (pres|chair)": Role.VICE_PRESIDENT,
    r"\bstellv\w* \w*(vors|pras)|^(2|zweiter?|zweite[nr]?) (vors|pras)": Role.VICE_PRESIDENT,
    r"\bpresident(e|in|essa)?\b|prasident(in)?\b|^p ?d ?g$": Role.PRESIDENT,
    r"innungsmeister|^obermeister": Role.PRESIDENT,
    r"vorsi?t?zend|vorstandsvor|\bvorsitz\b|\bchair(man|woman|person)?\b": Role.CHAIR,
    r"generalsekret|\bsecretary general|\bgeneral secretary": Role.SECRETARY_GENERAL,
    r"\bsegretari[oa] generale|\bsecretaire general": Role.SECRETARY_GENERAL,
    r"\bceo\b|\bchief executive|\bamministrat\w+ delegat": Role.CHIEF_EXECUTIVE,
    r"\bdirector general|\bdirett\w+ generale": Role.DIRECTOR_GENERAL,
    r"\bdirect(eur|rice) general|generaldirekt": Role.DIRECTOR_GENERAL,
    r"\bexecutive director|\bdirett\w+ esecutiv": Role.EXECUTIVE_DIRECTOR,
    r"\bdirect(eur|rice) executi": Role.EXECUTIVE_DIRECTOR,
    r"geschaftsfuhrer|geschaftsfuhrung": Role.MANAGING_DIRECTOR,
    r"\bmanaging director|\b(co ?)?gerant": Role.MANAGING_DIRECTOR,
    r"sprecher|\bspokes|\bportavoce|\bporte parole": Role.SPOKESPERSON,
    r"\bfounder|\bfondat|\bgrunder": Role.FOUNDER,
    r"vorstand|prasidium|\bboard member": Role.BOARD_MEMBER,
    r"\bconsiglier|\badministrat(eur|rice)\b": Role.BOARD_MEMBER,
}
# Of several offices of one person the highest.
RANKS = [Role.PRESIDENT, Role.CHAIR, *filter(None, MEANINGS.values())]
OFFICES = {re.compile(pattern): role for pattern, role in MEANINGS.items()}
# What only an office is called by: enough to tell it from another name.
OFFICE = re.compile(
    r"""pr[aä]sid|pr[eé]sid|vors|vorstand|gesch[aä]fts|dire[ck]t|direzion|dirett|leit(?:er|ung)|sprecher
      |sekret|segret|secret|secr[eé]t|meister|obmann|obfrau|syndik|justiz|beauftragt|vertret
      |bevollm|manager|\bhead\b|chief|\bc[efot]o\b|\bp\.?d\.?g\b|chair|partner|g[eé]rant|d[eé]l[eé]gu|delegat
      |administrat|amministr|fondat|founder|gr[uü]nder|inhaber|\bowner|titolare|mitglied|\bmember
      |membre|consigli|conseil|tesorier|tr[eé]sor|treasurer|k?commiss|liquidat|officer|rappresent
      |repr[eé]sent|prokurist|responsab|[ck]oordinat|b[aâ]tonnier|doyen|rettore|rektor|recteur
      |governo|verwaltung|aufsichtsrat|kanzler|\bcapo|associ[eé]|kassier|kurator|\bperson\b
      |\bvp\b|\bvice|spokes|portavoce|porte-parole|board|funzion|funktion|\bigd\b|executive""",
    re.IGNORECASE | re.VERBOSE,
)
# Those of them that are no surnames either, as Baumeister, Kanzler and Head are.
NO_NAME = re.compile(
    r"""pr[aä]sident|pr[eé]sident|vorsitz|vorstand|gesch[aä]ftsf|direktor|direct(?:or|eur|rice)\b
      |dirett(?:ore|rice)|sekret[aä]r|segretari|secretary|secr[eé]taire|\bmanager|\bg[eé]rant
      |d[eé]l[eé]gu[eé]|consiglier|tesorier|tr[eé]sorier|mitglied|vertret|beauftragt
      |\bc[efot]o\b|\bp\.?d\.?g\b|repr[aä]sentant|gesellschafter|^sprecher(?:in)?\s""",
    re.IGNORECASE | re.VERBOSE,
)


def is_office(text):
    return bool(OFFICE.search(text))


def is_no_name(text):
    return bool(NO_NAME.search(text))


def prefix_and_name(text, is_french=False):
    """“Prof. Dr. Anna Verdi”: the title and the name."""
    parts = text.split()
    number = 0
    while number < len(parts) - 1:
        part = parts[number]
        is_monsieur = is_french and number == 0 and MONSIEUR.fullmatch(part)
        is_title = is_monsieur or TITLE.fullmatch(part) or PROFESSION.fullmatch(part)
        is_title = is_title or (number and FROM_ABROAD.fullmatch(part))
        if not is_title:
            break
        number += 1
    return " ".join(parts[:number]).rstrip(","), " ".join(parts[number:])


@lru_cache(maxsize=1000)
def role_and_title(text):
    """The role, and the office in the words of the text where these say more."""
    text = " ".join(text.split())
    said = " ".join(words(text))
    if said in PLAIN_ROLES:
        return PLAIN_ROLES[said].value, ""
    if not said:
        return "", ""
    roles = {_role(part) for part in re.split(r"[/;,()]| und | et | and | e ", text)} - {None}
    return min(roles, key=RANKS.index, default=Role.OTHER).value, text


def _role(text):
    said = " ".join(words(text))
    return next((role for pattern, role in OFFICES.items() if pattern.search(said)), None)


def person(text, is_french=False):
    """`{name, title, …}` of one person and the office; None where it is not certain which is which.

    “Anna Verdi, Presidente”, “Anna Verdi (Presidente)”, “Anna Verdi - Presidente”, “Presidente:
    Anna Verdi”, or a name alone.
    """
    text = " ".join(text.split()).strip(" ,;")
    name, office = text, ""
    # “Vertreter:innen” is one word.
    if match := re.fullmatch(r"([^:]+?)\s*:(?!in\b|innen)\s*(.+)", text):
        if not is_office(match[1]):
            return None
        office, name = match.groups()
    elif (match := WITH_DASH.fullmatch(text)) and is_office(match[2]):
        name, office = match.groups()
    elif (match := IN_BRACKETS.fullmatch(text)) and not is_no_name(match[1]):
        # In brackets stands a degree as well: “Dr. (I)”.
        if len(match[2]) > 3 or is_office(match[2]):
            name, office = match.groups()
    elif "," in text:
        name, office = _cut_at_comma(text, is_french)
        if not name:
            return None
    elif WITH_DASH.fullmatch(text):
        return None
    prefix, name = prefix_and_name(name, is_french)
    if not name or TITLE.fullmatch(name) or is_no_name(name) or _are_two(name):
        return None
    role, title = role_and_title(office)
    return {"honorific_prefix": prefix, "name": name, "role": role, "title": title}


def _are_two(name):
    """Whether these are two whole names, as “Graf von und zu Blau” is not."""
    names = [part.split() for part in TWO.split(name)]
    return len(names) > 1 and all(len(each) > 1 and each[-1][0].isupper() for each in names)


def since(text):
    """`(text, date)`: without what it says of since when, and that; empty where it says nothing."""
    match = SINCE.search(text)
    if not match:
        return text, ""
    before = text[: match.start()]
    return before + ")" * (before.count("(") - before.count(")")), match[1]


def _cut_at_comma(text, is_french):
    """The name and the office around the comma between them; both empty where none is certain.

    A title may be followed by a comma (“Dipl.-Ing, Martin Wilske”), an office may hold others.
    """
    parts = text.split(",")
    for number in range(1, len(parts)):
        name, office = ",".join(parts[:number]), ",".join(parts[number:])
        if is_no_name(name):
            break
        if is_office(parts[number]):
            return name.strip(), office.strip()
    if prefix_and_name(text, is_french)[1] == parts[-1].strip():
        return text, ""
    return "", ""
