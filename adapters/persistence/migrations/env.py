"""What alembic runs: the migrations on the connection that ``adapters.persistence.migration`` opened."""

from alembic import context

from adapters.persistence.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
