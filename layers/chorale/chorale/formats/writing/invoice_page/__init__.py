"""The pages of an invoice: what they say (view), then how they are drawn (pdf)."""
