#!/usr/bin/env python3
"""How long OpenMP's threads should spin: runs of `engine bench` in turns, one for each spin count.

    bench/spin/measure.py [--runs N] [--spins 300000,60000] [--busy THREADS] -- infer --model resnet18

GNU OpenMP's own default is 300000, the engine's 60000. --busy keeps so many threads computing beside it. Prints, for
each count, the median over the runs of the median milliseconds, its ratio to the first count's, the quietest run's
median and the best step. On a machine that others use, the last two are the nearest to "alone".
"""
import argparse
import json
import multiprocessing
import os
import statistics
import subprocess

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--runs", type=int, default=10)
parser.add_argument("--spins", default="300000,60000")
parser.add_argument("--busy", type=int, default=0)
parser.add_argument("work", nargs="+")
args = parser.parse_args()
engine = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "engine")
counts = args.spins.split(",")


def spin():
    while True:
        pass


neighbours = [multiprocessing.Process(target=spin, daemon=True) for _ in range(args.busy)]
for n in neighbours:
    n.start()
medians = {c: [] for c in counts}
best = {c: [] for c in counts}
for run in range(args.runs):
    for count in counts if run % 2 else counts[::-1]:
        env = {k: v for k, v in os.environ.items() if k != "OMP_WAIT_POLICY"}
        out = subprocess.run([engine, "bench", *args.work, "--device", "cpu", "--json"], check=True, text=True,
                             stdout=subprocess.PIPE, env=dict(env, GOMP_SPINCOUNT=count)).stdout
        line = json.loads(out.strip().splitlines()[-1])
        medians[count].append(line["median_ms"])
        best[count].append(line["best_ms"])
for count in counts:
    m = statistics.median(medians[count])
    print("%s\tspin %s\tmedian %.2f ms\tratio %.3f\tquietest run %.2f ms\tbest step %.2f ms" % (
        " ".join(args.work), count, m, m / statistics.median(medians[counts[0]]), min(medians[count]), min(best[count])))
