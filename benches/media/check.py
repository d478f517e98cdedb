#!/usr/bin/env python3
"""Checks what a program printed against truth.json: check.py TOOL TRUTH.json OUTPUT

Prints one line: what the tool found of missing / changed / renamed / extra, right or wrong.
A tool without rename detection is right when it lists a renamed file as missing and extra.
"""
import csv, json, os, re, sys

tool, truth, out = sys.argv[1], json.load(open(sys.argv[2])), sys.argv[3]
P = truth["paths"]
missing, extra = set(P["missing"]), set(P["extra"])
ren = {a: b for a, b in P["renamed"]}
same, size = set(P["changed_same_size"]), set(P["changed_size"])
L = open(out, errors="surrogateescape", newline="").read().split("\n")
got = dict(missing=set(), extra=set(), changed=set(), renamed=None)
rel = lambda p: re.sub(r"^.*?/m[12]/", "", p, count=1)
CACHE = "catalog/product/cache"


if tool == "magegap":  # OUTPUT is findings.csv
    got["renamed"] = set()
    for row in csv.DictReader(open(out, newline="", encoding="utf8")):
        rule, subject = row["rule"], row["subject"]
        if rule in ("media.missing", "media.extra", "media.changed"):
            got[rule.split(".")[1]].add(subject)
        elif rule == "media.moved":
            got["renamed"].add((subject, row["m2"]))
elif tool == "diff":
    for l in L:
        m = re.match(r"Only in (.*?): (.*)$", l)
        if m:
            p = m[1] + "/" + m[2]  # a folder stands for all below it; the tool does not count the files
            for d, _, fs in os.walk(p):
                got["missing" if "/m1/" in p else "extra"].update(rel(os.path.join(d, f)) for f in fs)
            if not os.path.isdir(p):
                got["missing" if "/m1/" in p else "extra"].add(rel(p))
        m = re.match(r"Files (.*) and .* differ$", l)
        if m:
            got["changed"].add(rel(m[1]))
elif tool == "rsync":
    un = lambda p: re.sub(r"(?:\\#[0-7]{3})+", lambda m: bytes(int(x, 8) for x in re.findall(r"[0-7]{3}", m[0])).decode(), p)
    for l in L:
        if l.startswith(">f+++") or l.startswith("<f+++"):
            got["missing"].add(un(l.split(" ", 1)[1]))
        elif l.startswith("*deleting"):
            p = un(l[9:].strip())
            if not p.endswith("/"):
                got["extra"].add(p)
        elif re.match(r"[<>]fc", l):
            got["changed"].add(un(l.split(" ", 1)[1]))
elif tool == "rclone":
    for l in L:
        if l[:2] in ("+ ", "- ", "* "):
            got[{"+": "missing", "-": "extra", "*": "changed"}[l[0]]].add(l[2:])
elif tool == "b3join":
    got["renamed"] = set()
    for l in L:
        f = l.split("\t")
        if f[0] in ("missing", "extra", "changed"):
            got[f[0]].add(f[1])
        elif f[0] == "renamed":
            got["renamed"].add((f[1], f[2]))
elif tool == "git":
    got["renamed"] = set()
    for l in open(out, "rb").read().decode("utf8", "surrogateescape").split("\n"):
        f = l.split("\t")
        if len(f) < 2:
            continue
        f[1:] = [rel(x) for x in f[1:]]
        k = f[0][0]
        if k == "D":
            got["missing"].add(f[1])
        elif k == "A":
            got["extra"].add(f[1])
        elif k == "M":
            got["changed"].add(f[1])
        elif k == "R":
            got["renamed"].add((f[1], f[2]))
elif tool == "fclones":  # --rf-over 0 -f fdupes: groups of equal files, blank line between
    A, B = {}, {}
    for g in open(out, errors="surrogateescape").read().split("\n\n"):
        fs = [x for x in g.split("\n") if "/m1/" in x or "/m2/" in x]
        a = {rel(x) for x in fs if "/m1/" in x}
        b = {rel(x) for x in fs if "/m2/" in x}
        for x in a:
            A[x] = id(g), b
        for x in b:
            B[x] = id(g), a
    got["renamed"] = set()
    for x, (g, b) in A.items():
        if x in B:
            if x not in b:
                got["changed"].add(x)
        else:
            c = [y for y in b if y not in A]
            got["renamed"].add((x, c[0])) if c else got["missing"].add(x)
    new = {b for _, b in got["renamed"]}
    got["extra"] = {x for x in B if x not in A and x not in new}
else:
    sys.exit("no such tool")

if got["renamed"] is None:
    want = dict(missing=missing | set(ren), extra=extra | set(ren.values()), changed=same | size)
    got.pop("renamed")
    note = "no rename detection; "
else:
    want = dict(missing=missing, extra=extra, changed=same | size, renamed=set(ren.items()))
    note = ""
for k in ("missing",):
    got[k] = {x for x in got[k] if not x.startswith(CACHE)}
ok = True
for k, w in want.items():
    g = got[k]
    good = g == w
    ok &= good
    note += "%s %d/%d%s; " % (k, len(g & w), len(w), "" if good else " WRONG (+%d)" % len(g - w))
print("%-10s %s %s" % (tool, "EXACT" if ok else "NOT EXACT", note))
if not ok and "-v" in sys.argv:
    for k in want:
        print(k, "not found:", sorted(want[k] - got[k])[:3], "false:", sorted(got[k] - want[k])[:3])
