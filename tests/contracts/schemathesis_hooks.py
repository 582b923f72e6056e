"""What Schemathesis checks beside its own checks; loaded by it, never imported by us."""

from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, Response
from schemathesis.generation import GenerationMode


@schemathesis.check
def valid_is_not_malformed(ctx: CheckContext, response: Response, case: "Case[Any]") -> None:
    """What fits the schema may be refused by a rule, but never as malformed."""
    is_valid = case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE
    if is_valid and response.status_code == 400:
        kind = response.json()["type"].rpartition("#")[2]
        assert kind != "malformed", f"fits the schema and is called malformed: {response.text}"
