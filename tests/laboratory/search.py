"""Looking for canaries in what was on the wire, however it is written or packed."""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import unquote_to_bytes

from tests.laboratory.canaries import FIGURE_LENGTH, WORD_LENGTH, Canaries, Canary

_DEEPEST = 5
_WORD = re.compile(rb"zq[a-z2-9]{%d}" % (WORD_LENGTH - 2))
_DIGITS = re.compile(rb"\d(?:[\d., _']*\d)?")
_UUID = re.compile(rb"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
_ENCODED = re.compile(rb"[A-Za-z0-9+/_-]{14,}")
_HEX = re.compile(rb"[0-9A-Fa-f]{28,}")
_ESCAPED = re.compile(rb"\\u00([0-9a-fA-F]{2})")
_STANDARD = bytes.maketrans(b"-_", b"+/")


def found_in(content: bytes, canaries: Canaries) -> set[Canary]:
    """All canaries that anybody could read out of it."""
    found: set[Canary] = set()
    waiting, known = [(content, 0)], {content}
    while waiting:
        layer, depth = waiting.pop()
        found |= set(_plain(layer, canaries))
        if depth < _DEEPEST:
            fresh = {one for one in _beneath(layer) if len(one) >= FIGURE_LENGTH} - known
            known |= fresh
            waiting += [(one, depth + 1) for one in fresh]
    return found


def _plain(layer: bytes, canaries: Canaries) -> Iterator[Canary]:
    lower = layer.lower()
    for hit in _WORD.findall(lower):
        if hit.decode() in canaries.words:
            yield canaries.words[hit.decode()]
    for run in _DIGITS.findall(layer):
        digits = re.sub(rb"\D", b"", run).decode()
        for place in range(len(digits) - FIGURE_LENGTH + 1):
            if digits[place : place + FIGURE_LENGTH] in canaries.figures:
                yield canaries.figures[digits[place : place + FIGURE_LENGTH]]
    for hit in _UUID.findall(lower):
        if hit.replace(b"-", b"").decode() in canaries.ids:
            yield canaries.ids[hit.replace(b"-", b"").decode()]
    yield from _raw_ids(layer, canaries)


def _raw_ids(layer: bytes, canaries: Canaries) -> Iterator[Canary]:
    """Ids as their sixteen bytes. Those that were made in the same hours begin alike."""
    for beginning in {text[:6] for text in canaries.ids}:
        place = layer.find(bytes.fromhex(beginning))
        while place >= 0:
            text = layer[place : place + 16].hex()
            if text in canaries.ids:
                yield canaries.ids[text]
            place = layer.find(bytes.fromhex(beginning), place + 1)


def _beneath(layer: bytes) -> Iterator[bytes]:
    """What is packed inside: base64 of both kinds at any beginning, hexadecimal, escapes, gzip."""
    for run in _ENCODED.findall(layer):
        for start in range(4):
            yield from _decoded(run[start:])
    for run in _HEX.findall(layer):
        for start in range(2):
            yield bytes.fromhex(run[start : start + (len(run) - start) // 2 * 2].decode())
    if b"%" in layer:
        yield unquote_to_bytes(layer)
    if b"\\u" in layer:
        yield _ESCAPED.sub(lambda hit: bytes.fromhex(hit[1].decode()), layer)
    place = layer.find(b"\x1f\x8b\x08")
    while place >= 0:
        with suppress(zlib.error):
            yield zlib.decompressobj(31).decompress(layer[place:])
        place = layer.find(b"\x1f\x8b\x08", place + 1)


def _decoded(run: bytes) -> Iterator[bytes]:
    """Of what has letters of both kinds of base64, the address-safe one is meant, or they stand between."""
    for text in {run.translate(_STANDARD), *re.split(rb"[-_]", run), *re.split(rb"[+/]", run)}:
        cut = text[: len(text) - (len(text) % 4 == 1)].translate(_STANDARD)
        if len(cut) >= 14:
            with suppress(binascii.Error):
                yield base64.b64decode(cut + b"=" * (-len(cut) % 4))
