"""What the template says, read as data: no account, no emulator, no SAM."""
