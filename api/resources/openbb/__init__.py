"""`/widgets.json`, `/apps.json` and `/openbb/…`: the panels and questions as widgets of OpenBB Workspace."""
