"""Makes random media folders, audits snapshots of them, and compares the findings with what DuckDB
makes of the queries in sql/: conformance.py MAGEGAP
"""
import csv
import os
import pathlib
import random
import subprocess
import sys
import tarfile
import tempfile

import duckdb

ROUNDS = 12
PROGRAM = os.path.abspath(sys.argv[1])
SQL = {it.stem: it.read_text() for it in pathlib.Path("sql").glob("*.sql")}
# Names in which the order of the texts is not that of the bytes, or that must be encoded.
NAMES = [b"a", b"a-b", b"a.b", b"a b", b"a%", b"a%41", b"a\x01", "ä".encode(), "日本".encode(), b"gr\xf6n", b"a\\", b"~", b"\xc2\x85", b"z=1,2"]
# One content of them is empty; two have the same size.
CONTENTS = [b"", b"one", b"two", b"three", b"#!/bin/sh", b"<?php", b"x" * 70000, b"x" * 69999 + b"y"]


def paths(seed):
    """Paths of which none is a twin of another."""
    names = [bytes([97 + number]) + name for number in range(4) for name in NAMES]
    folders = [b"", b"wysiwyg/", b"catalog/product/a/b/", b"a-/", b"a/", b"deep/" * 9]
    return seed.sample([folder + name for folder in folders for name in names], 120)


def write(root, files):
    for path, content in files.items():
        place = os.path.join(os.fsencode(root), path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as out:
            out.write(content)


def run(folder, *arguments):
    done = subprocess.run([PROGRAM, *arguments, "--no-cache"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, (arguments, done.returncode, done.stdout, done.stderr)


def by_audit(folder):
    run(folder, "audit", "--m1-snapshot", "m1.snapshot", "--m2-snapshot", "m2.snapshot", "--only", "media",
        "--fail-on", "never", "--formats", "csv", "--out", "report")
    rules = {"media.missing": "missing", "media.extra": "extra", "media.changed": "changed"}
    diff, moved = set(), set()
    unguarded = lambda cell: cell[1:] if cell[:1] == "'" and cell[1:2] in "=+-@\t\r" else cell
    with open(os.path.join(folder, "report", "findings.csv"), newline="") as rows:
        for row in csv.DictReader(rows):
            subject, place = unguarded(row["subject"]), unguarded(row["m2"])
            if row["rule"] in rules:
                diff.add((subject, rules[row["rule"]]))
            elif row["rule"] == "media.moved":
                diff |= {(subject, "missing"), (place, "extra")}
                moved.add((subject, place))
    return diff, moved


def by_duckdb(folder):
    engine = duckdb.connect()
    for side in ("m1", "m2"):
        with tarfile.open(os.path.join(folder, side + ".snapshot")) as archive:
            archive.extractall(os.path.join(folder, side + "-tables"), filter="data")
        tables = os.path.join(folder, side + "-tables", "media", "*.parquet")
        engine.execute(f"CREATE VIEW {side} AS FROM read_parquet('{tables}')")
        rows = engine.execute(f"SELECT path, path_raw FROM {side}").fetchall()
        assert rows == sorted(rows, key=lambda row: row[0].encode()), "sorted by path"
        for path, raw in rows:
            assert raw is None or raw != path.encode(), path
    engine.execute("CREATE TABLE diff AS " + SQL["01_diff"])
    engine.execute(SQL["03_duplicates"]).fetchall()
    return set(engine.execute("SELECT path, status FROM diff").fetchall()), set(engine.execute(SQL["02_moved"]).fetchall())


def main():
    compared = 0
    for number in range(ROUNDS):
        seed = random.Random(number)
        old = {path: seed.choice(CONTENTS) for path in paths(seed)}
        new = {}
        for path, content in old.items():
            what = seed.random()
            if what < 0.6:
                new[path] = content
            elif what < 0.75:
                new[path] = seed.choice(CONTENTS)
        new.update({b"new/%d" % it: seed.choice(CONTENTS) for it in range(20)})
        with tempfile.TemporaryDirectory() as folder:
            for side, files in (("m1", old), ("m2", new)):
                write(os.path.join(folder, side), files)
                run(folder, "snapshot", "--side", side, f"--{side}-media", side, "--out", side + ".snapshot")
            audit, engine = by_audit(folder), by_duckdb(folder)
            for what, one, other in zip(("diff", "moved"), audit, engine):
                assert one == other, (number, what, sorted(one - other)[:5], sorted(other - one)[:5])
                compared += len(one)
    assert compared > 500, compared
    print(f"{ROUNDS} pairs of folders, {compared} rows: the audit and DuckDB tell the same")


main()
