"""Decodes the bytes of a response into a typed value.

NotJson is raised for bytes that are not JSON, such as a truncated body (another GET may help); WrongShape for JSON of another shape
(another GET would not help).
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from reconciler.documents.json_text import NotJson

T = TypeVar("T")


class WrongShape(ValueError):
    """The response is JSON of a shape that this endpoint does not return."""


def decode_as(content: bytes | bytearray | msgspec.Raw, shape: type[T]) -> T:
    """The value of that type in these bytes. Raises NotJson and WrongShape."""
    try:
        return msgspec.json.decode(content, type=shape)
    except msgspec.ValidationError as error:
        raise WrongShape(str(error)) from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotJson(str(error)) from None
    except RecursionError:
        raise WrongShape("it is nested too deeply") from None
