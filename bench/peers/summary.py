"""Medians, ratios and spread of the lines that `run` collected.

  summary.py LINES.jsonl RESULT.csv MACHINE

LINES holds one JSON object a measurement: the fields of `engine bench --json` plus "by" (engine,
pytorch or onnxruntime), "round", "date", "others" (the share of the processor time that other
processes had) and "disturbed". Every line goes to RESULT; disturbed ones count for nothing else.
"""

import csv
import json
import statistics
import sys

COLUMNS = (
    "date machine round by version work model batch image_size precision threads median_ms "
    "best_ms p99_ms timed images_s rss_mb first_step_s others disturbed"
).split()


def main():
    source, target, machine = sys.argv[1:]
    with open(source) as f:
        rows = [json.loads(line) for line in f]
    with open(target, "w", newline="") as f:
        out = csv.DictWriter(f, COLUMNS, extrasaction="ignore", lineterminator="\n")
        out.writeheader()
        for r in rows:
            out.writerow({"machine": machine, "version": r["engine"], **r})
    groups = {}
    clean = [r for r in rows if not r["disturbed"]]
    for r in clean:
        key = (r["work"], r["batch"], r["precision"])
        groups.setdefault(key, {}).setdefault(r["by"], []).append(r)
    head = ("work", "by", "ms", "spread", "img/s", "rss MB", "first s", "speed", "memory", "start")
    table = [head]
    for (work, batch, precision), by in groups.items():
        ours = by.get("engine")
        for name, lines in by.items():
            table.append(
                (
                    f"{work} b{batch} {precision}",
                    name,
                    f"{median(lines, 'median_ms'):.1f}",
                    spread(lines),
                    f"{median(lines, 'images_s'):.2f}",
                    f"{median(lines, 'rss_mb'):.0f}",
                    f"{median(lines, 'first_step_s'):.2f}",
                    ratio(lines, ours, "median_ms"),
                    ratio(ours, lines, "rss_mb"),
                    ratio(lines, ours, "first_step_s"),
                )
            )
    widths = [max(len(row[i]) for row in table) for i in range(len(head))]
    for row in table:
        cells = (c.ljust(w) if i < 2 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths)))
        print("  ".join(cells).rstrip())
    print(f"\n{len(clean)} measurements, and {len(rows) - len(clean)} disturbed ones left out.")
    print(
        "Medians of the rounds; spread is (slowest - fastest) / median of the rounds' medians."
        "\nspeed: the peer's time / the engine's. memory: the engine's peak / the peer's."
        "\nstart: the peer's time from process start to the end of the first step / the engine's."
    )


def median(lines, field):
    return statistics.median(r[field] for r in lines)


def spread(lines):
    values = [r["median_ms"] for r in lines]
    return f"{(max(values) - min(values)) / statistics.median(values):.0%}"


def ratio(a, b, field):
    """Median of `field` in a over that in b; the engine itself has no ratio."""
    if a is None or b is None or a is b:
        return "-"
    return f"{median(a, field) / median(b, field):.2f}"


if __name__ == "__main__":
    main()
