"""`/questions`: answers of other endpoints in, sentences out; pure, a module a question."""
