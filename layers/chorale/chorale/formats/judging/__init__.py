"""The verdict on a document: schema, platform rules, official rules, and their sentences."""
