"""Examples that run: each is a stranger's program that talks to Istmo from outside."""
