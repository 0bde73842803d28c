"""JSON bodies, read straight into what the handler asks for."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec
from litestar import Request
from litestar.exceptions import ValidationException

__all__ = ["BODY", "ExactRequest", "body_decoder"]

#: Option of a handler: the decoder of its body.
BODY: Final = "body"
_PLACE: Final = re.compile(r" - at `\$\.?(?P<key>[^`]*)`\Z")


def body_decoder(annotation: Any) -> msgspec.json.Decoder[Any]:
    """A decoder of a body of this type.

    Raises:
        TypeError: JSON cannot be read into it.
    """
    return msgspec.json.Decoder(annotation)


class ExactRequest(Request[Any, Any, Any]):
    """A request whose body loses no digit and whose text is no number.

    Litestar reads JSON without a type first, which makes every fraction a binary
    one, and converts leniently from there.
    """

    async def json(self) -> Any:
        """The body as the handler's type; plain data where it has none.

        Raises:
            ValidationException: the body is no JSON or does not fit; names the place.
        """
        decoder = self.route_handler.opt.get(BODY)
        if decoder is None:
            return await super().json()
        try:
            return decoder.decode(await self.body())
        except msgspec.ValidationError as error:
            raise _unfit(str(error)) from None
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            words = f"it is no JSON: {error}"
            raise _unfit(words) from None
        except RecursionError:
            words = "it nests too deep"
            raise _unfit(words) from None


def _unfit(words: str) -> ValidationException:
    place = _PLACE.search(words)
    fault = {
        "message": _PLACE.sub("", words),
        "key": place["key"] if place else "",
        "source": "body",
    }
    return ValidationException(extra=[fault])
