"""The page at `/`: HTML and CSS, no script."""
