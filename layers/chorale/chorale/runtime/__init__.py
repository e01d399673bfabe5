"""What every function needs around its work: settings, clock, logs, batches."""
