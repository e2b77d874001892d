"""History from files: checked line by line and as a whole, then raw records like any other."""
