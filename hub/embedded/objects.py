"""An S3 server on this machine that keeps its data on disk: OpenStack Swift, whole, in one process.

MESA_S3_KEY=mesa:demo MESA_S3_SECRET=... python -m hub.embedded.objects --port 9000 --data var/objects

For the demonstration and for tests that kill it; a production has a cluster. Each document is on disk (fsync) before it
is answered for, and one process means that one kill -9 is the end of all of it at once. Linux only; the file system
must keep extended attributes.
"""

import argparse
import hashlib
import importlib.util
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hub.embedded.children import stop_with_parent
from hub.embedded.errors import EmbeddedError
from hub.embedded.ports import LOOPBACK

BUCKET = "documentos"
KEY = "mesa:hub"
LAYERS = ("account", "container", "object")
PIPELINE = "catch_errors listing_formats bulk s3api tempauth copy slo dlo proxy-server"
COMMON = """[DEFAULT]
devices = {data}/disks
mount_check = false
swift_dir = {data}
log_level = WARNING
log_address = {data}/log
fallocate_reserve = 0
"""
LAYER = """[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""
FRONT = """[pipeline:main]
pipeline = {pipeline}
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_{user} = {secret} .admin
"""
CLUSTER = """[swift-hash]
swift_hash_path_prefix = {salt}
swift_hash_path_suffix = {salt}
[storage-policy:0]
name = one
default = yes
"""
Around = Callable[[str, Any], Any]
DEVICE = {"id": 0, "region": 1, "zone": 1, "weight": 1, "ip": LOOPBACK, "device": "disk", "meta": ""}


def settings_of(port: int, secret: str) -> dict[str, str]:
    """What the hub, and the server itself, are told. Raises EmbeddedError where Swift is not installed."""
    if importlib.util.find_spec("swift") is None:
        raise EmbeddedError("Falta el servidor S3 de esta máquina: pip install -c constraints.txt -e '.[objects]'")
    return {
        "MESA_DOCUMENTS": f"s3://{BUCKET}/mesa",
        "MESA_S3_ENDPOINT": f"http://{LOOPBACK}:{port}",
        "MESA_S3_KEY": KEY,
        "MESA_S3_SECRET": secret,
    }


def secret_from(other: str) -> str:
    """The demonstration's secret of the store, made from another one of the same clone."""
    return hashlib.sha256(f"objects:{other}".encode()).hexdigest()


def prepare(data: Path, key: str, secret: str) -> None:
    """Write what Swift reads. `key` is `account:user`, as in its own accounts."""
    (data / "disks" / "disk").mkdir(parents=True, exist_ok=True)
    common = COMMON.format(data=data)
    filters = "".join(f"[filter:{name}]\nuse = egg:swift#{_plug(name)}\n" for name in PIPELINE.split()[:-1]
                      if name not in ("s3api", "tempauth"))  # fmt: skip
    front = FRONT.format(pipeline=PIPELINE, user=key.replace(":", "_"), secret=secret)
    texts = {"swift": CLUSTER.format(salt="mesa"), "proxy": common + front + filters}
    texts |= {name: common + LAYER.format(name=name) for name in LAYERS}
    for name, text in texts.items():
        file = data / f"{name}.conf"
        file.touch(mode=0o600)
        file.write_text(text, "utf-8")


def _plug(name: str) -> str:
    return "memcache" if name == "cache" else name


def serve(data: Path, port: int, account: str, around: Around = lambda _, app: app) -> None:
    """Answer for good. What is behind the S3 door listens on ports of its own, chosen anew at each start.

    `around` puts something around the application of a layer, by its name: what a test watches.
    """
    from swift.common import utils

    utils.monkey_patch()
    utils.set_swift_dir(str(data))
    import eventlet
    from swift.common.ring import RingBuilder

    eventlet.hubs.use_hub(utils.get_hub())
    inner = {name: eventlet.listen((LOOPBACK, 0)) for name in LAYERS}
    for name, listening in inner.items():
        builder = RingBuilder(4, 1, 1)
        at = listening.getsockname()[1]
        builder.add_dev(DEVICE | {"port": at, "replication_ip": LOOPBACK, "replication_port": at})
        builder.rebalance()
        builder.get_ring().save(str(data / f"{name}.ring.gz"))
    threads = [_answer(around(name, _load(data, name)), at) for name, at in inner.items()]  # type: ignore[no-untyped-call]
    front = _load(data, "proxy")
    _make_bucket(front, account)
    threads.append(_answer(front, eventlet.listen((LOOPBACK, port))))  # type: ignore[no-untyped-call]
    print("listo", flush=True)
    for thread in threads:
        thread.wait()


def _load(data: Path, name: str):  # type: ignore[no-untyped-def]
    from swift.common.wsgi import loadapp

    return loadapp(str(data / f"{name}.conf"), global_conf={"log_name": name})


def _answer(app, listening):  # type: ignore[no-untyped-def]
    import eventlet
    from eventlet import wsgi
    from swift.common.wsgi import SwiftHttpProtocol

    return eventlet.spawn(
        wsgi.server, listening, app, None, protocol=SwiftHttpProtocol,
        capitalize_response_headers=False, log_output=False,
    )  # fmt: skip


def _make_bucket(front, account: str) -> None:  # type: ignore[no-untyped-def]
    from swift.common.wsgi import make_pre_authed_request

    for name in (BUCKET, f"{BUCKET}+segments"):
        asked = make_pre_authed_request({}, "PUT", f"/v1/AUTH_{account}/{name}")
        answer = asked.get_response(front)
        if not answer.is_success:
            sys.exit(f"No se pudo preparar el almacén: {answer.status}")


def main(around: Around = lambda _, app: app) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    stop_with_parent()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    data = given.data.absolute()
    key = os.environ["MESA_S3_KEY"]
    prepare(data, key, os.environ["MESA_S3_SECRET"])
    serve(data, given.port, key.partition(":")[0], around)


if __name__ == "__main__":
    main()
