"""Run by Alembic: brings the database of the connection it is given to the newest revision."""

from __future__ import annotations

from alembic import context

from kynhan_server.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
