"""Grafana's dashboards and alert rules, built from the one definition of what is drawn."""
