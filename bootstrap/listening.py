"""The port that the web process listens on, and the server that gives it back gently."""

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from bootstrap.failures import CannotListenError

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def listen(host: str, port: int) -> Iterator[socket.socket]:
    """A bound port; 0 takes a free one. Raises CannotListenError, in words."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise CannotListenError(host=host, port=port, reason=error.strerror or str(error)) from error
    with listener:
        yield listener


class GentleServer(uvicorn.Server):
    """uvicorn that only stops serving at a signal.

    uvicorn itself raises the signal again once it has stopped, which would end the process before the attempts in
    flight are finished and the stores are closed.
    """

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """A second SIGINT stops without waiting for the requests in flight."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {signum: signal.signal(signum, self.handle_exit) for signum in SIGNALS}
        try:
            yield
        finally:
            for signum, handler in before.items():
                signal.signal(signum, handler)
