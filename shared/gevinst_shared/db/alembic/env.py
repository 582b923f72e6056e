"""Run by Alembic; the connection and the metadata come from `gevinst_shared.db.migrations`."""

from typing import Any, TypeGuard

from alembic import context
from alembic.operations.ops import CreateForeignKeyOp, CreateTableOp, MigrationScript
from sqlalchemy import ForeignKeyConstraint

from gevinst_shared.db.schema import is_ours


def refer_back(_context: object, _revision: object, directives: list[Any]) -> None:
    """Of two tables that refer to each other, one is given its reference when both are there.

    Such a reference is marked `use_alter`, which Alembic writes into the new table and then leaves out.
    """
    (script,) = directives
    assert isinstance(script, MigrationScript)
    assert script.upgrade_ops is not None
    operations = script.upgrade_ops.ops
    for made in [each for each in operations if isinstance(each, CreateTableOp)]:
        late = [part for part in made.columns if _is_late(part)]
        made.columns = [part for part in made.columns if not _is_late(part)]
        operations += [CreateForeignKeyOp.from_constraint(part) for part in late]


def _is_late(part: object) -> TypeGuard[ForeignKeyConstraint]:
    return isinstance(part, ForeignKeyConstraint) and part.use_alter


connection = context.config.attributes["connection"]
metadata = context.config.attributes["metadata"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    include_object=is_ours,
    compare_server_default=False,
    transaction_per_migration=False,
    process_revision_directives=refer_back,
)
with context.begin_transaction():
    context.run_migrations()
