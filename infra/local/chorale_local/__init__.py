"""The hub on localhost: the deployed template on a local AWS platform, behind one port."""
