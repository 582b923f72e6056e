"""Co-financing schemes: those that come with the product, and the organisation's own (M4)."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from sqlalchemy import select

from gevinst_portfolio.domain.cofinancing import Scheme
from gevinst_portfolio.tables.cofinancing import cofinancing_scheme
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.records import Records, key_document

RECORDS = Records(outbox, cofinancing_scheme, key_document, changeable=())
_OWN = Query(select(cofinancing_scheme.c.id, cofinancing_scheme.c.definition))


@cache
def shipped_schemes() -> tuple[Scheme, ...]:
    """Every shipped edition, by code and then edition."""
    folder = files("gevinst_portfolio.domain") / "cofinancing_schemes"
    texts = [file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".json")]
    found = (Scheme.read(json.loads(text)) for text in texts)
    return tuple(sorted(found, key=lambda scheme: (scheme.code, scheme.edition)))


@cache
def condition_texts(language: str) -> Mapping[str, str]:
    """What schemes ask, in one of our languages: a sentence with placeholders for each condition."""
    file = files("gevinst_portfolio") / "texts" / "conditions" / f"{language}.json"
    texts: Mapping[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return texts


async def list_schemes(connection: Connection) -> list[Scheme]:
    """All that the organisation can apply to, on whatever day."""
    own = [Scheme.read(json.loads(row["definition"]), is_own=True) for row in await _OWN.rows(connection)]
    return sorted([*shipped_schemes(), *own], key=lambda scheme: (scheme.code, scheme.edition))


def is_shipped(code: str) -> bool:
    return any(scheme.code == code for scheme in shipped_schemes())
