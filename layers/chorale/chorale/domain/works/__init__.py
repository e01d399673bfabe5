"""The works-invoice chain: contracts, billing files, papers, what is owed by whom, and what silence does."""
