"""Private keys as files: one JWK (RFC 7517) in each, readable by its owner only."""

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

_WIDTH = 32  # bytes of a P-256 coordinate


def new_private_jwk() -> dict[str, str]:
    """A fresh ES256 key; its `kid` is the thumbprint of RFC 7638."""
    numbers = ec.generate_private_key(ec.SECP256R1()).private_numbers()
    point = numbers.public_numbers
    public = {"crv": "P-256", "kty": "EC", "x": _base64url(point.x), "y": _base64url(point.y)}
    return {
        **public,
        "alg": "ES256",
        "use": "sig",
        "kid": thumbprint(public),
        "d": _base64url(numbers.private_value),
    }


def public_jwk(private: Mapping[str, Any]) -> dict[str, Any]:
    """What may be published of an EC key."""
    return {name: private[name] for name in ("kty", "crv", "x", "y", "alg", "use", "kid")}


def thumbprint(public: Mapping[str, str]) -> str:
    """RFC 7638: the hash of the required members, in order, without spaces."""
    text = json.dumps(dict(public), sort_keys=True, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def ensure_key_file(path: Path) -> dict[str, Any]:
    """The private key in `path`, made there (mode 0600) when it is missing. Two starts at once agree."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        _write_new(path, json.dumps(new_private_jwk()))
    return read_private_jwk(path)


def read_private_jwk(path: Path) -> dict[str, Any]:
    """The private key in `path`; `ValueError` when it holds none."""
    found = json.loads(path.read_bytes())
    if not isinstance(found, dict) or not all(
        isinstance(found.get(name), str) for name in ("kty", "kid", "d")
    ):
        raise ValueError(f"{path} must hold one private key as a JWK with the members kty, kid and d.")
    return found


def _write_new(path: Path, text: str) -> None:
    """Linked into place when complete, so that nobody reads half a key and the first writer wins."""
    handle, draft = mkstemp(dir=path.parent, prefix=".key-")  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        Path(draft).unlink()


def _base64url(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(_WIDTH, "big")).rstrip(b"=").decode()
