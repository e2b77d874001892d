"""A published snapshot → answers. Imports point down, from the entries to the stores."""
