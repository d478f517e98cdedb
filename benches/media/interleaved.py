#!/usr/bin/env python3
"""Interleaved timing of shell commands: interleaved.py [-n ROUNDS] [--cold] [--csv FILE] NAME=COMMAND ...

Runs A B C  A B C ... (so a drift of the machine's speed hits all alike), output to
OUT/<NAME>.out (last round kept; --out). Prints per command the median wall, user+system
CPU, largest resident set of any single process, and the wall ratio to the FIRST command
(median of the per-round ratios),
the same ratio for CPU, and the most that one run read from the disk (0 = really warm). --cold drops the page cache before each run (root).
--warm-first runs the whole list once uncounted. Standard library only.
"""
import argparse, os, re, statistics as st, subprocess, sys, time

ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument("-n", type=int, default=3)
ap.add_argument("--cold", action="store_true")
ap.add_argument("--evict", metavar="LIST", help="before each run drop the pages of the files named in LIST (posix_fadvise DONTNEED): "
                "cold data without disturbing anything else; directories and inodes stay cached")
ap.add_argument("--warm-first", action="store_true")
ap.add_argument("--csv")
ap.add_argument("--out", default=".")
ap.add_argument("cmd", nargs="+")
a = ap.parse_args()
cmds = [c.split("=", 1) for c in a.cmd]
res = {n: [] for n, _ in cmds}
for rnd in range(-1 if a.warm_first else 0, a.n):
    for name, cmd in cmds:
        if a.cold:
            os.sync()
            with open("/proc/sys/vm/drop_caches", "w") as f:
                f.write("3")
        if a.evict:
            os.sync()
            for f in open(a.evict, errors="surrogateescape").read().split("\n"):
                if f:
                    fd = os.open(f, os.O_RDONLY)
                    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
                    os.close(fd)
        with open(os.path.join(a.out, re.sub(r"\W", "_", name) + ".out"), "wb") as out:
            t = time.monotonic()
            p = subprocess.Popen(["bash", "-c", cmd], stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
            _, status, ru = os.wait4(p.pid, 0)
            w = time.monotonic() - t
            p.returncode = 0
        if rnd < 0:
            continue
        r = (w, ru.ru_utime + ru.ru_stime, ru.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), os.getloadavg()[0], ru.ru_inblock * 512 / 1e6)
        res[name].append(r)
        if a.csv:
            with open(a.csv, "a") as f:
                f.write("%s,%d,%s,%.4f,%.3f,%.1f,%d,%.2f,%.1f\n" % (name, rnd, "cold" if a.cold else "evicted" if a.evict else "warm", *r))
first = cmds[0][0]
print("%-28s %9s %9s %9s %8s %8s %8s %5s  %s" % ("command", "wall s", "cpu s", "peak MiB", "x first", "cpu x", "disk MB", "exit", "all walls"))
for n, _ in cmds:
    r = res[n]
    ratio = st.median(x[0] / y[0] for x, y in zip(r, res[first]))
    cratio = st.median(x[1] / max(y[1], 1e-3) for x, y in zip(r, res[first]))
    print("%-28s %9.3f %9.3f %9.1f %8.2f %8.2f %8.0f %5d  %s" % (n, st.median(x[0] for x in r), st.median(x[1] for x in r), max(x[2] for x in r),
          ratio, cratio, max(x[5] for x in r), r[-1][3], " ".join("%.2f" % x[0] for x in r)))
print("load average at the end: %.2f" % os.getloadavg()[0])
