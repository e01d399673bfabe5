"""Partners, webhooks and calls to the outside."""
