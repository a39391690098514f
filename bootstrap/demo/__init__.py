"""``istmo serve --demo``: the fake PAC and Istmo in one process, with a shop that has a history."""
