"""What a run has to recompute: base snapshot, event differences, scope."""
