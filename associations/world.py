"""A map of the world on which every country is a square of the same size, by its ISO 3166-1 code.

Laid out by hand so that neighbours stay near each other; what is written here is what is drawn.
"""

MAP = """
.. .. .. .. .. .. .. GL .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. ..
.. .. .. .. .. .. .. .. .. IS .. .. .. NO SE FI .. .. .. .. .. .. .. .. .. .. .. .. ..
.. .. .. .. .. .. .. .. .. .. .. .. .. .. .. EE .. .. RU .. .. .. .. .. .. .. .. .. ..
.. CA .. .. .. .. .. .. .. IE GB .. NL DK .. LV .. .. .. .. .. .. .. .. .. .. .. .. ..
.. US .. .. .. .. BM .. .. .. .. BE LU DE PL LT BY .. .. .. .. .. .. .. .. .. .. .. ..
.. MX .. .. .. .. .. .. .. .. .. FR CH CZ SK UA .. .. .. .. KZ .. .. .. .. .. .. .. ..
.. .. .. .. .. BS .. .. .. .. .. MC LI AT HU RO MD .. .. .. UZ KG .. MN .. .. .. .. ..
.. GT BZ .. CU .. .. .. .. PT ES AD IT SI HR RS BG .. GE .. TM TJ .. CN .. KP .. JP ..
.. SV HN .. JM HT DO PR KN GI .. VA SM .. BA ME XK TR AM AZ IR AF .. .. .. KR .. .. ..
.. .. NI .. .. .. .. .. AG .. .. .. MT .. AL MK .. SY IQ KW .. PK NP BT MO HK TW .. ..
.. .. CR PA .. .. .. DM LC .. .. .. .. .. GR .. CY LB JO BH QA .. IN BD MM LA VN .. ..
.. .. .. .. .. TT GD VC BB .. MA DZ TN LY EG .. IL PS SA AE .. .. LK .. TH KH .. PH PW
.. .. .. CO VE GY SR .. .. EH MR ML NE TD SD ER DJ .. YE OM .. MV .. .. MY .. BN FM MH
.. .. EC PE BO BR .. .. CV SN GM BF NG CF SS ET SO .. .. .. .. .. .. .. SG ID TL PG NR
.. .. .. CL PY .. .. .. GW GN CI GH BJ CM UG KE .. .. .. .. .. .. .. .. .. .. .. SB KI
.. .. .. AR UY .. .. .. .. SL LR TG GQ CG RW TZ .. SC .. .. .. .. .. .. .. .. AU VU TV
.. .. .. .. .. .. .. .. .. .. .. ST GA CD BI MW KM .. .. .. .. .. .. .. .. .. NC FJ WS
.. .. .. .. .. .. .. .. .. .. .. .. AO ZM ZW MZ MG MU .. .. .. .. .. .. .. .. .. .. TO
.. .. .. .. .. .. .. .. .. .. .. .. NA BW SZ .. .. .. .. .. .. .. .. .. .. .. NZ .. ..
.. .. .. .. .. .. .. .. .. .. .. .. .. ZA LS .. .. .. .. .. .. .. .. .. .. .. .. .. ..
"""

PLACES = {
    code: (column, row)
    for row, line in enumerate(MAP.split("\n")[1:-1])
    for column, code in enumerate(line.split())
    if code != ".."
}
COLUMNS = 1 + max(column for column, _row in PLACES.values())
ROWS = 1 + max(row for _column, row in PLACES.values())
