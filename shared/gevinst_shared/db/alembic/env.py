"""Run by Alembic; the connection and the metadata come from `gevinst_shared.db.migrations`."""

from alembic import context

from gevinst_shared.db.schema import is_ours

connection = context.config.attributes["connection"]
metadata = context.config.attributes["metadata"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    include_object=is_ours,
    compare_server_default=False,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
