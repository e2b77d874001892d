"""Quality rules as data, the features that they read, and their evaluation."""
