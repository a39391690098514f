"""The history of the schema. Run it with ``adapters.persistence.migration``."""
