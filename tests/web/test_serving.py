import asyncio

import pytest
from structlog.testing import capture_logs

from bot.app.settings import Settings
from bot.search.catalogue import Incidents
from bot.web.app import LIMITS, Limits
from bot.web.front.allowance import Pace
from bot.web.front.assets import named
from tests.support.clock import HeldClock
from tests.web.reader import Reader, reading


@pytest.mark.asyncio(loop_scope="session")
async def test_a_page_says_to_browsers_that_nothing_else_belongs_to_it(resting: Reader) -> None:
    headers = (await resting.get("/imola-2021")).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; script-src 'self'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "set-cookie" not in headers
    assert "strict-transport-security" not in headers


async def test_where_the_address_is_encrypted_it_stays_so(settings: Settings, incidents: Incidents) -> None:
    async with reading(settings, incidents, public="https://example.org") as reader:
        for path in ("/", "/nowhere"):
            assert (await reader.get(path)).headers["strict-transport-security"] == "max-age=31536000"
        assert 'href="https://example.org/de/imola-2021"' in await reader.page("/imola-2021")


async def test_what_has_not_changed_is_not_sent_again(reader: Reader) -> None:
    first = await reader.get("/imola-2021")
    again = await reader.get("/imola-2021", if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    await reader.vote("imola-2021", "all-bottas")
    assert (await reader.get("/imola-2021", if_none_match=first.headers["etag"])).status_code == 200


@pytest.mark.asyncio(loop_scope="session")
async def test_a_page_is_compressed_for_who_understands_it(resting: Reader) -> None:
    plain = await resting.get("/imola-2021", accept_encoding="identity")
    small = await resting.get("/imola-2021", accept_encoding="gzip")
    assert small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert small.text == plain.text


@pytest.mark.asyncio(loop_scope="session")
async def test_nothing_can_be_changed(resting: Reader) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"):
        response = await resting.http.request(method, "/imola-2021")
        assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.asyncio(loop_scope="session")
async def test_a_head_is_a_page_without_its_body(resting: Reader) -> None:
    page, head = await resting.get("/imola-2021"), await resting.http.head("/imola-2021")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == page.headers["etag"]


@pytest.mark.asyncio(loop_scope="session")
async def test_what_is_not_there_has_the_nearest_incidents(resting: Reader) -> None:
    for path in ("/imola", "/drivers/nobody/bottas", "/en/imola-2012", "/%2e%2e/etc/imola"):
        response = await resting.get(path)
        assert response.status_code == 404
        assert "Off the track" in response.text
        assert "imola-2021" in response.text


@pytest.mark.asyncio(loop_scope="session")
async def test_a_slash_too_many_leads_to_the_page(resting: Reader) -> None:
    for path, page in (("/imola-2021/", "/imola-2021"), ("/de/", "/de"), ("/de/imola-2021//", "/de/imola-2021")):
        response = await resting.get(path)
        assert (response.status_code, response.headers["location"]) == (308, page)


@pytest.mark.asyncio(loop_scope="session")
async def test_what_was_asked_goes_along_where_a_slash_is_too_many(resting: Reader) -> None:
    response = await resting.get("/incidents/?q=monza&sort=votes")
    assert response.headers["location"] == "/incidents?q=monza&sort=votes"
    assert "Monza 2021" in await resting.page(response.headers["location"])


@pytest.mark.asyncio(loop_scope="session")
async def test_a_page_has_one_address(resting: Reader) -> None:
    for path in ("/02021", "/stewards/02021", "/blamed/0002021.png", "/de/02021"):
        assert (await resting.get(path)).status_code == 404, path


@pytest.mark.asyncio(loop_scope="session")
async def test_one_question_is_not_taken_for_another(resting: Reader) -> None:
    one = await resting.page("/incidents?q=monza%26sort%3Dvotes")
    other = await resting.page("/incidents?q=monza&sort=votes")
    assert 'value="monza&amp;sort=votes"' in one
    assert 'value="monza"' in other
    assert "Monza 2021" not in one


@pytest.mark.asyncio(loop_scope="session")
async def test_what_a_reader_has_is_known_however_they_say_it(resting: Reader) -> None:
    tag = (await resting.get("/imola-2021")).headers["etag"]
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = await resting.get("/imola-2021", if_none_match=known)
        assert (again.status_code, again.headers["etag"]) == (304, tag), known
        assert again.headers["vary"] == "accept-language, accept-encoding"
    assert (await resting.get("/imola-2021", if_none_match='W/"other"')).status_code == 200
    assert (await resting.get("/nowhere", if_none_match="*")).status_code == 404
    german = await resting.get("/imola-2021", if_none_match=tag, accept_language="de")
    assert german.status_code == 200, "as it is another page"


@pytest.mark.asyncio(loop_scope="session")
async def test_no_address_leads_to_another_site(resting: Reader) -> None:
    for path in ("//example.org/", "//example.org//", "/\\example.org/"):
        response = await resting.get(f"http://{resting.http.base_url.host}:{resting.http.base_url.port}{path}")
        assert response.status_code == 404 or not response.headers["location"].startswith(("//", "/\\"))


async def test_who_asks_too_much_is_told_when_to_come_again(settings: Settings, incidents: Incidents) -> None:
    clock = HeldClock()
    async with reading(settings, incidents, clock=clock, limits=Limits(Pace(2, 0.1), None)) as reader:
        assert [(await reader.get("/")).status_code for _ in range(3)] == [200, 200, 429]
        assert (await reader.get("/")).headers["retry-after"] == "11"
        clock.pass_by(10)
        assert (await reader.get("/")).status_code == 200


async def test_what_belongs_to_every_page_is_not_counted(settings: Settings, incidents: Incidents) -> None:
    async with reading(settings, incidents, clock=HeldClock(), limits=Limits(Pace(2, 0.1), None)) as reader:
        styles = f"/assets/{named('styles.css')}"
        assert {(await reader.get(styles)).status_code for _ in range(5)} == {200}
        assert [(await reader.get("/assets/none.css")).status_code for _ in range(3)] == [404, 404, 429]


async def test_an_office_may_follow_a_link_at_the_same_moment(settings: Settings, incidents: Incidents) -> None:
    async with reading(settings, incidents, clock=HeldClock(), limits=LIMITS) as reader:
        answers = [(await reader.get("/imola-2021")).status_code for _ in range(301)]
    assert answers == [*[200] * 300, 429]


async def test_a_broken_database_is_a_sentence_and_one_line_of_the_log(reader: Reader) -> None:
    database = reader.bot.core.stored.database
    await database.write(lambda connection: connection.exec_driver_sql("ALTER TABLE poll_tally RENAME TO damaged"))
    with capture_logs() as logs:
        answers = [await reader.get(path) for path in ("/imola-2021", "/monza-2021", "/")]
    assert {answer.status_code for answer in answers} == {503}
    assert [line["event"] for line in logs] == ["web.database_unavailable"]
    assert "Traceback" not in answers[0].text
    assert answers[0].headers["retry-after"] == "10"


@pytest.mark.asyncio(loop_scope="session")
async def test_many_who_ask_at_once_are_answered_alike(resting: Reader) -> None:
    pages = await asyncio.gather(*(resting.page("/imola-2021") for _ in range(20)))
    assert len({*pages}) == 1
