"""The metrics as data, a module a family; `api.analytics.registry` joins them."""

NO_BASE = "the lake lacks the close before the window, or has none in it"
NO_RETURN = "no daily return is known"
FEWER_THAN_TWO = "fewer than two daily returns are known"
