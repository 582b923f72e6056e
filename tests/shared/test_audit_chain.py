"""E1: whatever is done to a sealed trail, the check names the first row or seal that does not fit."""

import copy
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_shared.audit.chain import NOTHING_BEFORE, Misfit, Seal, check, next_seal, row_hash

ORGANISATION = "0192:958935420"
Document = dict[str, Any]
Trail = tuple[list[Document], list[Document]]


def row(number: int) -> Document:
    return {
        "id": f"0198b6a4-7c1e-7000-8000-{number:012}",
        "organisation": ORGANISATION,
        "transaction": 100 + number // 2,
        "time": "2026-11-22T04:00:00.000000Z",
        "actor": "kari",
        "action": "gevinst.portfolio.project-changed.v1",
        "subject": "projects/x",
        "request_id": "0198b6a4-7c1e-7000-8000-000000000000",
        "after": {"number": number},
    }


def told(seal: Seal) -> Document:
    """The seal as the API answers it."""
    return {
        "organisation": seal.organisation,
        "number": seal.number,
        "previous_hash": seal.previous_hash,
        "row_count": len(seal.rows),
        "rows": [{"id": row_id, "hash": hash_} for row_id, hash_ in seal.rows],
        "last_transaction": seal.last_transaction,
        "sealed_at": seal.sealed_at,
        "hash": seal.hash,
    }


def trail_of(count: int, *, a_seal: int = 4) -> Trail:
    """`count` rows, sealed `a_seal` at a time; what is left over is not sealed."""
    rows = [row(number) for number in range(count)]
    seals: list[Document] = []
    for start in range(0, count - a_seal + 1, a_seal):
        seal = next_seal(
            rows[start : start + a_seal],
            organisation=ORGANISATION,
            number=len(seals) + 1,
            previous_hash=seals[-1]["hash"] if seals else NOTHING_BEFORE,
            sealed_at="2026-11-22T04:00:05.000000Z",
        )
        seals.append(told(seal))
    return seals, rows


def resealed(seal: Document, **changes: Any) -> Document:
    """A seal that was changed by somebody who can work out its hash."""
    changed = seal | changes
    rows = tuple((one["id"], one["hash"]) for one in changed["rows"])
    made = Seal(
        changed["organisation"],
        changed["number"],
        changed["previous_hash"],
        rows,
        changed["last_transaction"],
        changed["sealed_at"],
        "",
    )
    return changed | {"hash": made.expected_hash()}


def test_a_hash_that_anybody_can_compute_again() -> None:
    """The canonical text of this row, put through any SHA-256."""
    text = (
        '{"action":"gevinst.portfolio.project-changed.v1","actor":"kari","after":{"number":1},'
        '"id":"0198b6a4-7c1e-7000-8000-000000000001","organisation":"0192:958935420",'
        '"request_id":"0198b6a4-7c1e-7000-8000-000000000000","subject":"projects/x",'
        '"time":"2026-11-22T04:00:00.000000Z","transaction":100}'
    )

    assert row_hash(row(1) | {"seal": 7}) == sha256(text.encode()).hexdigest()
    assert row_hash(row(1)) == "c53597dfa88c905bd6198f97d1057706e418d2446301c8e09f9bfd44914b0177"


def test_a_trail_as_it_was_written_fits_and_gives_its_head() -> None:
    seals, rows = trail_of(10)

    checked = check(seals, rows, {1: seals[0]["hash"], 2: seals[1]["hash"]})

    assert (checked.seal_count, checked.sealed_count, checked.unsealed_count) == (2, 8, 2)
    assert (checked.organisation, checked.head) == (ORGANISATION, seals[1]["hash"])


def test_an_empty_trail_fits() -> None:
    assert check([], [], {}).head is None


def _changed(seals: list[Document], rows: list[Document]) -> None:
    rows[5]["after"]["number"] = 6


def _changed_time(seals: list[Document], rows: list[Document]) -> None:
    rows[5]["time"] = "2026-11-22T04:00:00.000001Z"


def _removed(seals: list[Document], rows: list[Document]) -> None:
    del rows[5]


def _removed_last(seals: list[Document], rows: list[Document]) -> None:
    del rows[7]


def _added(seals: list[Document], rows: list[Document]) -> None:
    rows.insert(5, row(4) | {"id": "0198b6a4-7c1e-7000-8000-000000000004a", "transaction": 102})


def _moved(seals: list[Document], rows: list[Document]) -> None:
    rows[5]["transaction"] = 104
    rows.sort(key=lambda one: (one["transaction"], one["id"]))


def _twice(seals: list[Document], rows: list[Document]) -> None:
    rows.insert(5, rows[5])


def _row_and_its_hash(seals: list[Document], rows: list[Document]) -> None:
    rows[1]["actor"] = "per"
    seals[0]["rows"][1]["hash"] = row_hash(rows[1])


def _row_and_its_seal(seals: list[Document], rows: list[Document]) -> None:
    _row_and_its_hash(seals, rows)
    seals[0] = resealed(seals[0])


def _seal_gone(seals: list[Document], rows: list[Document]) -> None:
    del seals[0]


def _seal_elsewhere(seals: list[Document], rows: list[Document]) -> None:
    seals[1] = resealed(seals[1], number=3)


def _emptied_seal(seals: list[Document], rows: list[Document]) -> None:
    seals[1]["rows"] = []


def _ends_early(seals: list[Document], rows: list[Document]) -> None:
    seals[1] = resealed(seals[1], last_transaction=3)


def _row_twice_in_seal(seals: list[Document], rows: list[Document]) -> None:
    seals[1] = resealed(seals[1], rows=[*seals[1]["rows"], seals[1]["rows"][-1]])


def _anothers_row(seals: list[Document], rows: list[Document]) -> None:
    rows[9]["organisation"] = "0192:964338531"


def _anothers_seal(seals: list[Document], rows: list[Document]) -> None:
    seals[1] = resealed(seals[1], organisation="0192:964338531")


def _odd_row(seals: list[Document], rows: list[Document]) -> None:
    rows[5]["transaction"] = "many"


@pytest.mark.parametrize(
    ("tamper", "sentence"),
    [
        (_changed, r"Row .*5 \(gevinst.portfolio.project-changed.v1, projects/x\) was changed: seal 2"),
        (_changed_time, r"Row .*5 .* was changed: seal 2"),
        (_removed, "Row .*5 was removed: seal 2"),
        (_removed_last, "Row .*7 was removed: seal 2"),
        (_added, r"Row .*4a \(.*\) was added: seal 2"),
        (_moved, "Row .*5 was removed: seal 2"),
        (_twice, "Row .*5 is there twice"),
        (_row_and_its_hash, "Seal 1 was changed"),
        (_row_and_its_seal, "Seal 2 does not follow"),
        (_seal_gone, "Seal 1 is missing: seal 2"),
        (_seal_elsewhere, "Seal 2 is missing: seal 3"),
        (_emptied_seal, "A seal cannot be read"),
        (_ends_early, "Seal 2 ends before"),
        (_row_twice_in_seal, "Seal 2 has row .*7 twice"),
        (_anothers_row, "Row .*9 belongs to 0192:964338531"),
        (_anothers_seal, "Seal 2 belongs to 0192:964338531"),
        (_odd_row, "A row cannot be read"),
    ],
)
def test_what_was_tampered_with_is_named(
    tamper: Callable[[list[Document], list[Document]], None], sentence: str
) -> None:
    seals, rows = copy.deepcopy(trail_of(10))

    tamper(seals, rows)

    with pytest.raises(Misfit, match=sentence):
        check(seals, rows, {})


def test_a_shorter_or_a_new_chain_shows_against_a_head_that_is_known_outside() -> None:
    """The chain alone cannot know how long it was."""
    seals, rows = trail_of(8)
    known = {2: seals[1]["hash"]}
    made_anew, others = trail_of(8)
    made_anew[1] = resealed(made_anew[1], sealed_at="2026-11-22T05:00:00.000000Z")

    assert check(seals[:1], rows, {}).seal_count == 1
    with pytest.raises(Misfit, match="Seal 2 is missing: the chain ends with seal 1"):
        check(seals[:1], rows, known)
    with pytest.raises(Misfit, match="Seal 2 is not the one that is known outside"):
        check(made_anew, others, known)


@given(
    st.integers(0, 11),
    st.sampled_from(["actor", "action", "subject", "time", "request_id", "reason", "before", "after"]),
    st.text(st.characters(codec="utf-8"), min_size=1),
)
def test_no_member_of_a_sealed_row_can_be_changed_unseen(number: int, member: str, text: str) -> None:
    seals, rows = trail_of(12)
    before = rows[number].get(member)

    rows[number][member] = text

    if text == before:
        assert check(seals, rows, {}).seal_count == 3
    else:
        with pytest.raises(Misfit, match=re.escape(rows[number]["id"])):
            check(seals, rows, {})


@given(st.sets(st.integers(0, 11), min_size=1))
def test_no_sealed_row_can_be_taken_away_unseen_and_the_first_is_named(gone: set[int]) -> None:
    seals, rows = trail_of(12)

    with pytest.raises(Misfit, match=rows[min(gone)]["id"]):
        check(seals, [one for number, one in enumerate(rows) if number not in gone], {})
