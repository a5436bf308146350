"""What a column holds, told by the words above it: Italian, English, German or French."""

import re
from collections import Counter
from functools import cache

from django.utils.text import slugify
from django.utils.translation import gettext as _

from .. import countries
from ..search import words
from . import offices
from .rows import COLUMNS, LISTS, UnreadableFile

# What a column may also hold; `taking_apart` makes the columns of an `AssociationRow` of these.
COMPOSITE = (
    "address",  # a whole address, on one or several lines
    "town",  # a postal code and the city
    "street_number",
    "address_extra",
    "po_box",
    "phone_and_fax",
    "care_of",
    "president_given_name",  # beside a column of the other name
    "president_family_name",
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
        nom organisme, nom federation, organisme, intitule, nom complet, nom officiel,
        institution, korperschaft, mitglied, mitgliedsverband, name mitgliedsverbands, nominativo,
        nome organizzazione, associato, socio, membro, member, membre, nom structure, structure,
        organisation professionnelle, syndicat, nom syndicat, company name, name organization,
        trade association, nome completo, nome esteso, denom, bezeichnung verbandes,
        name verbandes, vollstandiger name, offizieller name, denominazione completa,
        denominazione estesa, denominazione associazione, denominazione federazione, intestatario,
        org name
    """,
    "acronym": """
        acronym, acronimo, sigla, abbreviation, abbreviazione, short name, nome breve, initials,
        kurzel, kurzbezeichnung, kurzname, abkurzung, kurzform, sigle, acronyme, abreviation,
        abk, abbr, nome abbreviato, nom abrege, kurzbez
    """,
    "other_names": """
        other names, other name, aliases, alias, altri nomi, altro nome, altra denominazione,
        altre denominazioni, also known as, aka, sort name, usual name, trade name, trading name,
        weitere namen, andere namen, anderer name, autres noms, autre nom, nom usuel, nom usage,
        nom commercial, enseigne, english name, name englisch, nome inglese, nom anglais,
        englischer name, denominazione inglese, name en, nome en
    """,
    "former_names": """
        former names, former name, previous name, previous names, nome precedente,
        denominazione precedente, ex denominazione, gia, nomi precedenti, vecchio nome,
        vecchia denominazione, ehemaliger name, ehemalige namen, fruherer name, fruhere namen,
        ancien nom, anciens noms, ancienne denomination,
        vormals, ehemals, anciennement, formerly, precedente denominazione
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
        appartenance, membre de, adhesion, adhesions, affiliee, affilie,
        confederazione appartenenza, confederazione riferimento, mitglied von,
        federation appartenance, federazione appartenenza, umbrella, konfoderation,
        organizzazione appartenenza, associazione appartenenza
    """,
    "address": """
        address, full address, postal address, mailing address, indirizzo, indirizzo completo,
        recapito, recapito postale, indirizzo postale, anschrift, adresse, postanschrift,
        postadresse, hausanschrift, geschaftsstelle, adresse postale, adresse complete, siege,
        siege social, adresse siege, adresse siege social, sede, sede legale, sede sociale,
        indirizzo sede, indirizzo sede legale, head office, registered office, headquarters, sitz,
        sede nazionale, sede centrale, sede principale, anschrift geschaftsstelle, hauptsitz,
        ubicazione, domicilio
    """,
    "street_address": """
        street address, streetaddress, street, street name, address line, address line 1, address1,
        address 1, via, via piazza, via civico, via numero civico,
        indirizzo via, strasse, str, strasse hausnummer,
        strasse nr, strasse nummer, rue, voie, numero voie, numero et rue, libelle voie, street no,
        str nr, adresse 1, adresse ligne 1, indirizzo 1
    """,
    "street_number": """
        street number, house number, civico, numero civico, n civico, hausnummer, hausnr, numero rue
    """,
    "address_extra": """
        address extra, address extra 1, address extra 2, address line 2, address line 3, address2,
        address 2, adresszusatz, zusatz, complement adresse, complement, scala interno, presso,
        adresse 2, adresse ligne 2, indirizzo 2
    """,
    "po_box": "po box, p o box, post office box, casella postale, postfach, boite postale, bp",
    "care_of": "ico, in care name, care of, in care of, c o",
    "postal_code": """
        postal code, postalcode, postcode, post code, zip, zip code, zipcode, cap,
        codice avviamento postale, codice postale, plz, postleitzahl, code postal, cp, npa,
        code post, cod postale, c postal
    """,
    "locality": """
        locality, city, town, place, municipality, comune, citta, localita, luogo, paese citta,
        ort, stadt, ortschaft, gemeinde, wohnort, ville, commune, localite, city town,
        town city, comune sede,
        loc, citta sede, sitz ort, bureau distributeur
    """,
    "town": """
        plz ort, plz stadt, plz wohnort, ort plz, cap citta, cap localita, cap comune, citta cap,
        cap citta provincia, code postal ville, cp ville, ville code postal, zip city, city zip,
        city state zip, city state zip code, postal code city, postcode city, post code town
    """,
    "region": """
        region, state, province, county, state province, regione, provincia, prov, stato federato,
        bundesland, kanton, departement, canton, regione provincia,
        pr, kt, dep, sigla provincia
    """,
    "country": """
        country, nation, paese, nazione, stato, staat, land, pays, country code, countrycode,
        codice paese, landercode, code pays, nazione sede,
        landerkennzeichen
    """,
    "phone": """
        phone, phones, telephone, telephones, phone number, telephone number, telephone no,
        phone no, tel, tel no, telefono, telefoni, numero telefono, n telefono, recapito telefonico,
        recapiti telefonici, centralino, switchboard, telefon, telefonnummer, telefonnr, fon, ruf,
        rufnummer, tel nr, telephone fixe, numero telephone, no telephone, n telephone,
        tel fixe, tel fisso,
        cellulare, mobile, mobiltelefon, handy, portable, mobile phone, telefono fisso,
        numero verde, call center, festnetz,
        zentrale, cell, mobil, gsm, standard telephonique, festnetznummer
    """,
    "fax": """
        fax, telefax, fax number, numero fax, faxnummer, fax nr, telecopie, n fax, fax no,
        telecopieur
    """,
    "email": """
        email, e mail, mail, emails, e mails, email address, e mail address, indirizzo email,
        indirizzo e mail, posta elettronica, indirizzo mail, e mail adresse, emailadresse,
        mailadresse, courriel, adresse email, adresse electronique, adresse e mail, mel,
        adresse mail, contact email
    """,
    "pec": """
        pec, certified email, certified e mail, email certificata, e mail certificata,
        posta elettronica certificata, posta certificata, indirizzo pec, mail pec, email pec,
        zertifizierte e mail, courriel certifie,
        domicilio digitale
    """,
    "website": """
        website, web site, web, websites, site, url, homepage, home page, web address, internet,
        sito, sito web, sito internet, siti web, indirizzo web, pagina web, webseite, webseiten,
        internetseite, internetadresse, netz, web adresse, www, site web, site internet,
        adresse web, page web,
        internetauftritt, webadresse, internetprasenz, adresse site
    """,
    "president": """
        president, presidente, prasident, prasidentin, presidente, presidente legale, chair,
        chairman, chairperson, chairwoman, chairman president, president chair, head, head name,
        presidente nome, nome presidente, president name, name president, legale rappresentante,
        rappresentante legale, legal representative, vorsitz, vorsitzender, vorsitzende,
        prasidium, vorstandsvorsitz, vorstandsvorsitzender, vorsitzender vorstands, leitung,
        name prasident, name vorsitzenden, president e, presidence, nom president,
        representant legal, dirigeant, nom dirigeant, principal officer, verbandsvorsitz,
        nominativo presidente, presidente nazionale,
        presidente generale, 1 vorsitzender, 1 vorsitzende, 1 vors, vors, pres, president ceo,
        legale rapp, responsable legal, head organisation, bundesvorsitzender, bundesvorsitzende,
        landesvorsitzender, landesvorsitzende, obmann, obfrau
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
        prasident seit, president depuis, depuis, en fonction depuis, dal,
        amtsantritt, data elezione, data nomina, eletto, gewahlt am, elu
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
        year foundation, year established,
        fondata nel, gegr, creee en, creee, fondee en, anno fond, grundungsj
    """,
    "sector": """
        sector, sectors, industry, branch, settore, settori, settore attivita, comparto, branche,
        branchen, wirtschaftszweig, sektor, secteur, secteurs, secteur activite, settore economico,
        domaine activite, business sector,
        bereich, fachbereich, ambito, domaine
    """,
    "description_it": "description it, descrizione, descrizione italiano, attivita descrizione",
    "description_en": "description en, description, description english, english description",
    "identifier": """
        identifier, id number, register number, registration number, registry number, national id,
        matricola, numero iscrizione, numero registro, n iscrizione, codice identificativo,
        registernummer, register nr, vereinsregisternummer, numero enregistrement,
        numero immatriculation, identifiant, identifiant national, numero repertoire,
        vr nr, vereinsregister, vereinsregister nr, reg no, reg nr
    """,
    "identifier_scheme": "identifier scheme, id type, tipo identificativo, type identifiant",
    "source_title": "source title, source, fonte, quelle",
    "source_url": "source url, url fonte",
    "source_date": "source date, data fonte, stand, data rilevazione, as of, aggiornato al",
    "checked_on": "checked on, verificato il, gepruft am, verifie le",
}
# Numbers of registers that are called by their name.
SCHEMES = {
    "us-ein": "ein, fein, employer identification number, employer id, federal tax id, irs number",
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
# Beside the words that tell how somebody is reached: “N° tél.”, “Telefono sede 2”, “Work e-mail”.
BESIDE = {
    *("n", "no", "nr", "num", "numero", "nummer", "number"),
    *("sede", "ufficio", "segreteria", "generale", "nazionale", "principale", "contatto"),
    *("geschaftlich", "buro", "zentrale", "business", "work", "office", "main", "contact"),
}
REACHED = {"phone", "fax", "phone_and_fax", "email", "pec", "website", "address"}
# “Cognome del presidente”, “Vorname (Vorsitz)”, “Last name of the president”
PARTS_OF_NAMES = {
    "president_given_name": {"prenom", "vorname", "first", "given"},
    "president_family_name": {
        *("cognome", "nachname", "familienname", "surname", "last", "family", "famille")
    },
}
OF_NAMES = {"name", "nom", "nome"}
# “Präsident/in”, “Vorsitzende(r)”, “Président(e)”, “Presidente/essa”: the same office.
GENDERED = re.compile(
    r"(?<=\w)(?:[/:*_]-?(?:innen|in|r|e|essa)\b|\((?:innen|in|n|r|e|s|essa)\))", re.I
)
ALTERNATIVES = re.compile(
    r"/|,|;|\||\n|\+|&|\b(?:bzw|oder|und|or|and|oppure|ou|et|e|o)\b\.?|[()\[\]]", re.I
)


def guess(header, taken=()):
    """`{index: field}` of the columns of a header: None for a column that nobody knows.

    Our own names of columns mean themselves. Of several columns that mean the same the first does,
    unless their values can be put together. A number's column tells its scheme, where its name
    does, and a person's the office: `identifier:us-ein`, `officers:secretary_general`. What is
    `taken` is not meant once more.
    """
    found, taken = {}, set(taken)
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
    taken = [field for field in told.values() if field and not _is_repeatable(field)]
    chosen = guess(["" if _bare(cell) in told else cell for cell in header], taken)
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
    field, _colon, part = name.partition(":")
    is_part = field == "identifier" or (field == "officers" and part in offices.Role)
    if field and (field not in FIELDS or (part and not is_part)):
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
    return field.partition(":")[0] in REPEATABLE


def _meaning(cell):
    own = _bare(cell)
    if own in FIELDS:
        return own
    cell = GENDERED.sub("", cell)
    if meant := _known_as(cell):
        return meant
    parts = [part for part in ALTERNATIVES.split(cell) if not BESIDE.issuperset(words(part))]
    meanings = {_known_as(part) for part in parts}
    if meanings == {"phone", "fax"}:
        return "phone_and_fax"
    if {"postal_code", "locality"} <= meanings <= {"postal_code", "locality", "region"}:
        return "town"
    # The number of a house: “Straße / Hausnr.”
    meanings = meanings - {"street_number"} or meanings
    if len(meanings) == 1 and (meant := meanings.pop()):
        return meant
    # What stands in brackets may only explain: “CAP (5 cifre)”.
    if meant := _known_as(re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", cell)):
        return meant
    said = set(words(cell))
    for field, parts in PARTS_OF_NAMES.items():
        rest = [word for word in words(cell) if word not in parts | OF_NAMES]
        if not parts.isdisjoint(said) and _known_as(" ".join(rest)) == "president":
            return field
    told = [word for word in words(cell) if word not in BESIDE and not word.isdecimal()]
    meant = _known_as(" ".join(told))
    if meant and (meant in REACHED or meant.startswith("identifier:")):
        return meant
    role = offices.PLAIN_ROLES.get(" ".join(words(cell)))
    return role and f"officers:{role.value}"


def _known_as(text):
    """The field that these words tell; also without the last of them, as in “Fondata il”."""
    if meant := _known().get(_telling(text)):
        return meant
    meant = _known().get(_telling(text, PASSED_BY))
    return None if meant == "name" else meant


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
    meant = _known_as(text) or ""
    return meant.partition(":")[2] if meant.startswith("identifier:") else slugify(text)[:40]


def _telling(text, passed_by_at_the_end=()):
    """The words that tell what a column holds: a member is no “Member of”."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", text).replace("_", " ")
    text = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", text)  # C.A.P.
    *before, last = words(text) or [""]
    told = [word for word in before if word not in PASSED_BY]
    return " ".join(told if last in passed_by_at_the_end else [*told, last])


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
