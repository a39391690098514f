"""Credit and debit notes: what is left of an invoice, the notes that may be made of it, and who must agree."""
