"""`/llms.txt`: what the service answers, for language models."""
