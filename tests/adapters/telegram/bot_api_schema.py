"""The Bot API's methods and their parameters as aiogram knows them, to hold what is sent against."""

from typing import Any

import aiogram.methods
from pydantic import BaseModel


def check(method: str, data: dict[str, Any]) -> None:
    """Raise ValueError for a call that has a parameter of a wrong shape, lacks one, or has one that nobody knows."""
    model = getattr(aiogram.methods, method[0].upper() + method[1:])
    _refuse_unknown(model.model_validate(data))


def _refuse_unknown(value: object) -> None:
    if isinstance(value, BaseModel):
        if value.model_extra:
            raise ValueError(f"{type(value).__name__} has no {sorted(value.model_extra)}")
        for name in type(value).model_fields:
            _refuse_unknown(getattr(value, name))
    elif isinstance(value, list | tuple):
        for each in value:
            _refuse_unknown(each)
