"""The colours that nations raced in before sponsors came, and whose constructors raced in them.

The colours are those of the years until 1968, toned so that they stand out from a light ground and a dark one alike.
"""

NATIONS = {
    "Belgium": "#a88600",
    "Brazil": "#6f9a1e",
    "Britain": "#2f8a4e",
    "Canada": "#b5603a",
    "France": "#3a75c4",
    "Germany": "#80868d",
    "Hong Kong": "#a05fa8",
    "Italy": "#d8352a",
    "Japan": "#c9545b",
    "Mexico": "#8a7f2a",
    "Netherlands": "#cf6a17",
    "New Zealand": "#4f8f80",
    "South Africa": "#7f8f2a",
    "Switzerland": "#c2453f",
    "USA": "#5b7fb5",
}
"""British green, Italian red, French blue, German silver, Belgian yellow, American white and blue … by the country."""

_BY_COUNTRY = {
    "Belgium": "enb",
    "Brazil": "fittipaldi copersucar",
    "Britain": """
        alta aston_butterworth brp connaught connew cooper emeryson ensign era ferguson frazer_nash fry gilby hesketh
        hill hwm jbw lec lister lola lyncar mcguire protos ram realpha re scirocco shannon simtek spirit
        surtees token toleman trojan vanwall derrington derrington_francis onyx pacific
    """,
    "Canada": "stebro",
    "France": "ags bugatti delage gordini ligier martini matra simca simca_gordini talbot talbot_lago venturi",
    "Germany": """
        afm ats_wheels behra_porsche bmw borgward eifelland emw greifzu heck kauhsen klenk porsche rial veritas
        zakspeed behra
    """,
    "Hong Kong": "theodore",
    "Italy": """
        alfa_special andrea_moda apollon arzani_volpini ats bellasi cisitalia coloni dallara de_tomaso eurobrun first
        fondmetal forti iso iso_marlboro lambo lamborghini lancia life maserati merzario milano moda osca osella
        politoys serenissima tec_mec tecno volpini
    """,
    "Japan": "kojima leyton leyton_house maki",
    "Mexico": "rebaque",
    "Netherlands": "boro",
    "New Zealand": "amon",
    "South Africa": "lds",
    "Switzerland": "mbm monteverdi",
    "USA": """
        adams bromme christensen deidt del_roy dunn eagle elder epperly ewing haas_lola hall kurtis_kraft kurtis kuzma
        langley lesovsky marchese meskowski moore nichels olson pankratz parnelli pawl penske phillips rae salih scarab
        schroeder sherman silnes snowberger stevens sutton trevis turner watson wetteroth
    """,
}

COUNTRIES = {constructor: country for country, those in _BY_COUNTRY.items() for constructor in those.split()}
"""The country of a constructor that has no tone of its own, by its id."""
