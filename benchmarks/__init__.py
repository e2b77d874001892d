"""Each figure as a ratio against a floor or a peer, measured side by side."""
