#!/usr/bin/env python3
"""The whole process: how long `podwire draw` takes and how much memory; how fast the server starts, how much it holds.

    cargo build --release --locked && python3 benches/process.py [--runs N] [NAME…]

Each figure is the median of N runs (5). CPU is user and system together, which other programs change less than the clock.
"""

import argparse
import re
import statistics

import measure
from measure import INPUTS, PODWIRE, Run, medians

UPLOADS = ["seed", "boutique", "pods-100", "pods-1000", "pods-10000", "limits", "dump-100", "dump-1000", "kyaml-1000",
           "one-selects-all", "all-select-one", "ports", "namespaces", "equal-labels", "broken-names"]


def draw(names, runs):
    print(f"`podwire draw --format json`, {measure.load()}, medians of {runs}\n")
    print("| upload | size | clock | CPU | memory |\n| --- | --- | --- | --- | --- |")
    cpu = {}
    for name in names:
        path = INPUTS / f"{name}.yaml"
        command = [str(PODWIRE), "draw", "--format", "json", "-o", "/dev/null", str(path)]
        clock, cpu[name], memory = medians([Run(command) for _ in range(runs)])
        size = path.stat().st_size / 1e6
        print(f"| {name} | {size:.2f} MB | {clock:.3f} s | {cpu[name]:.3f} s | {memory:.0f} MB |", flush=True)
    steps = [("pods-100", "pods-1000"), ("pods-1000", "pods-10000")]
    for small, large in steps:
        if small in cpu and large in cpu:
            print(f"\n{large} takes {cpu[large] / cpu[small]:.1f} times the CPU of {small}")


def first_view(server):
    """The bytes of the first page with everything that it asks for before it is idle."""
    brotli = {"accept-encoding": "br"}
    page, _ = server.get("/", brotli)
    plain, _ = server.get("/")
    text = plain.decode()
    asked = set(re.findall(r'(?:src|href)="(/static/[^"?]+\.(?:js|css|woff2|svg))', text))
    seen, sizes = set(), {}
    while asked:
        path = asked.pop()
        seen.add(path)
        body, _ = server.get(path, brotli)
        sizes[path] = len(body)
        if path.endswith((".js", ".css")):
            code, folder = server.get(path)[0].decode(), path.rsplit("/", 1)[0]
            named = re.findall(r'''(?:import[^"';]*|from\s*|url\()["']?(\.{0,2}/?[\w./-]+\.(?:js|woff2))''', code)
            for name in named:
                at = re.sub(r"/[^/]+/\.\./", "/", re.sub(r"/\./", "/", f"{folder}/{name}"))
                if name.startswith("/"):
                    at = name
                if at not in seen:
                    asked.add(at)
    return len(page), sizes


def serve(runs):
    first, idle, idle_later = [], [], []
    for _ in range(runs):
        with measure.podwire() as server:
            first.append(server.first_answer)
            idle.append(server.memory() or 0)
    print(f"\nThe server, {measure.load()}, medians of {runs}\n")
    print(f"- from its start to the first page: {statistics.median(first) * 1000:.0f} ms, the quickest {min(first) * 1000:.0f} ms")
    print(f"- memory after that page: {statistics.median(idle):.0f} MB")
    print(f"- the binary: {PODWIRE.stat().st_size / 1e6:.1f} MB")
    with measure.podwire() as server:
        page, sizes = first_view(server)
        total = page + sum(sizes.values())
        print(f"- the first view with Brotli: {total / 1000:.0f} kB, of which the page {page / 1000:.1f} kB, and")
        for path, size in sorted(sizes.items(), key=lambda of: -of[1]):
            print(f"  - {path.split('/', 3)[-1]}: {size / 1000:.1f} kB")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("names", nargs="*", metavar="NAME", help="of the uploads; all, and the server, where none is named")
    given = arguments.parse_args()
    measure.prepare()
    draw(given.names or UPLOADS, given.runs)
    if not given.names:
        serve(given.runs)


main()
