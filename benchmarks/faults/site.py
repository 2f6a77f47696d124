"""The real site: gunicorn on a port of its own, over a database of its own that this process looks into too."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
ADDRESS = "127.0.0.1"
POSTGRES = "postgresql://postgres@127.0.0.1:5432"
DATABASE = "together_faults"


def prepare(kind: str, folder: Path) -> None:
    """Points this process, and every server it starts, at an empty database of that kind."""
    os.environ |= {
        "SECRET_KEY": "faults-only-faults-only-faults-only-faults-only-1234567890",
        "ALLOWED_HOSTS": ADDRESS,
        "HTTPS": "0",
        "DEBUG": "0",
        "DATA_DIR": str(folder),
        "STATIC_ROOT": str(folder / "static"),
        "DJANGO_SETTINGS_MODULE": "coprod.settings",
    }
    if kind == "pg":
        commands = [f"DROP DATABASE IF EXISTS {DATABASE}", f"CREATE DATABASE {DATABASE}"]
        psql = ["psql", "-q", "-d", f"{POSTGRES}/postgres", *(word for each in commands for word in ("-c", each))]
        subprocess.run(psql, check=True, stderr=subprocess.DEVNULL)
        os.environ["DATABASE_URL"] = f"{POSTGRES}/{DATABASE}"
    else:
        os.environ.pop("DATABASE_URL", None)
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    for command in ("migrate", "collectstatic --noinput"):
        subprocess.run([sys.executable, ROOT / "manage.py", *command.split(), "-v0"], check=True)


class Site:
    """gunicorn with sync workers, as a real deployment has it, in a process group of its own."""

    def __init__(self, folder: Path, *, workers: int = 3) -> None:
        self.folder, self.workers = folder, workers
        with socket.socket() as free:
            free.bind((ADDRESS, 0))
            self.port = free.getsockname()[1]
        self.base = f"http://{ADDRESS}:{self.port}"
        self.process: subprocess.Popen | None = None

    def __enter__(self) -> Site:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> None:
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [BIN / "gunicorn", "--preload", "-w", str(self.workers), "-b", f"{ADDRESS}:{self.port}", "coprod.wsgi"],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for _ in range(600):
            if self.process.poll() is not None:
                break
            with socket.socket() as knock:
                if knock.connect_ex((ADDRESS, self.port)) == 0:
                    return
            time.sleep(0.05)
        raise SystemExit(f"The site did not start: see {self.folder / 'server.log'}")

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """kill -9 of the master and of all workers."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, how)
            self.process.wait()
        self.process = None
