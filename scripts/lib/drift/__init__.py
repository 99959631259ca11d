"""The wall against drift: document, generated code, entities, migrated database and docs say the same."""
