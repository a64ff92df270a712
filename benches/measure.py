"""What the scripts beside this have in common: processes that are timed, medians, and a server that is started and stopped."""

import os
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
INPUTS = TARGET / "bench"
PODWIRE = pathlib.Path(os.environ.get("PODWIRE_BIN", TARGET / "release" / "podwire"))
BOUTIQUE = "GoogleCloudPlatform+microservices-demo/release/kubernetes-manifests.yaml"


def skip(what, why):
    print(f"SKIPPED {what}: {why}", flush=True)


def prepare():
    """Says what must be built, and writes the uploads where they are not there."""
    if not PODWIRE.exists():
        sys.exit(f"{PODWIRE} is not there: cargo build --release --locked, or set PODWIRE_BIN")
    if not (INPUTS / "dump-1000.yaml").exists():
        command = ["cargo", "bench", "--locked", "--bench", "stages", "--", "--write", str(INPUTS)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def boutique():
    """Online Boutique: the real file where it is there, else what the generator makes to look like it."""
    corpus = pathlib.Path(os.environ.get("PODWIRE_CORPUS", ROOT.parent / "shared" / "corpus"))
    if (corpus / BOUTIQUE).exists():
        return "Online Boutique", corpus / BOUTIQUE
    skip("Online Boutique itself", f"it is not in {corpus}; set PODWIRE_CORPUS; a look-alike stands for it")
    return "Online Boutique's look-alike", INPUTS / "boutique.yaml"


def load():
    """The machine, in a line: what else runs decides what a clock says."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


class Run:
    """A process that has ended: seconds on the clock, seconds of CPU, and the most memory in MB."""

    def __init__(self, command, timeout=None):
        with tempfile.TemporaryFile() as out:
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
            late = time.monotonic() + timeout if timeout else None
            done = 0
            while not done:
                done, status, usage = os.wait4(process.pid, os.WNOHANG if late else 0)
                if not done and time.monotonic() > late:
                    process.kill()
                    os.wait4(process.pid, 0)
                    raise TimeoutError(f"no answer after {timeout} s")
                if not done:
                    time.sleep(0.01)
            self.clock = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                out.seek(0)
                raise RuntimeError(out.read().decode(errors="replace")[-500:])
        self.cpu = usage.ru_utime + usage.ru_stime
        # Linux counts kB, macOS bytes.
        self.memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def medians(runs):
    """The medians of clock, CPU and memory."""
    return [statistics.median(getattr(run, of) for run in runs) for of in ("clock", "cpu", "memory")]


def free_port():
    with socket.socket() as at:
        at.bind(("127.0.0.1", 0))
        return at.getsockname()[1]


class Server:
    """`podwire serve`, or another server that takes an address last, from its start to its end."""

    def __init__(self, *command):
        self.address = f"127.0.0.1:{free_port()}"
        self.url = f"http://{self.address}"
        self.folder = tempfile.TemporaryDirectory()
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PODWIRE_")}
        start = time.perf_counter()
        self.process = subprocess.Popen(
            [*command, self.address], cwd=self.folder.name, env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while True:
            try:
                self.get("/")
                break
            except OSError:
                if self.process.poll() is not None or time.perf_counter() - start > 20:
                    raise
                time.sleep(0.001)
        self.first_answer = time.perf_counter() - start

    def get(self, path, headers=None):
        """The body as it was sent, and the headers."""
        request = urllib.request.Request(self.url + path, headers=headers or {})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read(), answer.headers

    def memory(self):
        """What is in memory now, in MB; `None` where that is not to be had."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status")
        if not status.exists():
            return None
        return int(re.search(r"VmRSS:\s+(\d+)", status.read_text())[1]) * 1024 / 1e6

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.folder.cleanup()


def podwire(*more):
    """A server of Podwire's that keeps its diagrams in memory and logs nothing."""
    return Server(str(PODWIRE), "serve", "--store", "memory:", "--log", "off", *more, "--listen")
