"""What the scripts beside this have in common: processes that are timed, medians, and a server that is started and stopped."""

import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
INPUTS = TARGET / "bench"
BUILT = pathlib.Path(os.environ.get("PODWIRE_BIN", TARGET / "release" / "podwire"))
# A copy, as whoever installs it has: a linker writes page by page, and the kernel maps such a file page by page at each start.
PODWIRE = INPUTS / "podwire"
BOUTIQUE = "GoogleCloudPlatform+microservices-demo/release/kubernetes-manifests.yaml"


def skip(what, why):
    print(f"SKIPPED {what}: {why}", flush=True)


def prepare():
    """Says what must be built, copies it, and writes the uploads where they are not there."""
    if not BUILT.exists():
        sys.exit(f"{BUILT} is not there: cargo build --release --locked, or set PODWIRE_BIN")
    INPUTS.mkdir(parents=True, exist_ok=True)
    # Before the uploads are made: cargo then builds the program with what benches need besides.
    shutil.copy(BUILT, PODWIRE)
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
    """A process that has ended: seconds on the clock and of CPU, and what it printed."""

    def __init__(self, command, timeout=None):
        with tempfile.TemporaryFile() as out:
            to_out = [(os.POSIX_SPAWN_DUP2, out.fileno(), at) for at in (1, 2)]
            # Spawned, since what a fork of this one does before it is another program would count as the other's.
            start = time.perf_counter()
            pid = os.posix_spawnp(command[0], command, os.environ, file_actions=to_out, setsid=True)
            late = threading.Timer(timeout, os.killpg, (pid, signal.SIGKILL)) if timeout else None
            if late:
                late.start()
            _, status, usage = os.wait4(pid, 0)
            self.clock = time.perf_counter() - start
            if late:
                late.cancel()
            out.seek(0)
            self.out = out.read().decode(errors="replace")
        code = os.waitstatus_to_exitcode(status)
        if code == -signal.SIGKILL and timeout and self.clock >= timeout:
            raise TimeoutError(f"no answer after {timeout} s")
        if code:
            raise RuntimeError(self.out[-500:])
        self.cpu = usage.ru_utime + usage.ru_stime


def memory(command):
    """The most memory of a process in MB, by a run of its own; `None` where GNU time is not there.

    A process begins with the memory of whoever starts it, which Python has a lot of, so something small starts it.
    """
    if sys.platform != "linux" or not pathlib.Path("/usr/bin/time").exists():
        return None
    with tempfile.NamedTemporaryFile("r") as said:
        Run(["/usr/bin/time", "-f", "%M", "-o", said.name, *command])
        return int(said.read()) * 1024 / 1e6


def medians(runs):
    """The medians of clock and CPU."""
    return [statistics.median(getattr(run, of) for run in runs) for of in ("clock", "cpu")]


def show(clock, cpu, most):
    return f"{clock:.4f} s, {cpu:.4f} s, " + (f"{most:.0f} MB" if most else "-")


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
        self.first_cpu = self.cpu()

    def get(self, path, headers=None):
        """The body as it was sent, and the headers."""
        request = urllib.request.Request(self.url + path, headers=headers or {})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read(), answer.headers

    def cpu(self):
        """Seconds of CPU of its threads until now; `None` where that is not to be had."""
        tasks = list(pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/schedstat"))
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9 if tasks else None

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
    """A server of Podwire's that keeps its diagrams in memory, logs nothing, and lets one client ask as often as it likes."""
    limits = ["--rate", "0", "--max-at-once", "0"]
    return Server(str(PODWIRE), "serve", "--store", "memory:", "--log", "off", *limits, *more, "--listen")
