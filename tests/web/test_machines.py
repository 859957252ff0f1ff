import csv
import io
import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.settings import Settings
from bot.cards.open_data import COLUMNS
from bot.search.catalogue import Incidents
from bot.web.machines.xml import written
from bot.web.pages.columns import MEANINGS
from tests.web.reader import Reader, reading

ATOM = "{http://www.w3.org/2005/Atom}"


def fits(value: Any, schema: dict[str, Any], where: str = "") -> list[str]:
    """What of a value its schema does not allow, as far as ours say anything."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    names = {str: "string", int: "integer", dict: "object", list: "array", type(None): "null"}
    if names[type(value)] not in kinds:
        return [f"{where} is {value!r}"]
    if isinstance(value, list):
        return [problem for each in value for problem in fits(each, schema["items"], f"{where}[]")]
    if not isinstance(value, dict):
        return [f"{where} is {value!r}"] if value not in schema.get("enum", [value]) else []
    known = schema["properties"]
    return [f"{where}: {name}" for name in known.keys() ^ value.keys()] + [
        problem for name in known.keys() & value.keys() for problem in fits(value[name], known[name], f"{where}.{name}")
    ]


async def test_the_api_answers_as_it_describes_itself(reader: Reader) -> None:
    await reader.vote("imola-2021", "all-russell")
    described = (await reader.get("/api/openapi.json")).json()
    paths = described["paths"]
    assert described["servers"] == [{"url": reader.site.addresses.public}]
    listed = await reader.get("/api/incidents")
    assert fits(listed.json(), schema(paths["/api/incidents"], "200")) == []
    for each in listed.json()["incidents"]:
        answer = await reader.get(f"/api/incidents/{each['incident']}")
        assert fits(answer.json(), schema(paths["/api/incidents/{incident}"], "200")) == []
    missing = await reader.get("/api/incidents/nowhere")
    assert missing.status_code == 404
    assert fits(missing.json(), schema(paths["/api/incidents/{incident}"], "404")) == []


def schema(path: dict[str, Any], status: str) -> dict[str, Any]:
    found: dict[str, Any] = path["get"]["responses"][status]["content"]["application/json"]["schema"]
    return found


async def test_the_data_is_what_the_export_writes(reader: Reader) -> None:
    await reader.vote("imola-2021", "all-russell", voters=2)
    document = (await reader.get("/data/incidents.json")).json()
    (imola,) = (each for each in document["incidents"] if each["incident"] == "imola-2021")
    assert {"choice": "all-russell", "side": "russell", "votes": 2}.items() <= imola["blame"][-1].items()
    assert (await reader.get("/api/incidents/imola-2021")).json() == {"version": 1, **imola}
    table = csv.DictReader(io.StringIO((await reader.get("/data/incidents.csv")).text))
    assert sum(int(row["votes"] or 0) for row in table) == 2
    assert (await reader.get("/data/incidents.csv")).headers["access-control-allow-origin"] == "*"
    assert (await reader.get("/data/incidents.xls")).status_code == 404


@given(st.text())
def test_whatever_a_text_holds_the_xml_can_be_read(text: str) -> None:
    root = ET.Element("feed")
    ET.SubElement(root, "title").text = f"before{text}after"
    read = ET.fromstring(written(root))  # noqa: S314 - our own
    assert str(read.findtext("title")).startswith("before")


def test_every_column_has_its_meaning() -> None:
    assert tuple(MEANINGS) == COLUMNS


@pytest.mark.asyncio(loop_scope="session")
async def test_the_page_on_the_data_leads_to_it(resting: Reader) -> None:
    page = await resting.page("/es/data")
    assert 'href="/data/incidents.csv"' in page
    assert "el año del campeonato" in page


async def test_the_feed_has_the_latest_rulings_first(reader: Reader) -> None:
    await reader.vote("monza-2021", "all-verstappen")
    feed = ET.fromstring((await reader.get("/de/feed.atom")).content)  # noqa: S314 - our own
    entries = feed.findall(f"{ATOM}entry")
    assert [each.findtext(f"{ATOM}id") for each in entries][:2] == [
        "http://127.0.0.1/de/monza-2021",
        "http://127.0.0.1/de/imola-2021",
    ]
    assert entries[0].findtext(f"{ATOM}updated") == "2021-09-12T12:00:00+00:00"
    assert "Verstappen" in str(entries[0].findtext(f"{ATOM}summary"))


@pytest.mark.asyncio(loop_scope="session")
async def test_search_engines_find_every_page_in_every_language(resting: Reader) -> None:
    assert "Sitemap: http://127.0.0.1/sitemap.xml" in (await resting.get("/robots.txt")).text
    sitemap = ET.fromstring((await resting.get("/sitemap.xml")).content)  # noqa: S314 - our own
    addresses = [each.text for each in sitemap.iter() if each.tag.endswith("}loc")]
    for path in ("/de", "/en/imola-2021", "/es/2021", "/de/data", "/es/drivers/russell", "/de/blamed/2021"):
        assert f"http://127.0.0.1{path}" in addresses
    assert len(addresses) == len({*addresses})
    for address in filter(None, addresses):
        if address.startswith("http://127.0.0.1/en"):
            await resting.page(address.removeprefix("http://127.0.0.1"))


async def test_an_address_that_is_passed_on_unfolds(reader: Reader) -> None:
    await reader.vote("imola-2021", "all-russell")
    page = await reader.page("/imola-2021")
    assert '<meta property="og:image" content="http://127.0.0.1/imola-2021.png">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    assert "The only vote blames Russell" in page.partition('property="og:description"')[2].partition("\n")[0]
    picture = await reader.get("/imola-2021.png")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content[16:24] == (1280).to_bytes(4) + (640).to_bytes(4)
    assert (await reader.get("/suzuka-2022.png")).status_code == 404, "where nobody is asked"


@pytest.mark.asyncio(loop_scope="session")
async def test_an_article_can_frame_the_bars_and_nothing_else(resting: Reader) -> None:
    answer = (
        await resting.get("/oembed?url=http%3A%2F%2F127.0.0.1%2Fde%2Fimola-2021&format=json&maxwidth=320&maxheight=x")
    ).json()
    assert (answer["type"], answer["width"], answer["height"]) == ("rich", 320, 360)
    assert 'src="http://127.0.0.1/de/imola-2021/embed"' in answer["html"]
    framed = await resting.get("/de/imola-2021/embed")
    assert "frame-ancestors *" in framed.headers["content-security-policy"]
    assert "x-frame-options" not in framed.headers
    assert "Fans" in framed.text
    for url in (
        "http://elsewhere.org/imola-2021",
        "http://127.0.0.1/nowhere",
        "",
        "%00",
        "http://[",
        "//%5B%5D:x/",
        "?",
    ):
        assert (await resting.get(f"/oembed?url={url}")).status_code == 404
    assert (await resting.get("/oembed?url=HTTP%3A%2F%2F127.0.0.1%2Fimola-2021%3Futm_source%3Dx")).status_code == 200
    assert (await resting.get("/oembed?url=http%3A%2F%2F127.0.0.1%2Fimola-2021&format=xml")).status_code == 501


async def test_the_data_can_be_read_while_votes_come(settings: Settings, incidents: Incidents) -> None:
    async with reading(settings, incidents) as reader:
        before = json.loads((await reader.get("/api/incidents/imola-2021")).content)
        await reader.vote("imola-2021", "racing-incident")
        after = json.loads((await reader.get("/api/incidents/imola-2021")).content)
    assert [each["votes"] for each in before["blame"]] == [0, 0, 0, 0, 0]
    assert [each["votes"] for each in after["blame"]] == [0, 0, 1, 0, 0]
