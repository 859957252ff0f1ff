"""The Bot API's methods and their parameters as aiogram knows them, to hold what is sent against.

Of its four hundred types those of a method are put together when it is first called: all of them take six seconds.
"""

from functools import cache
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel

TYPES: dict[str, Any] = {}
"""What aiogram's types are called in each other's fields."""


def _later(_type: type[BaseModel], _types_namespace: dict[str, Any]) -> None:
    TYPES.update(_types_namespace)


@cache
def _methods() -> ModuleType:
    """The methods, loaded with the first call: of the processes that run tests few make any, and all collect them."""
    with pytest.MonkeyPatch.context() as loading:
        loading.setattr(BaseModel, "model_rebuild", classmethod(_later))
        import aiogram.methods  # noqa: PLC0415
    return aiogram.methods


def check(method: str, data: dict[str, Any]) -> None:
    """Raise ValueError for a call that has a parameter of a wrong shape, lacks one, or has one that nobody knows."""
    _refuse_unknown(_model(method[0].upper() + method[1:]).model_validate(data))


@cache
def _model(name: str) -> type[BaseModel]:
    model: type[BaseModel] = getattr(_methods(), name)
    model.model_rebuild(_types_namespace=TYPES)
    return model


def _refuse_unknown(value: object) -> None:
    if isinstance(value, BaseModel):
        if value.model_extra:
            raise ValueError(f"{type(value).__name__} has no {sorted(value.model_extra)}")
        for name in type(value).model_fields:
            _refuse_unknown(getattr(value, name))
    elif isinstance(value, list | tuple):
        for each in value:
            _refuse_unknown(each)
