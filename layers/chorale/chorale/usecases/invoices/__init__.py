"""What the parties do with an invoice."""
