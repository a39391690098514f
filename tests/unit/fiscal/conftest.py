"""Property tests here have no deadline: a busy machine is no failure."""

from hypothesis import settings

settings.register_profile("fiscal", deadline=None)
settings.load_profile("fiscal")
