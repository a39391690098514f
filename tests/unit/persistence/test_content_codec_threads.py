"""Threads that read for the first time at the same moment do no harm to each other."""

import subprocess
import sys

READ_AT_ONCE = """
import sys
from dataclasses import make_dataclass
from threading import Barrier, Thread

from adapters.persistence.content_codec import from_json

sys.setswitchinterval(1e-6)  # so that a thread is interrupted wherever it can be


def nested(place):
    inner = make_dataclass(f"Inner{place}", [(f"text_{each}", str | None, None) for each in range(30)])
    fields = [("first", inner)] + [(f"more_{each}", tuple[inner, ...], ()) for each in range(10)]
    return inner, make_dataclass(f"Outer{place}", fields)


for place in range(ROUNDS):
    inner, outer = nested(place)
    texts = {inner: '{"text_1": "x"}', outer: '{"first": {"text_1": "x"}, "more_1": [{"text_2": "y"}]}'}
    start = Barrier(4)
    read = []

    def reading(kind):
        start.wait()
        read.append(from_json(kind, texts[kind]))

    threads = [Thread(target=reading, args=(kind,)) for kind in (outer, inner, outer, inner)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(each).__name__[:5] for each in read) == ["Inner", "Inner", "Outer", "Outer"], read
print("unharmed")
"""


def test_first_readings_at_once_never_end_the_process() -> None:
    """Without the lock the interpreter is gone (signal 11) within some hundred rounds."""
    program = READ_AT_ONCE.replace("ROUNDS", "400")
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout.strip()) == (0, "unharmed"), ended.stderr[-2000:]
