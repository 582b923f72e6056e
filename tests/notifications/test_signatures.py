"""Standard Webhooks: the published example, the specification's own library as receiver, and rotation."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from gevinst_notifications.domain.signatures import new_secret, signature, signed_headers

# From the specification's reference libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek"
CONTENT = b'{"test": 2432232314}'
SECOND = 1614265330
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

secrets = st.binary(min_size=32, max_size=32).map(new_secret)


def test_the_published_example_is_signed_as_published() -> None:
    assert signature(SECRET, message_id=MESSAGE, timestamp=SECOND, content=CONTENT) == SIGNATURE


def test_a_secret_is_told_as_base64_behind_its_prefix() -> None:
    assert new_secret(bytes(range(32))) == "whsec_" + b64encode(bytes(range(32))).decode()
    with pytest.raises(ValueError, match="32 bytes"):
        new_secret(b"short")


@given(secrets, st.text(max_size=500), st.uuids())
def test_a_receiver_believes_what_we_sign(secret: str, text: str, message_id: UUID) -> None:
    content = json.dumps({"text": text}).encode()
    now = datetime.now(UTC)

    headers = signed_headers([secret], message_id=str(message_id), sent_at=now, content=content)

    assert Webhook(secret).verify(content, headers) == {"text": text}


@given(st.lists(secrets, min_size=2, max_size=4, unique=True))
def test_while_keys_are_rotated_each_of_them_is_enough(keys: list[str]) -> None:
    headers = signed_headers(keys, message_id="one", sent_at=datetime.now(UTC), content=b"{}")

    assert headers["webhook-signature"].count("v1,") == len(keys)
    for key in keys:
        Webhook(key).verify(b"{}", headers)


@given(secrets, secrets)
def test_another_key_another_content_or_another_moment_is_not_believed(key: str, other: str) -> None:
    now = datetime.now(UTC)
    headers = signed_headers([key], message_id="one", sent_at=now, content=b"{}")
    late = signed_headers([key], message_id="one", sent_at=now - timedelta(minutes=6), content=b"{}")

    with pytest.raises(WebhookVerificationError):
        Webhook(key).verify(b"[]", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(key).verify(b"{}", late)
    if key != other:
        with pytest.raises(WebhookVerificationError):
            Webhook(other).verify(b"{}", headers)


def test_a_full_stop_in_the_id_is_refused_because_another_message_could_look_the_same() -> None:
    with pytest.raises(ValueError, match="full stop"):
        signature(SECRET, message_id="a.1", timestamp=SECOND, content=CONTENT)
