"""Staging, manifest, catalog, retention and rollback of snapshots."""
