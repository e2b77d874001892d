"""An Alpha Vantage on this machine: it speaks the vendor's protocol, and serves recorded or simulated answers."""
