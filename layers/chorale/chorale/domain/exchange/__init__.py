"""What leaves the hub for other machines, and what comes from them."""
