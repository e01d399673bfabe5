"""What the actors of a works contract do, one verb a file."""
