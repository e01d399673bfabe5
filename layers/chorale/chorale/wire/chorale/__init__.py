"""Our own resources, under /chorale/v1."""
