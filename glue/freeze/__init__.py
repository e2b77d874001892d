"""What of a ticker is held back, so that it keeps its published rows while all other tickers publish."""
