"""What the platform writes: pages, data, reports."""
