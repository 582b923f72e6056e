"""Assertions for our own services, on the wire (X1)."""

from typing import Literal

from pydantic import Field

from gevinst_shared.web.shapes import In, Maybe, Organisation, Out


class SyncAssertionIn(In):
    """On whose behalf a partner is to be asked, and which partner."""

    organisation: Organisation
    owner: Organisation = Field(description="The partner.", examples=["0192:958935420"])


class SyncAssertionOut(Out):
    """What a token is asked for with, once and within a minute, and how: with client credentials, or of
    Maskinporten for `resource`."""

    grant: Literal["client-credentials", "maskinporten"]
    endpoint: str = Field(max_length=2000, examples=["https://identity.oslo.example/token"])
    assertion: str = Field(
        max_length=4000, description="A JWT of RFC 7523.", examples=["eyJhbGciOiJFUzI1NiJ9.e30.c2ln"]
    )
    resource: Maybe[str] = Field(None, max_length=200, examples=["https://gevinst.oslo.example"])
