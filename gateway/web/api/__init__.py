"""The API for other programs: read ``operations`` first, from which routes, checks and description are made."""
