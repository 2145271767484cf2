"""What holds for every document there can be, and a search for one of which it does not hold."""
