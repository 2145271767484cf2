"""What stays true for as long as it runs: the watcher held against the file system."""
