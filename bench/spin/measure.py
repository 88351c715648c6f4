#!/usr/bin/env python3
"""How long OpenMP's threads should spin: runs of `engine bench`, the settings in turns.

    bench/spin/measure.py [--runs N] [--spins governed,300000] [--busy THREADS] [--beside COMMAND] -- infer --model resnet18

"governed" is the engine's own way, a number is GOMP_SPINCOUNT (300000 is GNU OpenMP's default). --busy keeps so many
threads spinning beside it, --beside runs a command there, such as a training. Prints, for each setting, the median over
the runs of the median milliseconds, its ratio to the first setting's, the quietest run's median, the best step, and how
much of the processors other programs took (without neighbours of its own). --quiet leaves out runs where that was more.
"""
import argparse
import json
import os
import resource
import shlex
import statistics
import subprocess
import sys
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--runs", type=int, default=10)
parser.add_argument("--spins", default="governed,300000")
parser.add_argument("--busy", type=int, default=0)
parser.add_argument("--beside", metavar="COMMAND")
parser.add_argument("--quiet", type=float, default=1, metavar="SHARE")
parser.add_argument("--engine", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "engine"))
parser.add_argument("work", nargs="+")
args = parser.parse_args()
spins = args.spins.split(",")


def used():
    """Seconds that all processors of the machine have worked, and those that programs run from here have."""
    fields = [int(f) for f in open("/proc/stat").readline().split()[1:9]]
    own = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK"), own.ru_utime + own.ru_stime


def run(spin):
    env = {k: v for k, v in os.environ.items() if k not in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")}
    if spin != "governed":
        env["GOMP_SPINCOUNT"] = spin
    start, (all_before, own_before) = time.time(), used()
    out = subprocess.run([args.engine, "bench", *args.work, "--device", "cpu", "--json"], check=True, text=True,
                         stdout=subprocess.PIPE, env=env).stdout
    all_after, own_after = used()
    others = (all_after - all_before - own_after + own_before) / (time.time() - start) / os.cpu_count()
    return json.loads(out.strip().splitlines()[-1]), others


neighbours = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(args.busy)]
if args.beside:
    neighbours.append(subprocess.Popen(shlex.split(args.beside)))
try:
    results = {s: [] for s in spins}
    for i in range(args.runs):
        for s in spins if i % 2 else spins[::-1]:
            results[s].append(run(s))
finally:
    for n in neighbours:
        n.kill()
        n.wait()
first = None
for s in spins:
    kept = [r for r in results[s] if neighbours or r[1] <= args.quiet]
    if not kept:
        print("spin %s\tno run was quiet" % s)
        continue
    medians = [r["median_ms"] for r, _ in kept]
    m = statistics.median(medians)
    first = first or m
    print("%s\tspin %s\truns %d\tmedian %.2f ms\tratio %.3f\tquietest run %.2f ms\tbest step %.2f ms%s" % (
        " ".join(args.work), s, len(kept), m, m / first, min(medians), min(r["best_ms"] for r, _ in kept),
        "" if neighbours else "\tothers took %.0f %%" % (100 * statistics.median(o for _, o in kept))))
