"""The command line, one file per command; `main` parses it and says what went wrong."""
