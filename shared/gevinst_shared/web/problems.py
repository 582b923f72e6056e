"""Refusals on the wire: RFC 9457 problem documents, also for what the framework refuses."""

import json
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from gevinst_shared import logs
from gevinst_shared.auth.claim_mapping import (
    MissingScope,
    OtherOrganisation,
    RepresentsNobody,
    SeveralOrganisations,
)
from gevinst_shared.auth.claims import BadToken, KeysUnavailable
from gevinst_shared.charts.renderer import PictureNotDrawn, PicturesBusy
from gevinst_shared.charts.themes import OddLogo, PaleColour
from gevinst_shared.embeds.refusals import (
    EmbedsNotSetUp,
    NotEmbeddable,
    NotShown,
    OddOrigin,
    OnlyJson,
    OnlyPublished,
)
from gevinst_shared.sheets.reading import NotText
from gevinst_shared.sheets.unpacking import NotAWorkbook, WorkbookTooLarge
from gevinst_shared.sync.refusals import (
    FeedBegunAnew,
    FeedPaused,
    GrantOverAlready,
    PartnerNotRead,
    PartnerNotSo,
    PartnerStopped,
    UnknownSharedField,
)
from gevinst_shared.values.money import MixedMoney
from gevinst_shared.values.organisation import OddOrganisationNumber
from gevinst_shared.values.refusal import NotAllowed, OddCursor, Refusal, Unknown
from gevinst_shared.values.typed_addresses import (
    AddressNotEncrypted,
    AddressNotPublic,
    OddAddress,
    OddNetwork,
)
from gevinst_shared.web import refusals
from gevinst_shared.web.faults import fault_text
from gevinst_shared.web.languages import Texts, language_of
from gevinst_shared.web.negotiation import NotOffered

Statuses = Mapping[type[Refusal], int]

SHARED_STATUSES: Statuses = {
    Unknown: 404,
    NotAllowed: 403,
    MixedMoney: 409,
    OddOrganisationNumber: 400,
    OddCursor: 400,
    OddAddress: 400,
    OddNetwork: 400,
    AddressNotEncrypted: 409,
    AddressNotPublic: 409,
    NotText: 400,
    NotAWorkbook: 400,
    WorkbookTooLarge: 400,
    refusals.NoToken: 401,
    refusals.Malformed: 400,
    refusals.NoRoute: 404,
    refusals.WrongMethod: 405,
    refusals.TooLarge: 413,
    refusals.WrongMediaType: 415,
    refusals.RevisionMissing: 428,
    refusals.ChangedMeanwhile: 412,
    refusals.KeyInUse: 409,
    refusals.KeyUsedDifferently: 422,
    refusals.AlreadyThere: 409,
    refusals.RefersToNothing: 409,
    refusals.OutOfRange: 400,
    refusals.RanIntoAnother: 409,
    refusals.NotReady: 503,
    PartnerStopped: 410,
    PartnerNotRead: 409,
    FeedBegunAnew: 410,
    FeedPaused: 503,
    PartnerNotSo: 409,
    UnknownSharedField: 400,
    GrantOverAlready: 400,
    NotOffered: 406,
    PicturesBusy: 503,
    PictureNotDrawn: 503,
    PaleColour: 400,
    OddLogo: 400,
    NotShown: 404,
    NotEmbeddable: 400,
    OddOrigin: 400,
    EmbedsNotSetUp: 409,
    OnlyPublished: 404,
    OnlyJson: 501,
    refusals.BrokenHere: 500,
    BadToken: 401,
    KeysUnavailable: 503,
    MissingScope: 403,
    RepresentsNobody: 403,
    SeveralOrganisations: 400,
    OtherOrganisation: 403,
}
MEDIA_TYPE = "application/problem+json"
_MOST_FAULTS = 100
_RETRY_AFTER_SECONDS = "2"
# A caller's own parameters and values may hold anything; our answer is text.
_CONTROL = re.compile(r"[\u0000-\u001f\u007f-\u009f]")
_log = logging.getLogger(__name__)


class Problems:
    """Renders every refusal of one application; `statuses` is its table refusal → status."""

    def __init__(self, statuses: Statuses, texts: Texts, public_url: str) -> None:
        self._statuses = {**SHARED_STATUSES, **statuses}
        self._texts = texts
        self._pages = f"{public_url}/docs/problems"

    def install(self, app: FastAPI) -> None:
        app.add_exception_handler(Refusal, self._refused)
        app.add_exception_handler(RequestValidationError, self._malformed)
        app.add_exception_handler(HTTPException, self._framework)
        app.add_exception_handler(asyncpg.PostgresError, self._database)
        app.add_exception_handler(asyncpg.DataError, self._database)
        app.add_exception_handler(OSError, self._database)
        app.add_exception_handler(asyncpg.InterfaceError, self._database)
        app.add_exception_handler(Exception, self._broken)

    def response(
        self,
        request: Request,
        refusal: Refusal,
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        language = language_of(request.headers.get("accept-language"))
        status = self._statuses[type(refusal)]
        detail = self._detail(refusal, language)
        document: dict[str, Any] = {
            "type": f"{self._pages}#{refusal.code}",
            "title": self._texts.title(refusal.code, language, refusal.title),
            "status": status,
            "detail": detail,
            "instance": f"urn:uuid:{logs.request_id.get()}",
        }
        found = list(errors)
        found += [
            {"pointer": fault.pointer, "detail": self._detail(fault, language)}
            for fault in (refusal, *refusal.faults[:_MOST_FAULTS])
            if fault.pointer is not None
        ]
        if found:
            document["errors"] = found
        own = {"Content-Language": language, **(headers or {})}
        if status == 503:
            own["Retry-After"] = _RETRY_AFTER_SECONDS
        if status == 401:
            own["WWW-Authenticate"] = 'Bearer realm="gevinst"'
        return Response(
            json.dumps(document, ensure_ascii=False, default=str), status, headers=own, media_type=MEDIA_TYPE
        )

    def _detail(self, refusal: Refusal, language: str) -> str:
        return self._texts.detail(refusal.code, language, refusal.detail).format(**refusal.values)

    async def _refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)
        return self.response(request, error)

    async def _malformed(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        language = language_of(request.headers.get("accept-language"))
        errors = [
            {"pointer": _pointer(fault["loc"]), "detail": fault_text(fault, language)}
            for fault in error.errors()[:50]
        ]
        return self.response(request, refusals.Malformed(count=len(error.errors())), errors=errors)

    async def _framework(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        match error.status_code:
            case 404:
                return self.response(request, refusals.NoRoute())
            case 405:
                allowed = ", ".join(_allowed_methods(request))
                return self.response(
                    request, refusals.WrongMethod(allowed=allowed), headers={"Allow": allowed}
                )
            case 413:
                return self.response(request, refusals.TooLarge())
            case _:
                # The framework's sentence for bytes that are no text, which it only says in English.
                unread = {"type": "json_invalid", "msg": error.detail}
                fault = {
                    "pointer": "/body",
                    "detail": fault_text(unread, language_of(request.headers.get("accept-language"))),
                }
                return self.response(request, refusals.Malformed(count=1), errors=[fault])

    async def _database(self, request: Request, error: Exception) -> Response:
        refusal = _refusal_of(error)
        if refusal is None:
            return await self._broken(request, error)
        if isinstance(refusal, refusals.NotReady):
            _log.warning("database not reached", extra={"cause": repr(error)})
        return self.response(request, refusal)

    async def _broken(self, request: Request, error: Exception) -> Response:
        _log.error("request broke", exc_info=error)
        return self.response(request, refusals.BrokenHere())


_UNREACHABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)


def _refusal_of(error: Exception) -> Refusal | None:
    """What the database's own refusal means to the caller; None when it is our fault."""
    if isinstance(error, _UNREACHABLE):
        return refusals.NotReady()
    if isinstance(error, asyncpg.SerializationError | asyncpg.DeadlockDetectedError):
        return refusals.RanIntoAnother()
    if isinstance(error, asyncpg.DataError):
        return refusals.OutOfRange(cause=str(error).split(":")[0])
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return _broken_constraint(error)
    return None


def _broken_constraint(error: asyncpg.IntegrityConstraintViolationError) -> Refusal:
    member = _member(error)
    if isinstance(error, asyncpg.UniqueViolationError):
        return refusals.AlreadyThere(constraint=member)
    if isinstance(error, asyncpg.ForeignKeyViolationError):
        return refusals.RefersToNothing(member=member)
    return refusals.OutOfRange(cause=member)


def _member(error: asyncpg.IntegrityConstraintViolationError) -> str:
    """The members behind a constraint, from its name: `project_organisation_id_unit_id_fkey` is unit_id."""
    name = str(getattr(error, "constraint_name", "")).removeprefix(f"{getattr(error, 'table_name', '')}_")
    return re.sub(r"_(fkey|key|pkey|check)$", "", name).removeprefix("organisation_id_") or "the record"


def _pointer(place: Sequence[int | str]) -> str:
    text = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in place)
    return _CONTROL.sub("\ufffd", text)


def _allowed_methods(request: Request) -> list[str]:
    """Every method that the path answers to; the framework names only its first route's.

    `/inbox/reading` is an address of its own, and not the item `reading` of `/inbox/{item_id}`.
    """
    methods: dict[str, set[str]] = {}
    for route in request.app.routes:
        match, _ = route.matches(request.scope)
        if match is not Match.NONE:
            methods.setdefault(route.path, set()).update(route.methods or set())
    nearest = min(methods, key=lambda path: path.count("{"), default="")
    return sorted(methods.get(nearest, set()))
