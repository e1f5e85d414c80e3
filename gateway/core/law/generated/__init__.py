"""Written by a program, checked for drift, never by hand."""
