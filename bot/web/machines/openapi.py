"""The JSON API's description by OpenAPI, which a test holds against the real answers."""

from typing import Any

from bot.cards.open_data import VERSION

TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "integer"}
DATE: dict[str, Any] = {"type": "string", "format": "date"}
ADDRESS: dict[str, Any] = {"type": "string", "format": "uri"}


def _optional(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "type": [schema["type"], "null"]}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    """An object that has all of these, and nothing else."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


DECIDED: dict[str, dict[str, Any]] = {
    "by": TEXT,
    "date": DATE,
    "decision": TEXT,
    "reason": TEXT,
    "at_fault": _list(TEXT),
    "link": _optional(ADDRESS),
}
RULING = _object(
    **DECIDED,
    reviews=_list(_object(date=DATE, by=TEXT, decision=TEXT, link=ADDRESS)),
    replaced=_list(_object(**DECIDED)),
)
BLAME = _object(choice=TEXT, side=TEXT, votes_before_ruling=NUMBER, votes_after_ruling=NUMBER, votes=NUMBER)
RATING = _object(choice=TEXT, side=TEXT, votes=NUMBER)
INCIDENT = _object(
    version=NUMBER,
    incident=TEXT,
    kind={"type": "string", "enum": ["told", "noted"]},
    title=TEXT,
    season=NUMBER,
    date=DATE,
    race=TEXT,
    circuit=TEXT,
    session={"type": "string", "enum": ["race", "sprint", "qualifying", "practice"]},
    lap=_optional(NUMBER),
    laps=_optional(NUMBER),
    place=TEXT,
    suspects=_list(_object(id=TEXT, name=TEXT, team=TEXT)),
    ruling=_optional(RULING),
    blame=_optional(_list(BLAME)),
    rating=_optional(_list(RATING)),
)
LISTED = _object(
    version=NUMBER,
    incidents=_list(_object(incident=TEXT, title=TEXT, date=DATE, page=ADDRESS, document=ADDRESS)),
)
MISSING = _object(error=TEXT)


def description(public: str) -> dict[str, Any]:
    """The API at a public address."""
    incident = {"name": "incident", "in": "path", "required": True, "schema": TEXT, "example": "imola-2021"}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Racing Incident",
            "version": str(VERSION),
            "summary": "Incidents, rulings, everybody's votes and ratings. Nobody who votes is in it, and no chat.",
        },
        "servers": [{"url": public}],
        "paths": {
            "/api/incidents": {"get": _operation("All incidents, the newest first", LISTED)},
            "/api/incidents/{incident}": {
                "parameters": [incident],
                "get": _operation("An incident with its ruling and its votes", INCIDENT, missing=True),
            },
        },
    }


def _operation(summary: str, schema: dict[str, Any], *, missing: bool = False) -> dict[str, Any]:
    responses = {"200": _response("It", schema)}
    if missing:
        responses["404"] = _response("There is no such incident", MISSING)
    return {"summary": summary, "responses": responses}


def _response(said: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": said, "content": {"application/json": {"schema": schema}}}
