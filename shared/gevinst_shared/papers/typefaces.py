"""What the typefaces of the typesetter can show; a paper uses no others and looks the same everywhere."""

import re
import unicodedata

# Latin, Greek, Cyrillic, Hebrew and Arabic letters, punctuation, currencies, arrows, mathematics and boxes.
# A tagged PDF must not hold a character without a shape: a test sets every one of these.
REPERTOIRE = (
    (0x20, 0x7E),
    (0xA0, 0xAC),
    (0xAE, 0x2FF),
    (0x370, 0x377),
    (0x37A, 0x37F),
    (0x384, 0x38A),
    (0x38C, 0x38C),
    (0x38E, 0x3A1),
    (0x3A3, 0x482),
    (0x48A, 0x4FF),
    (0x5D0, 0x5EA),
    (0x621, 0x63A),
    (0x640, 0x64A),
    (0x660, 0x669),
    (0x1E00, 0x1EFF),
    (0x2000, 0x200A),
    (0x2010, 0x2027),
    (0x202F, 0x2040),
    (0x20A0, 0x20BF),
    (0x2190, 0x23FF),
    (0x2460, 0x25FF),
    (0xFB00, 0xFB06),
)
_SHOWN = "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in REPERTOIRE)
_STRANGE = re.compile(f"[^\n{_SHOWN}]")
# They have no shape of their own: joiners, marks that turn the reading direction, a soft hyphen.
_SHAPELESS = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_LINE_END = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_CONTROL = re.compile("[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]")
# Hyphens and strokes break a word anyway.
_LONG_WORD = re.compile(r"[^\s/-]{31,}")
_HASH = re.compile("[0-9a-f]{64}")
_MAY_BREAK = "\u200b"


def plain(text: str) -> str:
    """The text without control characters and without marks that turn the reading direction."""
    composed = unicodedata.normalize("NFC", _SHAPELESS.sub("", text))
    return _CONTROL.sub(" ", _LINE_END.sub("\n", composed))


def printable(text: str) -> str:
    """The text as it can be set: other characters are named by their number, very long words may break.

    Check: 😀 becomes [U+1F600].
    """
    shown = _STRANGE.sub(lambda match: f"[U+{ord(match[0]):04X}]", plain(text))
    return _LONG_WORD.sub(lambda match: _breakable(match[0]), shown)


def _breakable(word: str) -> str:
    # A hash is copied as a whole, and a line is long enough for it.
    if _HASH.fullmatch(word):
        return word
    return _MAY_BREAK.join(word[start : start + 6] for start in range(0, len(word), 6))
