"""The whole service in one thread under a virtual clock: plans drawn first, then lived, then judged.

``worlds.run_world(plan)`` is the entry: frozen plain data in, plain data out. See docs/simulation.md.
"""
