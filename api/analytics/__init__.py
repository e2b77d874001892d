"""Arrays in, numbers out: numpy and nothing else. NaN stands for "not known"; a function never raises on data."""
