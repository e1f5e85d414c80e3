"""The shell: the only place with input, output, time and chance. Read ``life.py`` first."""
