"""`make e2e`: deploys the unchanged template onto an emulator of AWS on this machine, and checks what it then does."""
