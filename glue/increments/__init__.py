"""What a run has to recompute: its base snapshot, the events that differ, the scope."""
