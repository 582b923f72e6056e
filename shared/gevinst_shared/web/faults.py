"""What is wrong at one place of a request, in the reader's language."""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

# A caller's own parameters and values may hold anything; our answer is text.
_CONTROL = re.compile(r"[\u0000-\u001f\u007f-\u009f]")
_OR = " eller "  # in all four languages


def fault_text(fault: Mapping[str, Any], language: str) -> str:
    """The sentence for one of the framework's errors; its own English one where nobody has translated it."""
    text = _texts().get(fault["type"], {}).get(language)
    if text is None:
        return _CONTROL.sub("\ufffd", str(fault["msg"]))
    values = {name: _told(value) for name, value in (fault.get("ctx") or {}).items()}
    return _CONTROL.sub("\ufffd", text.format_map(values))


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    """By the framework's type of error, then by language. English is what the framework says itself."""
    file = files("gevinst_shared") / "texts" / "faults.json"
    texts: Mapping[str, Mapping[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return texts


def _told(value: object) -> str:
    """Choices come as text: 'up' or 'down'."""
    return str(value).replace(" or ", _OR)
