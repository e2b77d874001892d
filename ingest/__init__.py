"""The outside world → raw records in the lake."""
