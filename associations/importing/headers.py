"""What a column holds, told by the words above it: Italian, English, German or French."""

import re
from collections import Counter
from functools import cache

from django.utils.text import slugify
from django.utils.translation import gettext as _

from .. import countries
from ..search import words
from .rows import COLUMNS, LISTS, UnreadableFile

# What a column may also hold; `taking_apart` makes the columns of an `AssociationRow` of these.
COMPOSITE = (
    "address",  # a whole address, on one or several lines
    "street_number",
    "address_extra",
    "po_box",
    "care_of",
    "identifier_scheme",  # whose number it is that stands beside
)
FIELDS = (*COLUMNS, *COMPOSITE)
# Several columns may hold these: their values are put together.
REPEATABLE = {*LISTS, "identifier", "address_extra", "street_address"}

VOCABULARY = {
    "name": """
        name, nome, nom, titolo associazione, organisation, organization, organizzazione,
        denominazione, denominazione sociale, denominazione ente, ragione sociale, intestazione,
        ente, association, associazione, nome associazione, nome ente, associazione nome,
        association name, name association, organisation name, organization name, full name,
        legal name, official name, legalname, orgname, body, entity, entity name,
        verband, verein, verbandsname, vereinsname, name verbands, name verband, name vereins,
        name organisation, name vereinigung, bezeichnung, verbandsbezeichnung, vereinigung,
        denomination, denomination sociale, raison sociale, nom association, nom organisation,
        nom organisme, nom federation, organisme, intitule, nom complet, nom officiel
    """,
    "acronym": """
        acronym, acronimo, sigla, abbreviation, abbreviazione, short name, nome breve, initials,
        kurzel, kurzbezeichnung, kurzname, abkurzung, kurzform, sigle, acronyme, abreviation
    """,
    "other_names": """
        other names, other name, aliases, alias, altri nomi, altro nome, altra denominazione,
        altre denominazioni, also known as, aka, sort name, usual name, trade name, trading name,
        weitere namen, andere namen, anderer name, autres noms, autre nom, nom usuel, nom usage,
        nom commercial, enseigne, english name, name englisch, nome inglese, nom anglais
    """,
    "former_names": """
        former names, former name, previous name, previous names, nome precedente,
        denominazione precedente, ex denominazione, gia, nomi precedenti, vecchio nome,
        vecchia denominazione, ehemaliger name, ehemalige namen, fruherer name, fruhere namen,
        ancien nom, anciens noms, ancienne denomination
    """,
    "kind": "kind, tipo, tipologia, genere, tipo ente, natura, type, art, typ, organisationstyp",
    "confederation": """
        confederation, confederations, confederazione, confederazioni, federation, federations,
        federazione, federazioni, member of, memberof, memberships, membership, parent,
        parent organisation, parent organization, umbrella organisation, umbrella organization,
        umbrella body, affiliations, affiliated to, affiliated with, aderente, aderisce,
        appartenenza, affiliazione, affiliazioni, adesioni, organizzazione madre, aderente a,
        dachverband, dachverbande, dachorganisation, dachorganisationen, mitgliedschaft,
        mitgliedschaften, mitglied bei, mitglied in, verbandszugehorigkeit, spitzenverband,
        appartenance, membre, membre de, adhesion, adhesions, affiliee, affilie
    """,
    "address": """
        address, full address, postal address, mailing address, indirizzo, indirizzo completo,
        recapito, recapito postale, indirizzo postale, anschrift, adresse, postanschrift,
        postadresse, hausanschrift, geschaftsstelle, adresse postale, adresse complete, siege,
        siege social, adresse siege, adresse siege social, sede, sede legale, sede sociale,
        indirizzo sede, indirizzo sede legale, head office, registered office, headquarters, sitz
    """,
    "street_address": """
        street address, streetaddress, street, street name, address line, address line 1, address1,
        address 1, via, via piazza, via civico, via numero civico,
        indirizzo via, strasse, str, strasse hausnummer,
        strasse nr, strasse nummer, rue, voie, numero voie, numero et rue, libelle voie, street no
    """,
    "street_number": """
        street number, house number, civico, numero civico, n civico, hausnummer, hausnr, numero rue
    """,
    "address_extra": """
        address extra, address extra 1, address extra 2, address line 2, address line 3, address2,
        address 2, adresszusatz, zusatz, complement adresse, complement, scala interno, presso
    """,
    "po_box": "po box, p o box, post office box, casella postale, postfach, boite postale, bp",
    "care_of": "ico, in care name, care of, in care of, c o",
    "postal_code": """
        postal code, postalcode, postcode, post code, zip, zip code, zipcode, cap,
        codice avviamento postale, codice postale, plz, postleitzahl, code postal, cp, npa
    """,
    "locality": """
        locality, city, town, place, municipality, comune, citta, localita, luogo, paese citta,
        ort, stadt, ortschaft, gemeinde, wohnort, ville, commune, localite, city town,
        town city, comune sede
    """,
    "region": """
        region, state, province, county, state province, regione, provincia, prov, stato federato,
        bundesland, kanton, departement, canton, regione provincia
    """,
    "country": """
        country, nation, paese, nazione, stato, staat, land, pays, country code, countrycode,
        codice paese, landercode, code pays, nazione sede
    """,
    "phone": """
        phone, phones, telephone, telephones, phone number, telephone number, telephone no,
        phone no, tel, tel no, telefono, telefoni, numero telefono, n telefono, recapito telefonico,
        recapiti telefonici, centralino, switchboard, telefon, telefonnummer, telefonnr, fon, ruf,
        rufnummer, tel nr, telephone fixe, numero telephone, no telephone, n telephone,
        cellulare, mobile, mobiltelefon, handy, portable, mobile phone, telefono fisso,
        numero verde, call center, festnetz
    """,
    "fax": "fax, telefax, fax number, numero fax, faxnummer, fax nr, telecopie, n fax, fax no",
    "email": """
        email, e mail, mail, emails, e mails, email address, e mail address, indirizzo email,
        indirizzo e mail, posta elettronica, indirizzo mail, e mail adresse, emailadresse,
        mailadresse, courriel, adresse email, adresse electronique, adresse e mail, mel,
        adresse mail, contact email
    """,
    "pec": """
        pec, certified email, certified e mail, email certificata, e mail certificata,
        posta elettronica certificata, posta certificata, indirizzo pec, mail pec, email pec,
        zertifizierte e mail, courriel certifie
    """,
    "website": """
        website, web site, web, websites, site, url, homepage, home page, web address, internet,
        sito, sito web, sito internet, siti web, indirizzo web, pagina web, webseite, webseiten,
        internetseite, internetadresse, netz, web adresse, www, site web, site internet,
        adresse web, page web
    """,
    "president": """
        president, presidente, prasident, prasidentin, presidente, presidente legale, chair,
        chairman, chairperson, chairwoman, chairman president, president chair, head, head name,
        presidente nome, nome presidente, president name, name president, legale rappresentante,
        rappresentante legale, legal representative, vorsitz, vorsitzender, vorsitzende,
        prasidium, vorstandsvorsitz, vorstandsvorsitzender, vorsitzender vorstands, leitung,
        name prasident, name vorsitzenden, president e, presidence, nom president,
        representant legal, dirigeant, nom dirigeant, principal officer, verbandsvorsitz
    """,
    "president_title": """
        president title, head function, head title, carica, carica presidente, qualifica, ruolo,
        funzione, function, role, position, funktion, amt, amtsbezeichnung, fonction,
        fonction dirigeant, qualite, titolo carica
    """,
    "president_prefix": """
        president prefix, honorific prefix, titolo, title, anrede, titel, akademischer titel,
        civilite, titre
    """,
    "president_since": """
        president since, in carica dal, presidente dal, in office since, im amt seit, seit,
        prasident seit, president depuis, depuis, en fonction depuis, dal
    """,
    "president_as_of": "president as of",
    "officers": """
        officers, office holders, all heads, other officers, organi, cariche sociali, board,
        board members, consiglio direttivo, direttivo, vorstand, vorstandsmitglieder,
        legal representatives, legali rappresentanti, dirigeants, bureau, membres bureau,
        altre cariche, weitere vertreter, autres dirigeants
    """,
    "founding_date": """
        founding date, founded, foundation date, date founded, established, year founded,
        data fondazione, anno fondazione, fondata, data costituzione, anno costituzione, costituita,
        gegrundet, grundungsdatum, grundungsjahr, grundung, fondee, date creation, annee creation,
        date fondation, annee fondation, creation, fondazione, costituzione, founded in,
        year foundation, year established
    """,
    "sector": """
        sector, sectors, industry, branch, settore, settori, settore attivita, comparto, branche,
        branchen, wirtschaftszweig, sektor, secteur, secteurs, secteur activite, settore economico,
        domaine activite, business sector
    """,
    "description_it": "description it, descrizione, descrizione italiano, attivita descrizione",
    "description_en": "description en, description, description english, english description",
    "identifier": """
        identifier, id number, register number, registration number, registry number, national id,
        matricola, numero iscrizione, numero registro, n iscrizione, codice identificativo,
        registernummer, register nr, vereinsregisternummer, numero enregistrement,
        numero immatriculation, identifiant, identifiant national, numero repertoire
    """,
    "identifier_scheme": "identifier scheme, id type, tipo identificativo, type identifiant",
    "source_title": "source title, source, fonte, quelle",
    "source_url": "source url, url fonte",
    "source_date": "source date, data fonte, stand, data rilevazione, as of, aggiornato al",
    "checked_on": "checked on, verificato il, gepruft am, verifie le",
}
# Numbers of registers that are called by their name.
SCHEMES = {
    "us-ein": "ein, employer identification number, irs number",
    "it-cf": "codice fiscale, cf, c f, cod fiscale, cod fisc, codice fiscale ente",
    "it-piva": "partita iva, p iva, piva, part iva",
    "fr-siren": "siren, numero siren, n siren",
    "fr-siret": "siret, numero siret, n siret",
    "fr-rna": "rna, numero rna, n rna",
    "lei": "lei, lei code, codice lei",
    "de-lobbyregister": "lobbyregister, lobbyregisternummer",
    "de-vat": "ust id, ust idnr, umsatzsteuer id",
    "eu-transparency-register": "transparency register, transparency register number",
    "ror": "ror, ror id",
    "fr-hatvp": "hatvp",
}
# So only lists of one country call a column; as they do the numbers of its registers.
NATIONAL = {"IT": {"cap", "codice avviamento postale", "pec", "posta elettronica certificata"}}
# Words between the words that tell.
PASSED_BY = {
    *("a", "al", "alla", "allo", "d", "degli", "dei", "del", "dell", "della", "delle", "di", "e"),
    *("il", "in", "l", "la", "le", "de", "des", "du", "et", "les", "of", "the"),
    *("der", "die", "im", "und", "von", "zum", "zur"),
}
# “Präsident/in”, “Vorsitzende(r)”, “Président(e)”, “Presidente/essa”: the same office.
GENDERED = re.compile(
    r"(?<=\w)(?:[/:*_]-?(?:innen|in|r|e|essa)\b|\((?:innen|in|n|r|e|s|essa)\))", re.I
)
ALTERNATIVES = re.compile(
    r"/|,|;|\||\n|\b(?:bzw|oder|und|or|and|oppure|ou|et|e|o)\b\.?|[()\[\]]", re.I
)


def guess(header):
    """`{index: field}` of the columns of a header: None for a column that nobody knows.

    Our own names of columns mean themselves. Of several columns that mean the same the first does,
    unless their values can be put together. A number's column tells its scheme, where its name
    does: `identifier:us-ein`.
    """
    found, taken = {}, set()
    for index, cell in enumerate(header):
        meant = _meaning(cell)
        if meant in taken:
            meant = None
        if meant and not _is_repeatable(meant):
            taken.add(meant)
        found[index] = meant
    return found


def mapping(header, told=None, *, skip_unknown=False):
    """As `guess()`, after what somebody `told`: `{column's name: field, "" for none}`.

    Raises `UnreadableFile` where a column is not known, unless `skip_unknown`, or no name is told.
    """
    _refuse_twice(header)
    there = set(map(_bare, header))
    for name in told or {}:
        if _bare(name) not in there:
            raise UnreadableFile(_("There is no column “%s” in this file.") % name)
    told = {_bare(name): field for name, field in (told or {}).items()}
    chosen = guess(["" if _bare(cell) in told else cell for cell in header])
    for index, cell in enumerate(header):
        if _bare(cell) in told:
            chosen[index] = _field(told[_bare(cell)])
    left_out = [index for index in chosen if chosen[index] is None]
    unknown = [repr(header[index]) for index in left_out if _bare(header[index]) not in told]
    if unknown and not skip_unknown:
        raise UnreadableFile(
            _("Unknown columns: %(unknown)s. Known are: %(known)s.")
            % {"unknown": ", ".join(unknown), "known": ", ".join(FIELDS)}
        )
    single = Counter(field for field in chosen.values() if field and not _is_repeatable(field))
    if twice := [field for field, number in single.items() if number > 1]:
        raise UnreadableFile(_("Several columns for %s: choose one.") % ", ".join(twice))
    if "name" not in single:
        raise UnreadableFile(_("There is no column “name”."))
    return chosen


def _field(name):
    field, _colon, scheme = name.partition(":")
    if field and (field not in FIELDS or (scheme and field != "identifier")):
        raise UnreadableFile(
            _("There is no field “%(field)s”. Known are: %(known)s.")
            % {"field": name, "known": ", ".join(FIELDS)}
        )
    return name or None


def _refuse_twice(header):
    named = Counter(_bare(cell) for cell in header if cell)
    if twice := [name for name, number in named.items() if number > 1]:
        raise UnreadableFile(_("Columns that stand twice: %s.") % ", ".join(twice))


def _bare(cell):
    """A column's name without what differs from program to program: blanks, breaks, case."""
    return " ".join(cell.split()).lower()


def _is_repeatable(field):
    return field in REPEATABLE or field.startswith("identifier:")


def _meaning(cell):
    own = _bare(cell)
    if own in FIELDS:
        return own
    cell = GENDERED.sub("", cell)
    if meant := _known().get(_telling(cell)):
        return meant
    parts = [_telling(part) for part in ALTERNATIVES.split(cell)]
    meanings = {_known().get(part) for part in parts if part}
    if len(meanings) == 1:
        return meanings.pop()
    # What stands in brackets may only explain: “CAP (5 cifre)”.
    return _known().get(_telling(re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", cell)))


def country(header):
    """The country whose lists alone have such columns; empty where none or several have."""
    cells = [(_meaning(cell) or "", _telling(cell)) for cell in header]
    if any(meant == "country" for meant, _words in cells):
        return ""
    known = countries.names("en")
    schemes = {meant.partition(":")[2].partition("-")[0].upper() for meant, _words in cells}
    said = {code for code, phrases in NATIONAL.items() for _, told in cells if told in phrases}
    [found, *others] = sorted((schemes & known.keys()) | said) or [""]
    return "" if others else found


def scheme(text):
    """The scheme of identifiers that a cell names: “SIREN” is `fr-siren`."""
    meant = _known().get(_telling(text), "")
    return meant.partition(":")[2] if meant.startswith("identifier:") else slugify(text)[:40]


def _telling(text):
    """The words that tell what a column holds."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", text).replace("_", " ")
    text = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", text)  # C.A.P.
    return " ".join(word for word in words(text) if word not in PASSED_BY)


@cache
def _known():
    """`{words: field}`."""
    known = {}
    for field, phrases in VOCABULARY.items():
        for phrase in phrases.split(","):
            known.setdefault(_telling(phrase), field)
    for scheme, phrases in SCHEMES.items():
        for phrase in phrases.split(","):
            known[_telling(phrase)] = f"identifier:{scheme}"
    known.pop("", None)
    return known
