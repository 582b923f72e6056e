"""One text for one JSON value, whoever wrote it and however: what a hash can be taken of (E1).

After RFC 8785, with two differences. Numbers are exact decimals: 9007199254740993 is not
9007199254740992. A member that is null is left out, because here absent and null are the same.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

# Whole numbers below this are written with all their digits, as RFC 8785 does.
_PLAIN_BELOW = 21
_PLAIN_ABOVE = -7


def read_json(text: str | bytes) -> Any:  # noqa: ANN401 - any JSON value
    """The JSON value of `text`, its numbers as exact decimals; `ValueError` when it is none."""
    try:
        return json.loads(text, parse_int=Decimal, parse_float=Decimal, parse_constant=_refuse)
    except (ArithmeticError, RecursionError) as error:
        raise ValueError(str(error)) from error


def canonical(value: object) -> bytes:
    """The value in UTF-8: members in the order of their UTF-16 names, no white space, numbers by value.

    `value` is made of dicts, lists, strings, `int`, `Decimal`, booleans and None. Check: `[1.50, 1E3]` is
    `[1.5,1000]`.
    """
    return "".join(_parts(value)).encode()


def _parts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield "{"
        told = [name for name in value if value[name] is not None]
        for place, name in enumerate(sorted(told, key=_in_utf_16)):
            yield f"{',' if place else ''}{_text(name)}:"
            yield from _parts(value[name])
        yield "}"
    elif isinstance(value, list):
        yield "["
        for place, item in enumerate(value):
            yield "," if place else ""
            yield from _parts(item)
        yield "]"
    else:
        yield _scalar(value)


def _scalar(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int | Decimal):
        return _number(Decimal(value))
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(value: Decimal) -> str:
    """As ECMAScript writes numbers, but with every digit: 0.002, 1e-27, 1.5e+300."""
    sign, given, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise TypeError(f"{value} is no JSON number")
    all_digits = "".join(map(str, given)).lstrip("0")
    digits = all_digits.rstrip("0")
    if not digits:
        return "0"
    minus = "-" if sign else ""
    # The value is 0.digits times ten to this power.
    point = exponent + len(all_digits)
    if not _PLAIN_ABOVE < point - 1 < _PLAIN_BELOW:
        fraction = f".{digits[1:]}" if digits[1:] else ""
        return f"{minus}{digits[0]}{fraction}e{point - 1:+d}"
    if point <= 0:
        return f"{minus}0.{'0' * -point}{digits}"
    if point >= len(digits):
        return f"{minus}{digits}{'0' * (point - len(digits))}"
    return f"{minus}{digits[:point]}.{digits[point:]}"


def _in_utf_16(name: str) -> bytes:
    return name.encode("utf-16-be")


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
