"""What stays true however long it runs: promises, each put to the test by a part of its own."""
