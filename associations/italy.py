"""The provinces of Italy: where their postal codes and their telephone numbers begin.

Put together from public facts: the postal codes of the towns, the area codes of the numbering plan
and the names of ISTAT. An area code is under the province of its main town; some reach over a
border, and so do a few postal codes: good for asking, never for refusing.
"""

from dataclasses import dataclass

# sigla; region; names of the province and of its chief towns; postal codes; area codes
TABLE = """
AG; Sicilia; Agrigento; 92; 0922 0925
AL; Piemonte; Alessandria; 15; 0131 0142 0143 0144
AN; Marche; Ancona; 60; 071 0731 0732
AO; Valle d'Aosta, Vallée d'Aoste; Aosta, Aoste; 11; 0165 0166
AP; Marche; Ascoli Piceno; 63; 0735 0736
AQ; Abruzzo; L'Aquila; 67; 0862 0863 0864
AR; Toscana; Arezzo; 52; 0575
AT; Piemonte; Asti; 14; 0141
AV; Campania; Avellino; 83; 0825 0827
BA; Puglia; Bari; 70; 080
BG; Lombardia; Bergamo; 24; 0345 0346 035 0363
BI; Piemonte; Biella; 13; 015
BL; Veneto; Belluno; 32; 0435 0436 0437 0439
BN; Campania; Benevento; 82; 0824
BO; Emilia-Romagna; Bologna; 40; 051 0534 0542
BR; Puglia; Brindisi; 72; 0831
BS; Lombardia; Brescia; 25; 030 0364 0365
BT; Puglia; Barletta-Andria-Trani, Barletta, Andria, Trani; 76 70; 0883
BZ; Trentino-Alto Adige, Südtirol; Bolzano, Bozen; 39; 0471 0472 0473 0474
CA; Sardegna; Cagliari; 09; 070
CB; Molise; Campobasso; 86; 0874 0875
CE; Campania; Caserta; 81; 0823
CH; Abruzzo; Chieti; 66; 0871 0872 0873
CL; Sicilia; Caltanissetta; 93; 0934
CN; Piemonte; Cuneo; 12; 0171 0172 0173 0174 0175
CO; Lombardia; Como; 22; 031 0344
CR; Lombardia; Cremona; 26; 0372 0373 0374 0375
CS; Calabria; Cosenza; 87; 0981 0982 0983 0984 0985
CT; Sicilia; Catania; 95; 0933 095
CZ; Calabria; Catanzaro; 88; 0961 0967 0968
EN; Sicilia; Enna; 94; 0935
FC; Emilia-Romagna; Forlì-Cesena, Forlì, Cesena; 47; 0543 0547
FE; Emilia-Romagna; Ferrara; 44; 0532 0533
FG; Puglia; Foggia; 71; 0881 0882 0884 0885
FI; Toscana; Firenze; 50; 055 0571
FM; Marche; Fermo; 63; 0734
FR; Lazio; Frosinone; 03; 0775 0776
GE; Liguria; Genova; 16; 010 0185
GO; Friuli-Venezia Giulia; Gorizia; 34; 0481
GR; Toscana; Grosseto; 58; 0564 0566
IM; Liguria; Imperia; 18; 0183 0184
IS; Molise; Isernia; 86; 0865
KR; Calabria; Crotone; 88; 0962
LC; Lombardia; Lecco; 23; 0341
LE; Puglia; Lecce; 73; 0832 0833 0836
LI; Toscana; Livorno; 57; 0565 0586
LO; Lombardia; Lodi; 26; 0371 0377
LT; Lazio; Latina; 04; 0771 0773
LU; Toscana; Lucca; 55; 0583 0584
MB; Lombardia; Monza e della Brianza, Monza; 20; 0362 039
MC; Marche; Macerata; 62; 0733 0737
ME; Sicilia; Messina; 98; 090 0941 0942
MI; Lombardia; Milano; 20; 02
MN; Lombardia; Mantova; 46; 0376 0386
MO; Emilia-Romagna; Modena; 41; 0535 0536 059
MS; Toscana; Massa-Carrara, Massa, Carrara; 54; 0585
MT; Basilicata; Matera; 75; 0835
NA; Campania; Napoli; 80; 081
NO; Piemonte; Novara; 28; 0321 0322
NU; Sardegna; Nuoro; 08; 0782 0784 0785
OR; Sardegna; Oristano; 09; 0783
PA; Sicilia; Palermo; 90; 091 0921
PC; Emilia-Romagna; Piacenza; 29; 0523
PD; Veneto; Padova; 35; 0429 049
PE; Abruzzo; Pescara; 65; 085
PG; Umbria; Perugia; 06; 0742 0743 075
PI; Toscana; Pisa; 56; 050 0587 0588
PN; Friuli-Venezia Giulia; Pordenone; 33; 0427 0434
PO; Toscana; Prato; 59; 0574
PR; Emilia-Romagna; Parma; 43; 0521 0524 0525
PT; Toscana; Pistoia; 51; 0572 0573
PU; Marche; Pesaro e Urbino, Pesaro, Urbino; 61; 0721 0722
PV; Lombardia; Pavia; 27; 0381 0382 0383 0384 0385
PZ; Basilicata; Potenza; 85; 0971 0972 0973 0976
RA; Emilia-Romagna; Ravenna; 48; 0544 0545 0546
RC; Calabria; Reggio Calabria, Reggio di Calabria; 89; 0964 0965 0966
RE; Emilia-Romagna; Reggio nell'Emilia, Reggio Emilia; 42; 0522
RG; Sicilia; Ragusa; 97; 0932
RI; Lazio; Rieti; 02; 0746 0765
RM; Lazio; Roma; 00; 06 0766 0774
RN; Emilia-Romagna; Rimini; 47; 0541
RO; Veneto; Rovigo; 45; 0425 0426
SA; Campania; Salerno; 84; 0828 089 0974 0975
SI; Toscana; Siena; 53; 0577 0578
SO; Lombardia; Sondrio; 23; 0342 0343
SP; Liguria; La Spezia; 19; 0187
SR; Sicilia; Siracusa; 96; 0931
SS; Sardegna; Sassari; 07; 0789 079
SU; Sardegna; Sud Sardegna, Carbonia; 09 08; 0781
SV; Liguria; Savona; 17; 0182 019
TA; Puglia; Taranto; 74; 099
TE; Abruzzo; Teramo; 64; 0861
TN; Trentino-Alto Adige, Trentino; Trento; 38; 0461 0462 0463 0464 0465
TO; Piemonte; Torino; 10; 011 0121 0122 0123 0124 0125
TP; Sicilia; Trapani; 91; 0923 0924
TR; Umbria; Terni; 05; 0744 0763
TS; Friuli-Venezia Giulia; Trieste; 34; 040
TV; Veneto; Treviso; 31; 0422 0423 0438
UD; Friuli-Venezia Giulia; Udine; 33; 0428 0431 0432 0433
VA; Lombardia; Varese; 21; 0331 0332
VB; Piemonte; Verbano-Cusio-Ossola, Verbania; 28; 0323 0324
VC; Piemonte; Vercelli; 13; 0161 0163
VE; Veneto; Venezia; 30; 041 0421
VI; Veneto; Vicenza; 36; 0424 0444 0445
VR; Veneto; Verona; 37; 0442 045
VT; Lazio; Viterbo; 01; 0761
VV; Calabria; Vibo Valentia; 89; 0963
"""


@dataclass(frozen=True, slots=True)
class Province:
    sigla: str
    regions: tuple  # the names of its region
    names: tuple  # its own, and those of its chief towns
    postal_codes: tuple
    area_codes: tuple

    @property
    def region(self):
        return self.regions[0]

    @property
    def name(self):
        return self.names[0]


def _province(line):
    sigla, regions, names, postal_codes, area_codes = line.split("; ")
    return Province(
        sigla,
        tuple(regions.split(", ")),
        tuple(names.split(", ")),
        tuple(postal_codes.split()),
        tuple(area_codes.split()),
    )


PROVINCES = tuple(map(_province, TABLE.strip().splitlines()))


def provinces_of_postal_code(code):
    """Those whose postal codes begin like this one; none where none does."""
    return [each for each in PROVINCES if code.startswith(each.postal_codes)]


def province_of_number(national):
    """Whose area code a national number begins with, the longest; None where none fits."""
    found = [
        (len(code), each.sigla, each)
        for each in PROVINCES
        for code in each.area_codes
        if national.startswith(code)
    ]
    return max(found)[2] if found else None
