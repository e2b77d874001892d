"""Financial statistics with numpy alone: arrays in, numbers out. NaN means unknown; no function raises on data."""
