"""What every resource shares: parameters, date ranges, CSV, the response cache, problem bodies, query timing."""
