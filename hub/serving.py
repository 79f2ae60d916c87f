"""How gunicorn serves the web: `gunicorn -c python:hub.serving wsgi:app`, which is what `mesa web` runs.

Nothing is loaded before the fork, because connections and threads do not survive it. MESA_WEB_WORKERS and
MESA_WEB_THREADS size it; more machines may serve beside this one with no further coordination.
"""

import gc
import os

from hub import logs

bind = os.environ.get("MESA_BIND", "127.0.0.1:5000")
worker_class = "gthread"
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
