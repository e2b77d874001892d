"""Staging, reports, manifest, catalog, retention and rollback of snapshots."""
