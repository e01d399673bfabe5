"""Reading the directory and what a structure may change of itself."""
