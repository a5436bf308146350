"""The names of countries (ISO 3166-1 alpha-2), from the Unicode CLDR by way of Babel."""

import functools
import re

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language


@functools.cache
def names(language):
    """`{"IT": "Italia", …}`: the countries in `language`, in the order of their names there."""
    territories = Locale.parse(language, sep="-").territories
    found = {
        code: name
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES
    }
    return dict(sorted(found.items(), key=lambda item: item[1]))


# CLDR's two-letter codes that ISO 3166-1 does not assign to a country.
NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}

# In these languages people write the names of all countries.
LANGUAGES = ("it", "en", "de", "fr", "es", "nl", "pt")
# As people call them, too, and as they call themselves: the CLDR knows most of it, but Babel leaves
# its alternatives out, and to load it in all languages takes 70 MB.
ALSO = re.findall(
    r"([A-Z]{2}) ([^,\n]+)",
    """
    AE UAE, AE Emirates, AE الإمارات العربية المتحدة, AE الإمارات, AL Shqipëri, AM Հայաստան,
    AZ Azərbaycan, BA Bosnia, BA Bosna i Hercegovina, BD বাংলাদেশ, BG България, BH البحرين,
    BO Bolivien Plurinationaler Staat, BY Беларусь, CI Ivory Coast, CN 中国, CN 中國, CY Κύπρος,
    CY Kıbrıs, CZ Česko, CZ Czech Republic, CZ Repubblica Ceca, CZ Tschechische Republik,
    CZ Česká republika, DE BRD, DE Bundesrepublik Deutschland, DE Repubblica Federale di Germania,
    DK Danmark, DZ الجزائر, EE Eesti, EG مصر, FI Suomi, FO Føroyar, GB UK, GB Great Britain,
    GB England, GB Scotland, GB Wales, GB Northern Ireland, GB Inghilterra, GB Scozia,
    GB Gran Bretagna, GB Großbritannien, GB Grande-Bretagne, GB Gran Bretaña, GE საქართველო,
    GR Ελλάδα, HK Hong Kong, HK 香港, HR Hrvatska, HU Magyarország, IE Éire, IL ישראל, IN भारत,
    IQ العراق, IR ایران, IT Repubblica Italiana, JO الأردن, JP 日本, KH កម្ពុជា, KR Korea,
    KR Republic of Korea, KR Korea Republik, KR Corea, KR 한국, KR 대한민국, KW الكويت,
    KY Kaimaninseln, KZ Қазақстан, KZ Казахстан, LA ລາວ, LB لبنان, LK ශ්‍රී ලංකාව, LT Lietuva,
    LU Lëtzebuerg, LV Latvija, LY ليبيا, MA المغرب, MD Republica Moldova, ME Crna Gora,
    MK Macedonia, MK Mazedonien, MK Северна Македонија, MM Burma, MM မြန်မာ, MN Монгол, MO Macau,
    MO Macao, MO 澳門, NL Holland, NL The Netherlands, NL Olanda, NL Hollande, NO Norge, NO Noreg,
    NP नेपाल, NZ Aotearoa, OM عمان, PH Pilipinas, PK پاکستان, PL Polska, PS Palestine,
    PS Palestina, PS فلسطين, QA قطر, RS Srbija, RS Србија, RU Россия, RU Russian Federation,
    RU Russische Föderation, RU Federazione Russa, SA المملكة العربية السعودية, SA السعودية,
    SD السودان, SE Sverige, SG 新加坡, SI Slovenija, SK Slovensko, SY سوريا, SZ Swaziland, TH ไทย,
    TL East Timor, TN تونس, TR Turkey, TW Taiwan, TW 台灣, TW 臺灣, UA Україна, US USA,
    US United States of America, US Stati Uniti d'America, US États-Unis d'Amérique,
    US Vereinigte Staaten von Amerika, UZ Oʻzbekiston, VN Viet Nam, XK Kosovë, YE اليمن
    """,
)

# What is of a country is called so, in the languages of the site, in two words with a hyphen; no
# library at hand has it. Of Italian, one form stands for all.
ADJECTIVES = re.findall(
    r"([A-Z]{2}) ([^|]*)\|([^,]*),",
    """
    AE Emirati|emiratino, AF Afghan|afghano, AL Albanian|albanese, AM Armenian|armeno,
    AO Angolan|angolano, AR Argentine Argentinian|argentino, AT Austrian|austriaco,
    AU Australian|australiano, AZ Azerbaijani|azero, BA Bosnian|bosniaco, BD Bangladeshi|bengalese,
    BE Belgian|belga, BG Bulgarian|bulgaro, BO Bolivian|boliviano, BR Brazilian|brasiliano,
    BY Belarusian|bielorusso, CA Canadian|canadese, CH Swiss|svizzero, CL Chilean|cileno,
    CM Cameroonian|camerunense, CN Chinese|cinese, CO Colombian|colombiano,
    CR Costa-Rican|costaricano, CU Cuban|cubano, CY Cypriot|cipriota, CZ Czech|ceco,
    DE German|tedesco, DK Danish|danese, DO Dominican|dominicano, DZ Algerian|algerino,
    EC Ecuadorian|ecuadoriano, EE Estonian|estone, EG Egyptian|egiziano, ES Spanish|spagnolo,
    ET Ethiopian|etiope, FI Finnish|finlandese, FJ Fijian|figiano, FR French|francese,
    GB British English Scottish Welsh|britannico inglese scozzese gallese, GE Georgian|georgiano,
    GH Ghanaian|ghanese, GR Greek|greco, GT Guatemalan|guatemalteco, HN Honduran|honduregno,
    HR Croatian|croato, HU Hungarian|ungherese, ID Indonesian|indonesiano, IE Irish|irlandese,
    IL Israeli|israeliano, IN Indian|indiano, IQ Iraqi|iracheno, IR Iranian|iraniano,
    IS Icelandic|islandese, IT Italian|italiano, JM Jamaican|giamaicano, JO Jordanian|giordano,
    JP Japanese|giapponese, KE Kenyan|keniano keniota, KR Korean South-Korean|coreano sudcoreano,
    KW Kuwaiti|kuwaitiano, KZ Kazakh|kazako, LB Lebanese|libanese, LK Lankan Sri-Lankan|srilankese,
    LT Lithuanian|lituano, LU Luxembourgish|lussemburghese, LV Latvian|lettone, LY Libyan|libico,
    MA Moroccan|marocchino, MD Moldovan|moldavo, ME Montenegrin|montenegrino,
    MK Macedonian|macedone, MN Mongolian|mongolo, MT Maltese|maltese, MU Mauritian|mauriziano,
    MX Mexican|messicano, MY Malaysian|malese, NG Nigerian|nigeriano, NI Nicaraguan|nicaraguense,
    NL Dutch|olandese, NO Norwegian|norvegese, NP Nepali Nepalese|nepalese, NZ |neozelandese,
    PA Panamanian|panamense, PE Peruvian|peruviano, PH Philippine Filipino|filippino,
    PK Pakistani|pachistano, PL Polish|polacco, PR Puerto-Rican|portoricano,
    PT Portuguese|portoghese, PY Paraguayan|paraguaiano, QA Qatari|, RO Romanian|rumeno romeno,
    RS Serbian|serbo, RU Russian|russo, SA Saudi Saudi-Arabian|saudita, SE Swedish|svedese,
    SG Singaporean|singaporiano, SI Slovenian Slovene|sloveno, SK Slovak|slovacco,
    SN Senegalese|senegalese, SV Salvadoran|salvadoregno, TH Thai|thailandese tailandese,
    TN Tunisian|tunisino, TR Turkish|turco, TW Taiwanese|taiwanese, TZ Tanzanian|tanzaniano,
    UA Ukrainian|ucraino, UG Ugandan|ugandese, US American|americano statunitense,
    UY Uruguayan|uruguaiano, UZ Uzbek|uzbeko, VE Venezuelan|venezuelano, VN Vietnamese|vietnamita,
    ZA South-African|sudafricano sud-africano, ZM Zambian|zambiano, ZW Zimbabwean|zimbabwese,
    """,
)

# The same in the countries' own languages: the endings of all forms (“-” is none), and to what they
# are added. “Română” and “srpska” are left out: what is Roman, and the republic in Bosnia, are
# called so too.
OWN_ADJECTIVES = {
    "o a os as": """
        AO angolan, AR argentin, BO bolivian, BR brasileir, CL chilen, CO colombian, CU cuban,
        DO dominican, EC ecuatorian, GT guatemaltec, HN hondureñ, MX mexican, PA panameñ, PE peruan,
        PR puertorriqueñ, PY paraguay, SV salvadoreñ, UY uruguay, VE venezolan
        """,
    "- a es as": "ES español, PT português",
    "- e s es": "CI ivoirien, CM camerounais, FR français, LU luxembourgeois, MA marocain",
    "- ne s nes": "CA canadien, DZ algérien, TN tunisien",
    "- e es": "CA québécois, SN sénégalais",
    "e es": "CR costarricens, NI nicaragüens",
    "- s": "BE belge",
    "- e er es en": "AT österreichisch, CH schweizerisch, DE deutsch, LU luxemburgisch",
    "- e": "AL shqiptar, BE belgisch, BE vlaams, DK dansk, NL nederlands, NO norsk",
    "- a t ur": "IS íslensk, SE svensk",
    "i a ie iego ich iej": "PL polsk",
    "ý á é ého ých": "CZ česk",
    "ý ého": "SK slovensk",
    "i e o og": "HR hrvatsk, RS srpsk",
    "i ega": "SI slovensk",
    "esc ească ești": "MD moldoven, RO român",
    "ий а е ої ого": "UA українськ",
    "ий ая ое ие ой ого": "RU российск",
    "і ая ае": "BY беларуск",
    "и а о ата": "BG българск, MK македонск",
    "ός ή ό": "CY κυπριακ, GR ελληνικ",
    "- ה ת": "IL ישראלי",
    "- ة": """
        AE الإماراتي, DZ الجزائري, EG المصري, IQ العراقي, JO الأردني, KW الكويتي, LB اللبناني,
        LY الليبي, MA المغربي, OM العماني, QA القطري, SA السعودي, TN التونسي
        """,
    "-": """
        CH schweizer, FI suomalainen, FI suomalaiset, FI suomen, HU magyar, IN भारतीय, LT lietuvos,
        LV latvijas, TR türk
        """,
}


@functools.cache
def writings():
    """`{name: code}`: what people call the countries, in several languages and in their own."""
    found = {name: code for code, name in ALSO}
    for language in LANGUAGES:
        for code, name in names(language).items():
            found.setdefault(name, code)
    return found


@functools.cache
def adjectives():
    """`{"german": "DE", "tedesca": "DE", "deutscher": "DE", …}`: what is of a country, in the
    languages of the site and in its own."""
    found = dict(own_adjectives())
    for code, english, italian in ADJECTIVES:
        forms = [each for word in italian.split() for each in _forms(word)]
        found |= dict.fromkeys([*english.lower().split(), *forms], code)
    del found["indiana"]  # rather the state of the USA
    return found


def own_adjectives():
    """Each `(word, code)` of what is of a country in its own language."""
    for endings, stems in OWN_ADJECTIVES.items():
        for code, stem in re.findall(r"([A-Z]{2}) ([^,\s]+)", stems):
            for ending in endings.split():
                yield stem + ending.strip("-"), code


def _forms(word):
    """The forms that an Italian adjective may have: some of these are none."""
    endings = {"o": "o a i e hi he", "a": "a i e hi he", "e": "e i"}[word[-1]]
    return [word[:-1] + ending for ending in endings.split()]


def name(code):
    """The name of the country `code` in the active language; the code itself if it has none."""
    return names(get_language() or "en").get(code, code)


@functools.cache
def names_of(code):
    """Its names in the languages of the site."""
    return sorted({names(language).get(code, "") for language, _name in settings.LANGUAGES})


def choices():
    return list(names(get_language() or "en").items())
