"""``python -m gateway.cli`` does what ``bti`` does."""

from gateway.cli import main

main()
