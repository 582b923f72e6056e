"""A process that draws: reads jobs from its input, writes pictures to its output, knows nothing else.

A message is its length in four bytes, big-endian, and so many bytes. A job is JSON: `{"do": "vega" |
"vega-lite", "specification": …}` is answered with SVG, `{"do": "png", "svg": …, "scale": …}` with PNG.
An answer begins with a byte: 0 and the picture, or 1 and why there is none. The end of the input ends it.
"""

import json
import re
import signal
import struct
import sys
from collections.abc import Mapping
from typing import Any, BinaryIO

import vl_convert

VEGA_LITE_VERSION = "6.4"
_LENGTH = struct.Struct(">I")
# Longer than anybody waits: a process whose owner is gone does not draw for ever.
_LONGEST_SECONDS = 60
_ADDRESSES = frozenset({"url", "href"})
# The renderer would fetch what a picture refers to.
_LEADS_AWAY = re.compile(r"""(?:href|src)\s*=\s*["'](?!#|data:image/png;)|url\(\s*["']?(?!#)|@import""")


def serve(jobs: BinaryIO, answers: BinaryIO) -> None:
    """Answer job after job until the input ends."""
    while (job := _read(jobs)) is not None:
        signal.alarm(_LONGEST_SECONDS)
        try:
            answer = b"\0" + _done(json.loads(job))
        except (ValueError, KeyError, TypeError) as error:
            answer = b"\1" + str(error)[:500].encode()
        signal.alarm(0)
        answers.write(_LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _done(job: Mapping[str, Any]) -> bytes:
    match job["do"]:
        case "vega":
            return vl_convert.vega_to_svg(_own(job["specification"]), allowed_base_urls=[]).encode()
        case "vega-lite":
            return vl_convert.vegalite_to_svg(
                _own(job["specification"]), vl_version=VEGA_LITE_VERSION, allowed_base_urls=[]
            ).encode()
        case "png":
            if _LEADS_AWAY.search(job["svg"]) is not None:
                raise ValueError("a picture must bring everything along")
            return vl_convert.svg_to_png(job["svg"], scale=job["scale"])
        case other:
            raise ValueError(f"nobody draws {other}")


def _own(specification: dict[str, Any]) -> dict[str, Any]:
    """The specification, unless any part of it names a place to fetch from: a page, or a file of ours."""
    waiting: list[Any] = [specification]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if not _ADDRESSES.isdisjoint(node):
                raise ValueError("a specification must bring its data along")
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return specification


def _read(jobs: BinaryIO) -> bytes | None:
    head = jobs.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = jobs.read(length)
    return body if len(body) == length else None


if __name__ == "__main__":
    # Ctrl-C is for the process that owns this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(sys.stdin.buffer, sys.stdout.buffer)
