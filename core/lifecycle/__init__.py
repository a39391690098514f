"""The state machines of a document: pure steps from a document to a Change."""
