"""The benchmark: `python -m tests.bench` builds the same articles with this program and with Hugo."""
