"""The ``chorale`` command: validate files offline, deposit them, read what became of them."""
