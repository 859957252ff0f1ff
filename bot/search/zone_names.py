"""What people type for their time zone that the IANA's database does not know: abbreviations, states, other tongues."""

from bot.search.words import split

_ABBREVIATIONS = """
ET EST EDT Eastern = America/New_York
CDT Central = America/Chicago
MT MDT Mountain = America/Denver
PDT Pacific = America/Los_Angeles
MST = America/Denver America/Phoenix
CST = America/Chicago Asia/Shanghai
PST = America/Los_Angeles Asia/Manila
AKST AKDT AKT = America/Anchorage
HST HAST = Pacific/Honolulu
AST = America/Halifax Asia/Riyadh
ADT = America/Halifax
NST NDT = America/St_Johns
CET CEST MEZ MESZ = Europe/Berlin
WET WEST = Europe/Lisbon
EET EEST = Europe/Athens
BST = Europe/London Asia/Dhaka
IST = Asia/Kolkata Asia/Jerusalem Europe/Dublin
IDT = Asia/Jerusalem
MSK = Europe/Moscow
TRT = Europe/Istanbul
GST = Asia/Dubai
PKT = Asia/Karachi
ICT = Asia/Bangkok
WIB = Asia/Jakarta
SGT = Asia/Singapore
MYT = Asia/Kuala_Lumpur
HKT = Asia/Hong_Kong
PHT = Asia/Manila
JST = Asia/Tokyo
KST = Asia/Seoul
AEST AEDT AET = Australia/Sydney
ACST ACDT ACT = Australia/Adelaide
AWST = Australia/Perth
NZST NZDT NZT = Pacific/Auckland
BRT BRST = America/Sao_Paulo
ART = America/Argentina/Buenos_Aires
CLT CLST = America/Santiago
COT = America/Bogota
PET = America/Lima
SAST = Africa/Johannesburg
CAT = Africa/Maputo
EAT = Africa/Nairobi
WAT = Africa/Lagos
"""

_PLACES = """
Roma, Milano, Torino, Turin, Napoli, Neapel, Nápoles, Venezia, Venedig, Firenze, Florenz, Florence, Florencia, \
Bologna, Maranello, Milan, Mailand, Milán, Rom = Europe/Rome
Wien, Graz, Salzburg, Linz, Innsbruck = Europe/Vienna
München, Muenchen, Munich, Köln, Koeln, Cologne, Hamburg, Frankfurt, Stuttgart, Düsseldorf, Leipzig, Nürnberg, \
Hannover, Bremen, Dresden, Saarbrücken, Bayern, Bavaria, German, deutsche, Central European, mitteleuropäische, \
Centroeuropea, Europa Central = Europe/Berlin
Lisboa, Lissabon, Porto, Portugal = Europe/Lisbon
Moskau, Moskva, Moscou, Moscú, St Petersburg, Санкт-Петербург = Europe/Moscow
København, Kopenhagen, Copenhague = Europe/Copenhagen
Praha, Prag, Praga = Europe/Prague
Warszawa, Warschau, Varsovia, Kraków, Gdańsk, Wrocław = Europe/Warsaw
Genève, Geneva, Genf, Ginevra, Zürich, Zurigo, Bern, Berne, Basel, Lausanne = Europe/Zurich
Sevilla, Seville, Barcelona, Valencia, Bilbao, Málaga, España = Europe/Madrid
Bruxelles, Brussel, Brüssel, Bruselas, Antwerpen = Europe/Brussels
Den Haag, Rotterdam, Utrecht, Eindhoven, Holland = Europe/Amsterdam
Lyon, Marseille, Nice, Toulouse, Bordeaux, Parigi, París = Europe/Paris
Londres, Londra, Manchester, Edinburgh, Glasgow, Cardiff, Liverpool, \
England, Scotland, Schottland, Escocia, Wales, British, britische = Europe/London
Athen, Athina, Atenas, Atene, Eastern European, osteuropäische = Europe/Athens
București, Bukarest, Bucarest = Europe/Bucharest
Beograd, Belgrad, Belgrado = Europe/Belgrade
Göteborg, Gothenburg, Malmö, Estocolmo = Europe/Stockholm
Helsingfors, Tampere, Suomi = Europe/Helsinki
Kyiv, Kyjiw, Kiew = Europe/Kiev
İstanbul, Estambul, Ankara = Europe/Istanbul
Ho Chi Minh City = Asia/Ho_Chi_Minh
St. John's = America/St_Johns
Tokio, Osaka, Kyoto, Suzuka = Asia/Tokyo
Beijing, Peking, Pekín, Shenzhen, Guangzhou = Asia/Shanghai
Mumbai, Bombay, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Hyderabad, Indian = Asia/Kolkata
Seúl = Asia/Seoul
Cape Town, Kapstadt, Ciudad del Cabo, Durban = Africa/Johannesburg
Kairo, El Cairo = Africa/Cairo
Wellington, Christchurch = Pacific/Auckland
Neuseeland, Nueva Zelanda = Pacific/Auckland Pacific/Chatham
Abu Dhabi = Asia/Dubai
Rio, Rio de Janeiro, Brasilia = America/Sao_Paulo
Santiago de Chile = America/Santiago
Quito = America/Guayaquil
Habana, La Habana = America/Havana
San Juan = America/Puerto_Rico America/Argentina/San_Juan
Cambridge = Europe/London America/New_York
Birmingham = Europe/London America/Chicago
Ciudad de México, CDMX = America/Mexico_City
California, Los Ángeles, San Francisco, SF, San Diego, Seattle, Las Vegas, Nevada, \
Washington State = America/Los_Angeles
Nueva York, NYC, New York City, New Jersey, Boston, Massachusetts, Philadelphia, Pennsylvania, Miami, Florida, Ohio, \
Atlanta, Georgia USA, Virginia, Maryland, North Carolina, South Carolina, Connecticut, Maine, Vermont, \
New Hampshire, Rhode Island, Delaware, Washington DC, West Virginia = America/New_York
Texas, Houston, Dallas, Austin, Illinois, Minnesota, Wisconsin, Iowa, Missouri, Arkansas, Louisiana, Mississippi, \
Alabama, Oklahoma = America/Chicago
Colorado, Utah, Montana, Wyoming, New Mexico = America/Denver
Arizona = America/Phoenix
Alaska = America/Anchorage
Hawaii = Pacific/Honolulu
Michigan = America/Detroit
Oregon = America/Los_Angeles America/Boise
Idaho = America/Boise America/Los_Angeles
Tennessee, Kentucky = America/Chicago America/New_York
Indiana = America/Indiana/Indianapolis America/Chicago
Kansas, Nebraska, North Dakota, South Dakota = America/Chicago America/Denver
Portland = America/Los_Angeles America/New_York
San José = America/Costa_Rica America/Los_Angeles
Canarias, Islas Canarias, Kanaren, Tenerife, Teneriffa, Gran Canaria = Atlantic/Canary
Georgia = Asia/Tbilisi America/New_York
Washington = America/New_York America/Los_Angeles
Ontario, Quebec, Québec, Ottawa = America/Toronto
British Columbia = America/Vancouver
Alberta, Calgary = America/Edmonton
Saskatchewan = America/Regina
Manitoba = America/Winnipeg
Nova Scotia, New Brunswick, Prince Edward Island = America/Halifax
Newfoundland, Labrador = America/St_Johns
New South Wales, NSW = Australia/Sydney
Victoria = Australia/Melbourne America/Vancouver
Córdoba = Europe/Madrid America/Argentina/Cordoba
Mérida = America/Merida Europe/Madrid
Guadalajara = America/Mexico_City Europe/Madrid
Cartagena = America/Bogota Europe/Madrid
Queensland, QLD = Australia/Brisbane
Northern Territory = Australia/Darwin
Western Australia = Australia/Perth
"""

_CODES = """
DC DE FL GA MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV = America/New_York
AL AR IA IL MN MO MS OK TX WI = America/Chicago
CO NM UT WY = America/Denver
CA NV PT = America/Los_Angeles
IN = America/Indiana/Indianapolis America/Chicago
CT = America/Chicago America/New_York
LA = America/Los_Angeles America/Chicago
KY TN = America/New_York America/Chicago
KS ND NE SD = America/Chicago America/Denver
ID = America/Boise America/Los_Angeles
OR = America/Los_Angeles America/Boise
WA = America/Los_Angeles Australia/Perth
AZ = America/Phoenix
AK = America/Anchorage
HI = Pacific/Honolulu
ON QC = America/Toronto
BC = America/Vancouver
AB = America/Edmonton
MB = America/Winnipeg
SK = America/Regina
NB NS PE = America/Halifax
NL = America/St_Johns
YT = America/Whitehorse
NT = Australia/Darwin America/Edmonton
SA = Australia/Adelaide
"""


def _read(table: str, separator: str | None) -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for line in table.strip().splitlines():
        called, _equals, zones = line.partition(" = ")
        for name in called.split(separator):
            names["".join(split(name))] = tuple(zones.split())
    return names


ABBREVIATIONS = _read(_ABBREVIATIONS, None)
"""Zones by what a clock is called for short, folded; summer's and winter's names mean the clock of the whole year."""

PLACES = _read(_PLACES, ",")
"""Zones by the folded names of states and of cities in several languages."""

CODES = _read(_CODES, None)
"""Zones by the folded codes of states and provinces, many of which are a country's code as well: `CA`, `DE`, `PT`."""


def is_abbreviation(typed: str) -> bool:
    """Whether somebody typed what a clock is called for short."""
    return "".join(split(typed)) in ABBREVIATIONS
