#!/usr/bin/env python3
"""Podwire beside KubeDiagrams, each as a process that turns the same file into a picture, in turns, in one run.

    cargo build --release --locked && python3 benches/peers.py [--runs N]

KubeDiagrams (PyPI) comes into a Python environment of its own under target/, and needs Graphviz (apt-get install graphviz).
What is not there is skipped and said.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import measure
from measure import INPUTS, PODWIRE, ROOT, TARGET, Run, medians

KUBEDIAGRAMS = "KubeDiagrams==0.8.0"
# The largest of the sizes takes it minutes.
MOST_SECONDS = 900


def kubediagrams():
    """Its program, installed where it is not; `None` where that cannot be."""
    if not shutil.which("dot"):
        measure.skip("KubeDiagrams", "Graphviz is not there: apt-get install graphviz")
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
    return program


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--runs", type=int, default=3)
    runs = arguments.parse_args().runs
    measure.prepare()
    peer = kubediagrams()
    name, path = measure.boutique()
    sizes = [
        ("the NodePort example", ROOT / "static/examples/node-port.yaml", runs),
        (name, path, runs),
        # Once is enough for what takes minutes.
        ("100 Services, 1,000 Pods", INPUTS / "pods-100.yaml", 1),
    ]
    print(f"{KUBEDIAGRAMS if peer else 'no peer'}; {measure.load()}; medians of {runs}, of the largest one run\n")
    print("| file | Podwire, clock, CPU, memory | KubeDiagrams, clock, CPU, memory | times the clock, times the CPU |")
    print("| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as out:
        # It keeps its packages beside itself, and finds Python by the path.
        os.environ["PATH"] = f"{TARGET / 'kubediagrams' / 'bin'}{os.pathsep}{os.environ['PATH']}"
        for what, path, turns in sizes:
            ours, theirs = [], []
            for _ in range(turns):
                # Ours is so short that several runs say more than one.
                ours += [Run([str(PODWIRE), "draw", str(path), "-o", f"{out}/podwire.svg"]) for _ in range(5)]
                if peer:
                    try:
                        theirs.append(Run([str(peer), "-o", f"{out}/peer.svg", str(path)], timeout=MOST_SECONDS))
                    except (TimeoutError, RuntimeError) as cause:
                        measure.skip(f"KubeDiagrams on {what}", str(cause))
                        break
            show = lambda of: "{:.3f} s, {:.3f} s, {:.0f} MB".format(*of)
            own = medians(ours)
            if not theirs:
                print(f"| {what} | {show(own)} | - | - |", flush=True)
                continue
            peers = medians(theirs)
            print(f"| {what} | {show(own)} | {show(peers)} | {peers[0] / own[0]:.0f}, {peers[1] / max(own[1], 0.001):.0f} |", flush=True)
            for file in ("podwire.svg", "peer.svg"):
                if not pathlib.Path(out, file).exists():
                    measure.skip(file, "it was not written")


main()
