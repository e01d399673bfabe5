"""Where state is kept: every key string, every transaction, every call to AWS."""
