"""Execution compiled once per document. docs/execution.md explains it; `executor` is its door."""
