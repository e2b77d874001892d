"""Merging new raw records into the current ones: validation, precedence, restatements."""
