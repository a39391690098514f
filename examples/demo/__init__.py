"""The main job on real parts: `make demo`."""
