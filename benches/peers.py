#!/usr/bin/env python3
"""Podwire beside KubeDiagrams, each as a process that turns the same file into a picture, in turns, in one run.

    cargo build --release --locked && python3 benches/peers.py [--runs N]

KubeDiagrams (PyPI) comes into a Python environment of its own under target/, and needs Graphviz and what its Python package is
built with (apt-get install graphviz libgraphviz-dev pkg-config gcc python3-dev). What is not there is skipped and said.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import uuid

import measure
from measure import INPUTS, PODWIRE, ROOT, TARGET, Run, medians

KUBEDIAGRAMS = "KubeDiagrams==0.8.0"
# The largest of the sizes takes it minutes.
MOST_SECONDS = 900


def kubediagrams():
    """How to call it, installed where it is not; `None` where that cannot be."""
    if not shutil.which("dot"):
        measure.skip("KubeDiagrams", "Graphviz is not there: apt-get install graphviz libgraphviz-dev pkg-config")
        return None
    folder = TARGET / "kubediagrams"
    program = folder / "bin" / "kube-diagrams"
    if not program.exists():
        try:
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
            subprocess.run([str(folder / "bin" / "pip"), "install", "-q", KUBEDIAGRAMS], check=True, capture_output=True)
        except subprocess.CalledProcessError as cause:
            measure.skip("KubeDiagrams", f"it cannot be installed: {cause.stderr.decode(errors='replace')[-300:]}")
            return None
    # Its first line names the folder that it was installed in, which may have been moved.
    return [folder / "bin" / "python", program]


def turn(program, path, folder, ending, times, timeout=None):
    """Runs of a program that draws a file, each into a file of its own: to write over one costs more than to draw it."""
    runs = []
    for _ in range(times):
        target = f"{folder}/{uuid.uuid4()}.{ending}"
        runs.append(Run([str(part) for part in (*program, "-o", target, path)], timeout=timeout))
        if not os.path.getsize(target):
            raise RuntimeError(f"{target} is empty")
        os.remove(target)
    return runs


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--runs", type=int, default=3)
    runs = arguments.parse_args().runs
    measure.prepare()
    peer = kubediagrams()
    name, boutique = measure.boutique()
    seed = ROOT / "static/examples/node-port.yaml"
    sizes = [
        ("the NodePort example", seed, "svg", runs),
        (name, boutique, "svg", runs),
        # Once is enough for what takes minutes.
        ("100 Services, 1,000 Pods", INPUTS / "pods-100.yaml", "svg", 1),
        # What it draws unless it is told otherwise.
        ("the NodePort example, PNG", seed, "png", runs),
        (f"{name}, PNG", boutique, "png", runs),
    ]
    nothing = medians([Run(["true"]) for _ in range(20)])
    print(f"{KUBEDIAGRAMS if peer else 'no peer'}; {measure.load()}; medians of {runs}, of the largest one run; "
          f"`true` takes {nothing[0] * 1000:.2f} ms, {nothing[1] * 1000:.2f} ms of CPU\n")
    print("| file | Podwire, clock, CPU, memory | KubeDiagrams, clock, CPU, memory | times the clock, times the CPU |")
    print("| --- | --- | --- | --- |")
    # In memory where there is room for it: a disk's share of the time is nobody's.
    room = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(dir=room) as folder:
        # It keeps its packages beside itself, and finds Python by the path.
        os.environ["PATH"] = f"{TARGET / 'kubediagrams' / 'bin'}{os.pathsep}{os.environ['PATH']}"
        for what, path, ending, turns in sizes:
            ours, theirs = [], []
            for _ in range(turns):
                # Ours is so short that several runs say more than one.
                ours += turn([PODWIRE, "draw"], path, folder, ending, 20)
                if peer:
                    try:
                        theirs += turn(peer, path, folder, ending, 1, MOST_SECONDS)
                    except (TimeoutError, RuntimeError) as cause:
                        measure.skip(f"KubeDiagrams on {what}", str(cause))
                        break
            own = medians(ours)
            out = f"{folder}/memory.{ending}"
            drawn = measure.show(*own, measure.memory([str(PODWIRE), "draw", str(path), "-o", out]))
            if not theirs:
                print(f"| {what} | {drawn} | - | - |", flush=True)
                continue
            peers = medians(theirs)
            by_them = measure.show(*peers, measure.memory([*map(str, peer), "-o", out, str(path)]))
            print(f"| {what} | {drawn} | {by_them} | {peers[0] / own[0]:.0f}, {peers[1] / own[1]:.0f} |", flush=True)


main()
