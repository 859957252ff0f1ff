"""Hosts that no incident links to: they copy, or write anew, what others published.

A reader who follows a link is to find the page on which the words were first printed, under the name of those who
heard them. Copies vanish, and what is written anew is no longer word for word.
"""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

COPIES: Mapping[str, str] = MappingProxyType(
    {
        "a.espncdn.com": "www.espn.com",
        "api.fia.com": "www.fia.com",
        "dev.crash.net": "www.crash.net",
        "election.rediff.com": "www.rediff.com",
        "feeds.bbci.co.uk": "www.bbc.co.uk",
        "imworld.rediff.com": "www.rediff.com",
        "irishtimes-irishtimes-prod.web.arc-cdn.net": "www.irishtimes.com",
        "kwese.espn.com": "www.espn.com",
        "m.rediff.com": "www.rediff.com",
        "msm.tjlabs.co.uk": "www.motorsportmagazine.com",
        "new.pitpass.com": "www.pitpass.com",
        "score-origin.espn.com": "www.espn.com",
        "sitemap.racefans.net": "www.racefans.net",
        "sitemaps.racefans.net": "www.racefans.net",
        "sky.mnosports.com": "www.skysports.com",
        "www1.skysports.com": "www.skysports.com",
    }
)
"""Other addresses of a publisher's own pages, and the address that readers know."""

REWRITERS = frozenset(
    {
        "archysport.com",
        "arrived-now.com",
        "automototale.com",
        "autosportsnation.com",
        "biblioteca.cibeles.net",
        "blog.f1livepulse.com",
        "blogspot.com",
        "buzzineintl.com",
        "daily8.com",
        "dayfr.com",
        "dellyranks.com",
        "digilander.libero.it",
        "dramaunfolded.com",
        "easylondon.fr",
        "eminformation.com",
        "england-times.co.uk",
        "english.worldmagazine.it",
        "f1-pics.com",
        "f1powernews.com",
        "formulareport.com",
        "formule1.headliner.nl",
        "forums.autosport.com",
        "forums.overclockers.co.uk",
        "getcarcurious.com",
        "headtopics.com",
        "insideracing.com",
        "joplinbusinessjournal.com",
        "jtsportingreviews.com",
        "libquotes.com",
        "mixvale.com.br",
        "motormaximum.com",
        "motors.mega.mu",
        "motorsports-news.org",
        "msn.com",
        "mx24online.com",
        "news.hanna-ai.com",
        "newsbite.mooo.com",
        "newsdeed.com",
        "newsroom.gy",
        "norvanreports.com",
        "oldempire.media",
        "oogwayapp.com",
        "pitwall.directory",
        "prismnews.com",
        "racenewsdaily.com",
        "racetrackmasters.com",
        "racinginfinity.com",
        "safeboxking.com",
        "scoregale.com",
        "seasideradio.co.uk",
        "skynews.icu",
        "sportsnewstimes.com",
        "sportsoftheday.com",
        "sportwords.co.uk",
        "stade360.com",
        "tellerreport.com",
        "tenpiecesofeight.com",
        "thef1db.com",
        "themonexus.com",
        "thesportsrush.com",
        "toorace.nz",
        "tournaments.com",
        "ultrasports.tv",
        "vcpmotorsports.com",
        "vitalf1.com",
        "weekendoctane.com",
        "wire.report",
        "worldsportstale.com",
        "yawclub.com",
        "zarbtimes.com",
    }
)
"""Sites that print what others reported, and forums and private pages where it was copied out."""


def refusal(link: str) -> str | None:
    """Why an incident may not link there, with what to do instead; None where it may."""
    host = urlsplit(link).hostname or ""
    labels = host.split(".")
    for domain in (".".join(labels[first:]) for first in range(len(labels))):
        if domain in COPIES:
            return f"{host} is a copy of {COPIES[domain]}; link the page there"
        if domain in REWRITERS:
            return f"{host} prints what others reported; read the original and link that, or leave this out"
    return None
