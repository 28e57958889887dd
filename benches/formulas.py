#!/usr/bin/env python3
"""Formulas in Moulin beside the same function run by plain CPython in a loop: CPU time, in one run.

usage: formulas.py PROGRAM     PROGRAM prints lines `NAME<TAB>ROWS<TAB>NANOSECONDS_PER_ROW`
"""
import re
import subprocess
import sys
import time
from datetime import date, timedelta


class Rec:
    __slots__ = ("A", "B", "First", "Last", "Code", "K", "Ref", "Val", "D")

    def __init__(self, i):
        self.A, self.B, self.First, self.Last, self.Code, self.K = float(i), float(i % 7), "Ada%d" % i, "Lovelace", "AB-%d" % i, i % 1000
        self.Val = float(i)
        self.Ref = self
        self.D = date(1970, 1, 1) + timedelta(days=i)


def lookup_one(rec, index={"n%d" % k: k for k in range(1000)}):
    return index.get("n%d" % rec.K)


# What is promised: nanoseconds per row, or a ratio to CPython.
BARS = {
    "arithmetic, a million": ("ratio", 0.1),
    "text": ("ns", 350),
    "condition": ("ns", 120),
    "regex": ("ns", 350),
    "date and days": ("ns", 60),
    "date and months": ("ns", 120),
    "reference": ("ns", 60),
    "running total, its middle": ("ns", 300),
    "1,000 sums of 100": ("ns", 15_000_000),
    "one edit": ("ns", 20_000),
    "one record more": ("ns", 50_000),
    "lookup": ("ns", 300),
    "10,000 dependents, an edit": ("ns", 500),
    "running total, its head": ("ns", 1000),
    "1,000 rows, self-lookup": ("ns", 30_000),
}

PLAIN = {
    "arithmetic, a million": lambda rec: rec.A * 2 + rec.B,
    "arithmetic": lambda rec: rec.A * 2 + rec.B,
    "text": lambda rec: "%s %s" % (rec.First, rec.Last),
    "condition": lambda rec: sum([rec.A, rec.B]) if rec.A > 500 else rec.B,
    "regex": lambda rec: int(re.match(r"([A-Z]+)-(\d+)", rec.Code).group(2)),
    "choice": lambda rec: "hi" if rec.A > 500 else "lo",
    "date and days": lambda rec: rec.D + timedelta(days=30),
    "reference": lambda rec: rec.Ref.Val + rec.B,
    "lookup": lookup_one,
}


def plain(function, rows=100_000):
    recs = [Rec(i) for i in range(rows)]
    best = None
    for _ in range(3):
        begun = time.process_time_ns()
        for rec in recs:
            function(rec)
        spent = (time.process_time_ns() - begun) / rows
        best = spent if best is None else min(best, spent)
    return best


def main():
    out = subprocess.run([sys.argv[1]], check=True, capture_output=True, text=True).stdout
    print("%-28s %12s %14s %14s %8s  %s" % ("formula", "rows", "Moulin ns/row", "CPython ns/row", "ratio", "bar"))
    for line in out.splitlines():
        parts = line.split("\t")
        if len(parts) != 3:
            continue
        name, rows, nanoseconds = parts[0], int(parts[1]), float(parts[2])
        function = PLAIN.get(name)
        reference = plain(function) if function else None
        ratio = nanoseconds / reference if reference else None
        kind, bar = BARS.get(name, (None, None))
        measured = ratio if kind == "ratio" else nanoseconds
        verdict = "" if kind is None else "%s %s: %s" % (kind, bar, "kept" if measured <= bar else "MISSED")
        print("%-28s %12d %14.1f %14s %8s  %s" % (name, rows, nanoseconds, "%.1f" % reference if reference else "-",
                                                  "%.3f" % ratio if ratio else "-", verdict))


if __name__ == "__main__":
    main()
