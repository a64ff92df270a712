#!/usr/bin/env python3
"""How fast the server answers: an analysis, shared pages beside the same bytes from memory, and small work beside big work.

    cargo build --release --locked && python3 benches/serving.py [--rounds N] [--seconds S]

Needs wrk (apt-get install wrk). The server that answers the same bytes from memory is benches/from_memory.rs. Both are asked
in turns, and each figure is the median of the rounds. wrk has one thread, which shares the cores with the server.
"""

import argparse
import json
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

import measure
from measure import INPUTS, ROOT

POST = 'wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/yaml"\nwrk.body = io.open("{}"):read("*a")\n'
# Percentiles in µs, which wrk prints rounded, and how many answers were none.
DONE = """
function done(summary, latency, requests)
  io.write(string.format("RESULT %f %f %f %d\\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50), latency:percentile(99),
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""


def wrk(url, connections, seconds, script="", headers=()):
    """Requests a second, p50 and p99 in ms."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script + DONE)
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", file.name]
        for header in headers:
            command += ["-H", header]
        out = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    rate, half, most, errors = re.search(r"RESULT (\S+) (\S+) (\S+) (\d+)", out).groups()
    if int(errors):
        sys.exit(f"{errors} errors at {url}:\n{out}")
    return float(rate), float(half) / 1000, float(most) / 1000


def middle(rounds):
    return [statistics.median(one[at] for one in rounds) for at in range(len(rounds[0]))]


def share(server, path):
    """Shares an upload; answers its id."""
    request = urllib.request.Request(
        f"{server.url}/api/v1/diagrams", data=path.read_bytes(), headers={"content-type": "application/yaml"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)["id"]


def analyses(server, rounds, seconds):
    print(f"\n`POST /api/v1/analyze` at one connection, {measure.load()}\n")
    print("| upload | requests/s | p50 | p99 |\n| --- | --- | --- | --- |")
    uploads = [measure.boutique(), ("100 Services, 1,000 Pods", INPUTS / "pods-100.yaml")]
    for name, path in uploads:
        runs = [wrk(f"{server.url}/api/v1/analyze", 1, seconds, POST.format(path)) for _ in range(rounds)]
        print("| {} | {:.0f} | {:.2f} ms | {:.2f} ms |".format(name, *middle(runs)), flush=True)


def shared(server, rounds, seconds):
    name, path = measure.boutique()
    page = f"/d/{share(server, path)}"
    memory = build_from_memory()
    print(f"\nA shared page of {name} at 64 connections, {measure.load()}\n")
    print("| what is asked | bytes | shared page | from memory | share | p99 over p50 |\n| --- | --- | --- | --- | --- | --- |")
    asked = [
        ("the page with Brotli", ["accept-encoding: br"]),
        ("the page as it is", []),
    ]
    for what, headers in asked:
        body, said = server.get(page, dict(header.split(": ") for header in headers))
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "body").write_bytes(body)
            lines = [f"{key}: {value}" for key, value in said.items() if key.lower() not in ("content-length", "date", "x-request-id", "connection")]
            pathlib.Path(folder, "head").write_text("\n".join(lines))
            with measure.Server(str(memory), "--from", folder, "--listen") as plain:
                ours, theirs = [], []
                wrk(server.url + page, 64, 1, headers=headers)
                for _ in range(rounds):
                    ours.append(wrk(server.url + page, 64, seconds, headers=headers))
                    theirs.append(wrk(plain.url + page, 64, seconds, headers=headers))
        own, bare = middle(ours), middle(theirs)
        share_of = statistics.median(one[0] / other[0] for one, other in zip(ours, theirs))
        print(f"| {what} | {len(body):,} | {own[0]:,.0f}/s, {own[1]:.2f} ms, {own[2]:.2f} ms "
              f"| {bare[0]:,.0f}/s, {bare[1]:.2f} ms, {bare[2]:.2f} ms | {share_of * 100:.0f} % | {own[2] / own[1]:.1f} |", flush=True)


def build_from_memory():
    command = ["cargo", "bench", "--locked", "--bench", "from_memory", "--no-run", "--message-format", "json"]
    out = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    built = [json.loads(line) for line in out.splitlines()]
    return next(one["executable"] for one in built if one.get("target", {}).get("name") == "from_memory" and one.get("executable"))


def beside_big(server, rounds, seconds):
    """Small analyses and shared pages, alone and while big uploads are analysed without end."""
    small, big = measure.boutique()[1], INPUTS / "pods-1000.yaml"
    page = f"{server.url}/d/{share(server, small)}"
    stop = threading.Event()
    sent = []

    def send():
        body = big.read_bytes()
        while not stop.is_set():
            request = urllib.request.Request(
                f"{server.url}/api/v1/analyze", data=body, headers={"content-type": "application/yaml"})
            start = time.perf_counter()
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    while answer.read(1 << 20):
                        pass
            except urllib.error.HTTPError as refused:
                if refused.code != 503:
                    raise
                continue  # No room among large answers just now: it is asked for again.
            sent.append(time.perf_counter() - start)

    print(f"\nSmall work beside big work (four clients that send {big.stat().st_size / 1e6:.1f} MB again and again), {measure.load()}\n")
    print("| what is asked, at one connection | alone, p50, p99 | beside big work, p50, p99 |\n| --- | --- | --- |")
    asked = [("analysis of Online Boutique", f"{server.url}/api/v1/analyze", POST.format(small)), ("a shared page", page, "")]
    alone = {name: middle([wrk(url, 1, seconds, script) for _ in range(rounds)]) for name, url, script in asked}
    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    try:
        for name, url, script in asked:
            beside = middle([wrk(url, 1, seconds, script) for _ in range(rounds)])
            print(f"| {name} | {alone[name][1]:.2f} ms, {alone[name][2]:.2f} ms | {beside[1]:.2f} ms, {beside[2]:.2f} ms |", flush=True)
    finally:
        stop.set()
        for sender in senders:
            sender.join()
    if sent:
        print(f"\nA big upload was answered within {statistics.median(sent) * 1000:.0f} ms, median of {len(sent)}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--seconds", type=int, default=3)
    given = arguments.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is not there: apt-get install wrk")
    measure.prepare()
    with measure.podwire() as server:
        analyses(server, given.rounds, given.seconds)
        shared(server, given.rounds, given.seconds)
        beside_big(server, given.rounds, given.seconds)


main()
