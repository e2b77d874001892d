"""`make e2e`: the unchanged template, deployed onto an emulator of AWS on this machine, and what it then does."""
