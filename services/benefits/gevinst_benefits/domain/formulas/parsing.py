"""Reading formulas: numbers, names, + - * / ^, parentheses, min, max, round and if.

`price * letters * (1 - share)`, `if(cases > 0, hours / cases, 0)`. A decimal point, no thousands separator.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken

from gevinst_benefits.domain.formulas.expressions import (
    FUNCTIONS,
    Call,
    Choice,
    Comparison,
    Expression,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Sum,
    Term,
    names_in,
)
from gevinst_benefits.domain.formulas.refusals import (
    FormulaEndsEarly,
    FormulaNotUnderstood,
    FormulaTooDeep,
    FormulaTooLong,
    OddArguments,
    OddCall,
    OddComparison,
    OddRounding,
)
from gevinst_shared.values.refusal import Refusal

LONGEST_FORMULA = 2000
DEEPEST = 30
LONGEST_NAME = 60
NAME = re.compile(r"[^\W\d_]\w{0,59}")
_PLAIN = re.compile(r"[0-9]{1,15}(\.[0-9]{1,12})?")
_GRAMMAR = r"""
    start: sum
    sum: product ((PLUS | MINUS) product)*
    product: signed ((TIMES | OVER) signed)*
    signed: MINUS? power
    power: atom (CARET signed_atom)?
    signed_atom: MINUS? atom
    ?atom: NUMBER -> number
         | NAME -> name
         | NAME "(" argument ("," argument)* ")" -> call
         | "(" sum ")" -> inner
    argument: sum (COMPARE sum)?

    PLUS: "+"
    MINUS: "-"
    TIMES: "*"
    OVER: "/"
    CARET: "^"
    COMPARE: "<=" | ">=" | "<" | ">" | "==" | "!="
    NUMBER: /[0-9]{1,15}(\.[0-9]{1,12})?(?![\w.])/
    NAME: /[^\W\d_]\w{0,59}(?!\w)/
    %ignore /[ \t\r\n]+/
"""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as it was written, and what it says."""

    text: str
    expression: Expression

    @property
    def names(self) -> frozenset[str]:
        return frozenset(node.name for node in names_in(self.expression))

    @property
    def is_plain(self) -> bool:
        """Whether it is only numbers, and so takes on whatever unit it stands in."""
        return not self.names


def parse_formula(text: str, *, pointer: str | None = None) -> Formula:
    """The formula in a text, in time linear in its length; `pointer` is where refusals say that it stands.

    Raises `FormulaTooLong` before anything is read, `FormulaTooDeep`, `FormulaNotUnderstood`,
    `FormulaEndsEarly`, `OddCall`, `OddArguments`, `OddComparison` and `OddRounding`.
    """
    if len(text) > LONGEST_FORMULA:
        raise FormulaTooLong(length=len(text), most=LONGEST_FORMULA, pointer=pointer)
    text = unicodedata.normalize("NFC", text).strip()
    if _PLAIN.fullmatch(text):
        return Formula(text, Number(Decimal(text), 1))
    _refuse_deep(text, pointer)
    try:
        expression: Any = _PARSER.parse(text)
    except UnexpectedInput as fault:
        raise _not_understood(text, fault, pointer) from None
    except _OddUse as fault:
        raise fault.refusal(pointer=pointer, position=fault.position, **fault.values) from None
    return Formula(text, expression)


def plain_formula(value: Decimal) -> Formula:
    """A formula that is a number."""
    positive = Number(abs(value), 1)
    return Formula(f"{value:f}", Negative(positive, 1) if value < 0 else positive)


class _OddUse(Exception):  # noqa: N818 - becomes a refusal as soon as the pointer is known
    def __init__(self, refusal: type[Refusal], position: int, **values: object) -> None:
        self.refusal = refusal
        self.position = position
        self.values = values


class _Builder(Transformer[Token, Any]):
    """Called by the parser for each rule, bottom up: no tree of the parser's own is kept."""

    def start(self, children: list[Any]) -> Any:  # noqa: ANN401 - lark's callbacks are untyped
        return children[0]

    inner = start

    def number(self, children: list[Token]) -> Number:
        return Number(Decimal(str(children[0])), _position(children[0]))

    def name(self, children: list[Token]) -> Name:
        return Name(str(children[0]), _position(children[0]))

    def sum(self, children: list[Any]) -> Expression:
        return children[0] if len(children) == 1 else Sum(_terms("+", children), children[0].position)

    def product(self, children: list[Any]) -> Expression:
        return children[0] if len(children) == 1 else Product(_terms("*", children), children[0].position)

    def signed(self, children: list[Any]) -> Expression:
        *minus, of = children
        return Negative(of, _position(minus[0])) if minus else of

    signed_atom = signed

    def power(self, children: list[Any]) -> Expression:
        return children[0] if len(children) == 1 else Power(children[0], children[2], children[2].position)

    def argument(self, children: list[Any]) -> Expression | Comparison:
        if len(children) == 1:
            only: Expression = children[0]
            return only
        left, operator, right = children
        return Comparison(left, str(operator), right, _position(operator))

    def call(self, children: list[Any]) -> Expression:
        name, *arguments = children
        return _call(str(name), tuple(arguments), _position(name))


def _call(function: str, arguments: tuple[Any, ...], position: int) -> Expression:
    if function not in FUNCTIONS:
        raise _OddUse(OddCall, position, function=function, known=", ".join(sorted(FUNCTIONS)))
    fewest, most = FUNCTIONS[function]
    if not fewest <= len(arguments) <= most:
        raise _OddUse(OddArguments, position, function=function, fewest=fewest, most=most)
    compared = [isinstance(one, Comparison) for one in arguments]
    if compared != [function == "if" and place == 0 for place in range(len(arguments))]:
        raise _OddUse(OddComparison, position)
    if function == "if":
        condition, then, otherwise = arguments
        return Choice(condition, then, otherwise, position)
    if function == "round" and len(arguments) == 2 and not _is_digits(arguments[1]):
        raise _OddUse(OddRounding, position)
    return Call(function, arguments, position)


def _is_digits(argument: Expression) -> bool:
    return isinstance(argument, Number) and argument.value in range(7)


def _terms(first: str, children: list[Any]) -> tuple[Term, ...]:
    head = Term(first, children[0], children[0].position)
    behind = zip(children[1::2], children[2::2], strict=True)
    return (head, *(Term(str(operator), of, _position(operator)) for operator, of in behind))


def _position(token: Token) -> int:
    return (token.start_pos or 0) + 1


def _not_understood(text: str, fault: UnexpectedInput, pointer: str | None) -> Refusal:
    place = fault.pos_in_stream
    is_end = isinstance(fault, UnexpectedToken) and fault.token.type == "$END"
    if is_end or place is None or not 0 <= place < len(text):
        return FormulaEndsEarly(position=len(text) + 1, pointer=pointer)
    return FormulaNotUnderstood(found=text[place], position=place + 1, pointer=pointer)


def _refuse_deep(text: str, pointer: str | None) -> None:
    depth = 0
    for place, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth > DEEPEST:
            raise FormulaTooDeep(most=DEEPEST, position=place + 1, pointer=pointer)


_PARSER = Lark(_GRAMMAR, parser="lalr", transformer=_Builder())
