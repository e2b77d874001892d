"""Quality rules as data, the features that they read, their evaluation, and findings."""
