"""What is asked to be written into documents to documents, and to what is told of it."""
