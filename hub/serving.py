"""How gunicorn serves the web: `gunicorn -c python:hub.serving wsgi:app`, which is what `mesa web` runs.

Nothing is loaded before the fork, because connections and threads do not survive it. MESA_WEB_WORKERS and
MESA_WEB_THREADS size it; more machines may serve beside this one with no further coordination.
"""

import ctypes
import gc
import os
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import count
from threading import BoundedSemaphore
from typing import Any

from gunicorn.http import get_parser
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

from hub import logs
from hub.slow_lines import Line, Pace

LINGERING = 64


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Threads, as gunicorn has them, but who sends too slowly, or keeps its end open afterwards, makes nobody wait.

    Each connection is read at the pace of the settings (hub.slow_lines). When one is finished gunicorn waits for the
    other end, up to two seconds, in the thread that accepts; PHP's streams let it wait each time.
    At most LINGERING are waited for aside; the others are closed at once.
    """

    def init_process(self) -> None:
        from hub.settings import Settings

        settings = Settings.from_env()
        self.pace = Pace(settings.body_patience, settings.body_rate, settings.body_most)
        self.aside, self.free = ThreadPoolExecutor(LINGERING, thread_name_prefix="closing"), BoundedSemaphore(LINGERING)
        super().init_process()

    def handle(self, conn: TConn) -> Any:
        if conn.parser is None and not self.cfg.is_ssl:
            conn.parser = get_parser(self.cfg, Line(conn.sock, self.pace), conn.client)
        if isinstance(line := _line_of(conn.parser), Line):
            line.begin()
        return super().handle(conn)

    def finish_request(self, conn: TConn, fs: "Future[Any]") -> None:
        conn.close = partial(self.close_aside, conn)
        super().finish_request(conn, fs)

    def close_aside(self, conn: TConn, graceful: bool = False) -> None:
        del conn.close
        if graceful and self.free.acquire(blocking=False):
            self.aside.submit(conn.close, graceful=True).add_done_callback(lambda _: self.free.release())
        else:
            conn.close()


def _line_of(reader: Any) -> Any:
    return getattr(getattr(reader, "unreader", None), "sock", None)


def pre_request(_worker: object, request: Any) -> None:
    """The application learns from the stream of the body that its line is too slow; its answer is then the last one."""
    if isinstance(line := _line_of(request), Line):
        line.when_slow = request.force_close
        request.body.line = line


bind = os.environ.get("MESA_BIND", "127.0.0.1:5000")
SocketUnreader.max_body_chunk = 64 * 1024
"""Forms are read by 64 KiB: with more read ahead, what is left over would be copied again for each of them."""
worker_class = Worker
workers = int(os.environ.get("MESA_WEB_WORKERS", "2"))
threads = int(os.environ.get("MESA_WEB_THREADS", "8"))
preload_app = False
timeout = 120
graceful_timeout = 8
keepalive = 5
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112  heartbeats off the disk
control_socket_disable = True
proc_name = "mesa-web"
if os.environ.get("MESA_LOG_FORMAT") == logs.JSON:
    logconfig_dict = logs.for_gunicorn()


_ARENA_MAX, _MMAP_THRESHOLD = -8, -3  # names of mallopt(3)
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
if _libc is not None and hasattr(_libc, "mallopt"):
    # A process that answers for months keeps what it took for its largest messages once for each place that glibc
    # allocates from: a few of those, and what is large straight from the system, which gets it back.
    _libc.mallopt(_ARENA_MAX, 2)
    _libc.mallopt(_MMAP_THRESHOLD, 128 * 1024)

TIDIED_EVERY = 1000
"""Calls after which what is left of them is given back to the system."""
_answered = count(1)


def post_worker_init(_worker: object) -> None:
    """What is loaded once stays: it is not searched for garbage again with every page, and the search comes rarer."""
    if os.environ.get("MESA_LOG_FORMAT") == logs.JSON:
        from hub.steps import write_steps

        write_steps()
    if collector := os.environ.get("MESA_OTEL"):
        from hub import tracing

        tracing.start(collector, "web")
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def post_request(_worker: object, _request: object, _environ: object, _response: object) -> None:
    """Because the search for garbage is rare, it is also done by the number of calls, and free memory leaves."""
    if next(_answered) % TIDIED_EVERY == 0:
        gc.collect()
        if _libc is not None and hasattr(_libc, "malloc_trim"):
            _libc.malloc_trim(0)
