"""The bytes of an answer → a typed value.

NotJson is for bytes that are not JSON, such as a body that was cut off (another GET may help); WrongShape for JSON that is something else
(another GET would not).
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from reconciler.documents.json_text import NotJson

T = TypeVar("T")


class WrongShape(ValueError):
    """The answer is JSON, but not what this endpoint answers."""


def decode_as(content: bytes | bytearray | msgspec.Raw, shape: type[T]) -> T:
    """The value of that type which the bytes hold."""
    try:
        return msgspec.json.decode(content, type=shape)
    except msgspec.ValidationError as error:
        raise WrongShape(str(error)) from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotJson(str(error)) from None
    except RecursionError:
        raise WrongShape("it is nested too deeply") from None
