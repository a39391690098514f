"""The shop's own core: it has nothing to do with Istmo's package of the same name."""

OWNER = "a stranger"
