"""What a developer of Bellwether runs; nothing here is deployed."""
