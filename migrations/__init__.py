"""Alembic migrations for SQLite and PostgreSQL; run by ``kith migrate``."""
