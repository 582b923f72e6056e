"""X2: bodies that exchanged everything agree, whatever happened on the way; a storm finds what is broken."""

import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gevinst_shared.auth.claims import BadToken, Flaw
from gevinst_shared.db.marking import EVERYTHING_UNDER
from gevinst_shared.sync import publishing, receiving, serving
from gevinst_shared.sync.inlets import Inlets
from gevinst_shared.sync.projection import projected, shared_fields
from gevinst_shared.sync.publishing import Published, Publishing
from gevinst_shared.sync.receiving import Receiving
from gevinst_shared.sync.revisions import opened as really_opened
from gevinst_shared.sync.settling import Settling
from tests.support.exchange import bodies
from tests.support.exchange_storm import Death, Storm, expected, plain
from tests.support.installation import Installation

STEPS = 120
# A fault that is there is found by one of so many storms.
STORMS = 6


@asynccontextmanager
async def storm(installation: Installation, seed: int) -> AsyncIterator[Storm]:
    async with bodies(installation.databases["portfolio"].url, 4) as found:
        yield Storm(found, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
async def test_bodies_agree_after_a_storm(installation: Installation, seed: int) -> None:
    async with storm(installation, seed) as wild:
        await wild.run(STEPS)


@pytest.mark.slow
@pytest.mark.parametrize("dying", ["provider", "reader"])
async def test_no_death_before_any_statement_loses_anything(installation: Installation, dying: str) -> None:
    async with storm(installation, 0) as calm:
        provider, reader = calm.honest[:2]
        programme = await provider.add_programme()
        first, second = await provider.add_projects(2, programme=programme)
        victim: Any = (provider if dying == "provider" else reader).database
        grant, deaths = None, 0
        for lives in itertools.count():
            if grant is not None:
                await provider.end(grant)
            grant = await provider.share(reader, "programme", programme, {"project": ["name", "programme"]})
            await provider.rename(first if lives % 2 else second, f"Name {lives}")
            victim.lives = lives
            try:
                await reader.pull(provider, limit=1)
                break
            except Death:
                deaths += 1
            finally:
                victim.lives = None
            await reader.pull(provider)
            assert plain(await reader.has(provider)) == await expected(provider, reader)

        assert deaths > 5


Patch = pytest.MonkeyPatch


def _shares_every_field(patch: Patch) -> None:
    real = shared_fields
    every = frozenset({"name", "status", "cost", "programme", "merged_into"})
    patch.setattr(publishing, "shared_fields", lambda *given: None if real(*given) is None else every)


def _shares_everything_of_a_kind(patch: Patch) -> None:
    real = shared_fields

    def any_grant(kind: str, roots: Any, grants: Any) -> Any:
        return real(kind, grants.keys(), grants)

    patch.setattr(publishing, "shared_fields", any_grant)


def _forgets_the_marks_of_grants(patch: Patch) -> None:
    real = Settling._give

    async def give(self: Settling, connection: Any, marks: Any, partner_id: Any) -> None:
        await real(self, connection, [mark for mark in marks if mark[0] != EVERYTHING_UNDER], partner_id)

    patch.setattr(Settling, "_give", give)


def _marks_only_who_may_get_it(patch: Patch) -> None:
    """Who has it and may get it no longer is not told."""
    patch.setattr(publishing, "_is_news", _but_no_tombstones(publishing._is_news))


def _but_no_tombstones(real: Callable[..., bool]) -> Callable[..., bool]:
    return lambda draft, before: draft.body is not None and real(draft, before)


def _lets_grants_last(patch: Patch) -> None:
    patch.setattr("gevinst_shared.sync.settling.day_there", lambda *_: date.min)
    patch.setattr(publishing, "day_there", lambda *_: date.min)


def _does_not_cut_references(patch: Patch) -> None:
    real = projected
    patch.setattr(
        publishing,
        "projected",
        lambda *given, is_known, hidden: real(*given, is_known=lambda *_: True, hidden=hidden),
    )


def _forgets_what_refers(patch: Patch) -> None:
    async def nothing(*_: object) -> None:
        pass

    patch.setattr(Publishing, "_note_referring", nothing)


def _calls_everything_news(patch: Patch) -> None:
    patch.setattr(publishing, "_is_news", lambda *_: True)


def _leaves_out_numbers(patch: Patch) -> None:
    real = Publishing.publish

    async def publish(self: Publishing, connection: Any, reader: Any, number: int) -> Published:
        found = await real(self, connection, reader, number)
        return replace(found, number=found.number + 1) if found.number > number else found

    patch.setattr(Publishing, "publish", publish)


def _trusts_every_stamp(patch: Patch) -> None:
    patch.setattr(serving, "_is_of", lambda cursor, outlet: str(cursor.epoch) == outlet["epoch"])
    patch.setattr(serving, "_is_of_the_future", lambda *_: False)


def _keeps_what_a_new_epoch_does_not_name(patch: Patch) -> None:
    real = Inlets.advance

    async def advance(
        self: Inlets, connection: Any, inlet: Any, page: Any, *given: Any, **named: Any
    ) -> None:
        was = dict(inlet) | {"is_full": False}
        await real(self, connection, was, page, *given, **named)  # type: ignore[arg-type]

    patch.setattr(Inlets, "advance", advance)


def _takes_late_answers(patch: Patch) -> None:
    real = Receiving.take

    async def take(self: Receiving, connection: Any, organisation: str, partner_id: Any, answer: Any) -> Any:
        await connection.execute(
            "UPDATE sync_inlet SET attempt = $1 WHERE partner_id = $2", answer.question.attempt, partner_id
        )
        return await real(self, connection, organisation, partner_id, answer)

    patch.setattr(Receiving, "take", take)


def _puts_unknown_keys_aside(patch: Patch) -> None:
    real = really_opened

    def opened(text: str, keys: Any) -> Any:
        try:
            return real(text, keys)
        except BadToken:
            raise BadToken(Flaw.WRONG_SIGNATURE) from None

    patch.setattr(receiving, "opened", opened)


def _takes_marks_before_it_is_sure(patch: Patch) -> None:
    """What was marked is lost when the process dies before it was given out."""
    real = Settling.settle

    async def settle(self: Settling, connection: Any, organisation: str, now: Any) -> None:
        await real(self, connection, organisation, now)
        await connection.execute("COMMIT")
        await connection.execute("BEGIN")
        await connection.execute("SELECT set_config('app.organisation', $1, true)", organisation)
        await connection.execute("DELETE FROM sync_pending WHERE number % 2 = 0")

    patch.setattr(Settling, "settle", settle)


def _goes_on_without_storing(patch: Patch) -> None:
    """How far it read is stored first, and what was read is lost when it dies."""
    real = Inlets.store

    async def store(self: Inlets, connection: Any, inlet: Any, kept: Any, ended: Any, *, now: Any) -> None:
        if len(kept) != 2:
            await real(self, connection, inlet, kept, ended, now=now)

    patch.setattr(Inlets, "store", store)


def _does_not_look_for_whom_it_is(patch: Patch) -> None:
    _ignore(patch, receiving.Wrong.AUDIENCE)


def _takes_the_records_of_others(patch: Patch) -> None:
    _ignore(patch, receiving.Wrong.OWNER)


def _takes_fields_of_other_types(patch: Patch) -> None:
    patch.setattr(receiving, "_has_good_fields", lambda *_: True)


def _takes_revisions_of_other_epochs(patch: Patch) -> None:
    _ignore(patch, receiving.Wrong.EPOCH)


def _ignore(patch: Patch, flaw: receiving.Wrong) -> None:
    real = Receiving._flaw

    def ignored(self: Receiving, *given: Any) -> Any:
        found = real(self, *given)
        return None if found is flaw else found

    patch.setattr(Receiving, "_flaw", ignored)


def _believes_every_signature(patch: Patch) -> None:
    from gevinst_shared.sync import revisions  # noqa: PLC0415

    def unchecked(text: str, keys: Any, **_: Any) -> Any:
        from gevinst_shared.auth.tokens import _taken_apart  # noqa: PLC0415

        return _taken_apart(text)[1]

    patch.setattr(revisions, "check_signature", unchecked)


FAULTS = (
    _shares_every_field,
    _shares_everything_of_a_kind,
    _forgets_the_marks_of_grants,
    _marks_only_who_may_get_it,
    _lets_grants_last,
    _does_not_cut_references,
    _forgets_what_refers,
    _calls_everything_news,
    _leaves_out_numbers,
    _trusts_every_stamp,
    _keeps_what_a_new_epoch_does_not_name,
    _takes_late_answers,
    _puts_unknown_keys_aside,
    _takes_marks_before_it_is_sure,
    _goes_on_without_storing,
    _does_not_look_for_whom_it_is,
    _takes_the_records_of_others,
    _takes_fields_of_other_types,
    _takes_revisions_of_other_epochs,
    _believes_every_signature,
)


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__.strip("_"))
async def test_a_storm_finds_a_fault(
    installation: Installation, monkeypatch: Patch, fault: Callable[[Patch], None]
) -> None:
    fault(monkeypatch)

    for seed in range(STORMS):
        async with storm(installation, seed) as wild:
            try:
                await wild.run(STEPS)
            except AssertionError:
                return

    pytest.fail(f"no storm found that it {fault.__name__.strip('_').replace('_', ' ')}")
