"""Many rows at once."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from gevinst_shared.db.arrays import new_ids


def test_ids_made_together_are_each_its_own_and_sort_by_their_creation() -> None:
    before = datetime.now(UTC)

    ids = [*new_ids(1_000), *new_ids(0)]

    assert len(set(ids)) == 1_000
    assert {(type(UUID(str(one))), one.version, one.variant) for one in ids} == {(UUID, 7, RFC_4122)}
    made = {datetime.fromtimestamp((one.int >> 80) / 1_000, UTC) for one in ids}
    assert before - timedelta(milliseconds=1) <= min(made) <= max(made) <= datetime.now(UTC)
