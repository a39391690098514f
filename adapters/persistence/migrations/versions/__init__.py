"""One file per step; a released step never changes. New steps only add (expand, then contract a release later)."""
