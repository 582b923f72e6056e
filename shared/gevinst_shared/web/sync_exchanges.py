"""How the exchange with a partner goes, on the wire (X2)."""

from pydantic import Field

from gevinst_shared.web.shapes import Id, Maybe, Moment, Out, Whole

_MOST = 2**53
_EPOCH = "0198b6a4-7c1e-7000-8000-000000000001"


class SyncReceivedOut(Out):
    """What we read of the partner. `contact_at` is when it last answered, `problem` what was wrong with that;
    `fault` is why the last reading brought nothing, and `read_at` when the next one is."""

    epoch: Maybe[str] = Field(None, max_length=36, examples=[_EPOCH])
    number: Whole = Field(ge=0, le=_MOST, description="The last revision that was taken.")
    taken: Whole = Field(ge=0, le=_MOST, description="How many were taken in all.")
    quarantined: Whole = Field(ge=0, le=_MOST, description="How many were put aside in all.")
    missing: Whole = Field(
        ge=0, le=_MOST, description="How many of them since the last reading from the start; not here."
    )
    reread_at: Maybe[Moment] = Field(None, description="When it is read in full again for that.")
    is_doubtful: bool = Field(
        description="A key was withdrawn that may have signed what is here; it is being read anew for that."
    )
    records: Whole = Field(ge=0, le=_MOST, description="How many of the partner's records are here.")
    bytes: Whole = Field(ge=0, le=_MOST, description="How long their fields are as text.")
    contact_at: Maybe[Moment] = None
    lag_seconds: Maybe[Whole] = Field(
        None, ge=0, le=_MOST, description="How old what is here may be: since `contact_at`."
    )
    read_in_full_at: Maybe[Moment] = None
    problem: Maybe[str] = Field(None, max_length=60, examples=["unknown-key"])
    fault: Maybe[str] = Field(None, max_length=60, examples=["partner-not-reached"])
    failures: Whole = Field(ge=0, le=1_000_000_000, description="Readings in a row that brought nothing.")
    read_at: Maybe[Moment] = None


class SyncGivenOut(Out):
    """What the partner reads of us. `asked_number` is up to where it had everything when it last asked."""

    epoch: Maybe[str] = Field(None, max_length=36, examples=[_EPOCH])
    number: Whole = Field(ge=0, le=_MOST, description="The last revision that it can read.")
    asked_number: Whole = Field(ge=0, le=_MOST)
    unread: Whole = Field(ge=0, le=_MOST, description="Revisions that it has not read yet.")
    pending: Whole = Field(ge=0, le=_MOST, description="Changes that have not become revisions yet.")
    too_large: Whole = Field(
        ge=0, le=_MOST, description="Records that it may have and has not: they are too large to send."
    )
    asked_at: Maybe[Moment] = None
    read_in_full_at: Maybe[Moment] = None


class SyncQuarantinedOut(Out):
    """Something that the partner sent and that was not taken."""

    id: Id
    reason: str = Field(max_length=60, examples=["wrong-signature"])
    quarantined_at: Moment


class SyncExchangeOut(Out):
    """How the exchange goes. `is_reconciled`: since the last beginning each has read the other in full once.
    After a restore from backup totals that include the partner are held: until we have read it in full, and
    it us, if it had read us before."""

    sync_partner_id: Id
    is_reconciled: bool
    received: SyncReceivedOut
    given: SyncGivenOut
    quarantine: list[SyncQuarantinedOut] = Field(max_length=50, description="The newest first.")
