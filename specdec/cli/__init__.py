"""The command line, with one file per command; `main` parses the arguments and reports errors."""
