#!/usr/bin/env python3
"""The table of a TLS bench: medians, ratios to Postfix of the same run, and whether every message arrived. usage: table.py FILE"""

import collections
import json
import statistics
import sys

WHAT = {
    "kept": "20 sessions, many messages each",
    "full": "200 sessions, one message each, full handshakes",
    "resume": "200 sessions, one message each, resumed",
}


def median(runs, figure):
    return statistics.median(figure(run) for run in runs)


def spread(runs, figure, digits):
    values = [figure(run) for run in runs]
    return f"{statistics.median(values):.{digits}f} [{min(values):.{digits}f}-{max(values):.{digits}f}]"


def rate(run):
    return run["meter"]["e2e_rate"]


def cost(run):
    return run["meter"]["cpu_ms"]


def handshakes(run):
    """Handshakes at the server, then at the sink; of each, how many resumed a session."""
    load, counts = run["load"], run["sink"].split()
    return f"{load['handshakes']} ({load['resumed']}) / {counts[5]} ({counts[6]})"


def complete(run):
    return run["load"]["ok"] == run["meter"]["m"] and run["meter"]["sink"] >= run["load"]["ok"]


def main():
    groups = collections.defaultdict(list)
    with open(sys.argv[1]) as lines:
        for line in lines:
            run = json.loads(line)
            groups[run["cell"], run["meter"]["name"]].append(run)
    print("| 10 KB, STARTTLS on both legs | server | n | messages/s [min-max] | x Postfix | CPU ms a message | p50 ms | p99 ms"
          " | handshakes in (resumed) / out (resumed) |")
    print("|---|---|---|---|---|---|---|---|---|")
    short = 0
    for cell in dict.fromkeys(cell for cell, _ in groups):
        base = groups.get((cell, "postfix"))
        for name in ("postfix", "sekisho"):
            runs = groups.get((cell, name))
            if not runs:
                continue
            ratio = median(runs, rate) / median(base, rate) if base else 0
            short += sum(not complete(run) for run in runs)
            print(f"| {WHAT[cell]} | {name} | {len(runs)} | {spread(runs, rate, 0)} | {ratio:.2f} | {spread(runs, cost, 2)}"
                  f" | {median(runs, lambda run: run['load']['p50_ms']):.1f}"
                  f" | {median(runs, lambda run: run['load']['p99_ms']):.0f} | {handshakes(runs[-1])} |")
    if short:
        print(f"{short} runs were not complete: a message was refused, or had not arrived in time.")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
