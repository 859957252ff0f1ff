"""Records in texts: complete, cut, too long, or none at all."""

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.race_control.signalr import (
    END,
    LONGEST_RECORD,
    Agreed,
    Closed,
    Delta,
    Disagreed,
    Failed,
    Keyframes,
    Ping,
    Record,
    Records,
    Unreadable,
    connection_token,
    handshake,
    pong,
    subscription,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
records = st.dictionaries(
    st.sampled_from(["type", "invocationId", "target", "arguments", "result", "error"]),
    st.sampled_from([1, 3, 6, 7, "0", "feed", True]) | json_values,
)


def read(*texts: str) -> list[Record]:
    taken = Records()
    return [record for text in texts for record in taken.read(text)]


def test_what_is_sent_is_as_the_protocol_has_it() -> None:
    assert handshake() == '{"protocol": "json", "version": 1}\x1e'
    assert pong() == '{"type": 6}\x1e'
    assert json.loads(subscription(("SessionInfo", "Heartbeat")).removesuffix(END)) == {
        "type": 1,
        "invocationId": "0",
        "target": "Subscribe",
        "arguments": [["SessionInfo", "Heartbeat"]],
    }


def test_each_record_is_known_for_what_it_is() -> None:
    assert read(
        '{}\x1e{"error":"No."}\x1e{"type":3,"invocationId":"0","result":{"SessionInfo":{}}}\x1e'
        '{"type":1,"target":"feed","arguments":["SessionStatus",{"Status":"Started"},"now"]}\x1e'
        '{"type":6}\x1e{"type":7,"error":"Bye."}\x1e{"type":3,"invocationId":"0","error":"No."}\x1e'
    ) == [
        Agreed(),
        Disagreed(),
        Keyframes({"SessionInfo": {}}),
        Delta("SessionStatus", {"Status": "Started"}),
        Ping(),
        Closed(),
        Failed(),
    ]


def test_other_records_are_of_no_interest() -> None:
    assert (
        read('{"type":3,"invocationId":"9","result":1}\x1e{"type":1,"target":"else"}\x1e{"type":2}\x1e') == [None] * 3
    )


def test_half_a_record_waits_for_its_other_half() -> None:
    assert read('{"ty', 'pe"', ":6}", '\x1e{"type":7') == [Ping()]


def test_a_record_that_is_too_long_costs_no_more_than_itself() -> None:
    piece = "x" * (LONGEST_RECORD // 2 + 1)
    assert read(piece, piece, piece, '\x1e{"type":6}\x1e') == [Unreadable(), Ping()]


@given(st.lists(st.text(st.sampled_from('{}[]":,\x1e016type') | st.characters()) | records.map(json.dumps)))
def test_whatever_comes_a_record_or_nonsense_is_made_of_it(texts: list[str]) -> None:
    read(*texts, END)


@given(st.lists(records, max_size=5), st.data())
def test_it_does_not_matter_where_texts_are_cut(said: list[dict[str, object]], data: st.DataObject) -> None:
    whole = "".join(json.dumps(record) + END for record in said)
    cut = data.draw(st.integers(0, len(whole)))
    assert repr(read(whole[:cut], whole[cut:])) == repr(read(whole))


@given(st.binary() | json_values.map(lambda value: json.dumps(value).encode()))
def test_whatever_a_negotiation_answers_there_is_a_token_or_none(answer: bytes) -> None:
    token = connection_token(answer)
    assert token is None or token
