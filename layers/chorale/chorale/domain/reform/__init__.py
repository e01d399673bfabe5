"""What the French reform of electronic invoicing (1 September 2026) writes in an invoice: frames, addresses, notes."""
