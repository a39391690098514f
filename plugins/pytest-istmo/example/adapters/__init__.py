"""The shop's own adapters."""
