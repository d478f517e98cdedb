#!/usr/bin/env python3
"""Deterministic generator of a Magento 1 / Magento 2 media pair with exact ground truth.

  generate.py --out DIR --files N [--seed 1] [--median 60000] [--sigma 1.0]

writes DIR/m1 (a Magento 1 `media/`), DIR/m2 (a Magento 2 `pub/media/`) and DIR/truth.json.

Tree A ("m1") holds N *base* files (88% catalog/product dispersal, 5% catalog/category,
6% wysiwyg, 1% downloadable) plus N*cache_share files in the Magento 1 layout of
catalog/product/cache, which exists on this side only.
Tree B ("m2") is derived from the base files of A:
  3%   missing        (in A, not in B, content nowhere among B's unmatched files)
  1%   changed, same size      (one byte or one 64-byte run flipped at a random offset)
  0.5% changed, other size     (appended to or truncated)
  1%   renamed        (same content, path differs: other case, `_1` suffix or other folder)
  2%   extra          (only in B, new content)
Half of the changed files keep the modification time of the original, so that a
size+mtime "quick check" misses them: truth.json says how many (`changed_mtime_kept`).
2% of A's base files repeat the content of another base file (as product imports do);
those are never renamed, so rename truth is unambiguous. 0.1% of the base files are empty.

Sizes: log-normal(median, sigma), 0.02% of the files between 2 and 20 MB.
Content: a slice of one 64 MiB incompressible pool with a 16-byte serial in front of it (behind a
20-byte JFIF-like head), so every file is unique, fast to write and incompressible like a JPEG.
The same arguments always give the same bytes, paths, times and truth.
Standard library only.
"""
import argparse, hashlib, json, math, os, random, sys, time

POOL = 64 << 20
HEAD = bytes.fromhex("ffd8ffe000104a46494600010101004800480000")  # SOI + APP0, 20 bytes
WORDS = ("shirt shoe ring lamp chair table sofa pump bag watch belt coat dress sock hat glove scarf "
         "mug bowl plate fork knife spoon phone case cable drive mouse desk shelf rug").split()
EXTS = [".jpg"] * 80 + [".png"] * 14 + [".jpeg"] * 3 + [".gif"] * 2 + [".webp"]


def disperse(name):
    """Magento's getDispretionPath: the first two characters, dots become underscores."""
    c = [("_" if x == "." else x) for x in name[:2]]
    return "%s/%s" % (c[0], c[1])


class Gen:
    def __init__(self, a):
        self.a, self.r = a, random.Random(a.seed)
        self.pool = memoryview(random.Random(a.seed ^ 0x5EED).randbytes(POOL))
        self.dirs = set()
        self.t0 = 1_500_000_000

    def size(self):
        r = self.r
        x = r.random()
        if x < 0.001:
            return 0
        if x < 0.0012:
            return r.randrange(2 << 20, 20 << 20)
        return max(1, min(int(r.lognormvariate(math.log(self.a.median), self.a.sigma)), 2 << 20))

    def name(self, i):
        r = self.r
        w = r.choice(WORDS)
        style = r.random()
        if style < 0.6:
            n = "%s-%s-%06d" % (w, r.choice(WORDS), i)
        elif style < 0.8:
            n = "%s%06d_%s" % (r.choice("abcdefghijklmnopqrstuvwxyz0123456789"), i, w)
        else:
            n = "%s_%s_%06d" % (w.capitalize() if r.random() < 0.3 else w, r.choice(WORDS), i)
        if r.random() < 0.01:
            n += " é"  # names that are not plain ASCII do occur
        return n + r.choice(EXTS)

    def path(self, i):
        n, x = self.name(i), self.r.random()
        if x < 0.88:
            return "catalog/product/%s/%s" % (disperse(n), n)
        if x < 0.93:
            return "catalog/category/" + n
        if x < 0.99:
            return "wysiwyg/%s/%s" % (self.r.choice(WORDS), n)
        return "downloadable/files/links/%s/%s" % (disperse(n), n)

    def chunks(self, serial, size):
        """The content as buffers: head, serial, pool slice(s)."""
        if size == 0:
            return []
        h = HEAD + hashlib.blake2b(b"%d:%d" % (self.a.seed, serial), digest_size=16).digest()
        out = [h[:size]]
        left = size - len(out[0])
        off = int.from_bytes(h[20:28], "little") % (POOL - (2 << 20))
        while left > 0:
            n = min(left, POOL - off)
            out.append(self.pool[off:off + n])
            left -= n
            off = 0
        return out

    def write(self, root, rel, bufs, mtime):
        p = os.path.join(root, rel)
        d = os.path.dirname(p)
        if d not in self.dirs:
            os.makedirs(d, exist_ok=True)
            self.dirs.add(d)
        fd = os.open(p, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        try:
            for b in bufs:
                b = memoryview(b)
                while len(b):
                    b = b[os.write(fd, b):]
            os.utime(fd, ns=(mtime, mtime))
        finally:
            os.close(fd)

    def run(self):
        a, r, N = self.a, self.r, self.a.files
        A, B = os.path.join(a.out, "m1"), os.path.join(a.out, "m2")
        for d in (A, B):
            if os.path.exists(d):
                sys.exit("%s exists: remove it first" % d)
            os.makedirs(d)
        base, small = [], []  # (path, serial, size, mtime)
        for i in range(N):
            p, s = self.path(i), self.size()
            serial = i
            if base and r.random() < 0.02:  # the same picture imported twice
                _, serial, s, _ = base[r.randrange(len(base))]
            base.append((p, serial, s, (self.t0 + r.randrange(200_000_000)) * 10**9 + r.randrange(10**9)))
        uses = {}
        for _, serial, _, _ in base:
            uses[serial] = uses.get(serial, 0) + 1
        order = list(range(N))
        r.shuffle(order)
        n = {k: round(N * v) for k, v in dict(missing=.03, same=.01, size=.005, renamed=.01, extra=.02).items()}
        kind, want = {}, dict(n)
        for i in order:
            _, serial, s, _ = base[i]
            free = uses[serial] == 1 and s > 64
            if want["renamed"] and free:
                k = "renamed"
            elif want["same"] and s > 64:
                k = "same"
            elif want["size"] and s > 64:
                k = "size"
            elif want["missing"] and s > 0:
                k = "missing"
            else:
                continue
            kind[i] = k
            want[k] -= 1
        want.pop("extra")
        assert not any(want.values()), want
        T = dict(missing=[], changed_same_size=[], changed_size=[], renamed=[], extra=[])
        kept = 0
        bytes_ = dict(a=0, b=0, identical=0, cache=0)
        for i, (p, serial, s, mt) in enumerate(base):
            bufs = self.chunks(serial, s)
            self.write(A, p, bufs, mt)
            bytes_["a"] += s
            k = kind.get(i)
            if k is None:
                self.write(B, p, bufs, mt)
                bytes_["b"] += s
                bytes_["identical"] += s
            elif k == "missing":
                T["missing"].append(p)
            elif k == "renamed":
                d, f = os.path.split(p)
                stem, ext = os.path.splitext(f)
                x = r.random()
                if x < 0.5:
                    q = "%s/%s_1%s" % (d, stem, ext)
                elif x < 0.8 and p.startswith("catalog/product/"):
                    m = "%d%s" % (i % 10, f)
                    q = "catalog/product/%s/%s" % (disperse(m), m)
                else:
                    q = "wysiwyg/moved/%s" % f
                self.write(B, q, bufs, mt)
                bytes_["b"] += s
                T["renamed"].append([p, q])
            else:
                data = bytearray(b"".join(bufs))
                if k == "same":
                    o = r.randrange(36, s)
                    for j in range(o, min(s, o + r.choice((1, 64)))):
                        data[j] ^= 0xFF
                    T["changed_same_size"].append(p)
                else:
                    if r.random() < .5:
                        data += b"#" * r.randrange(1, 5000)
                    else:
                        del data[r.randrange(36, s):]
                    T["changed_size"].append(p)
                keep = r.random() < .5
                kept += keep
                self.write(B, p, [data], mt if keep else mt + 86400 * 10**9)
                bytes_["b"] += len(data)
        for j in range(n["extra"]):
            p = self.path(N + j)
            s = max(65, self.size())
            self.write(B, p, self.chunks(10**9 + j, s), (self.t0 + 250_000_000 + j) * 10**9)
            bytes_["b"] += s
            T["extra"].append(p)
        ncache = round(N * a.cache_share)
        prod = [x for x in base if x[0].startswith("catalog/product/")]
        h = hashlib.md5(str(a.seed).encode()).hexdigest()
        cache_dirs = ["1/image/%s" % h, "1/small_image/295x/%s" % h, "1/thumbnail/75x/%s" % h, "1/image/650x/%s" % h]
        for j in range(ncache):
            rel = prod[(j // 4) % len(prod)][0][len("catalog/product/"):]
            s = max(1, int(self.size() * .15))
            self.write(A, "catalog/product/cache/%s/%s" % (cache_dirs[j % 4], rel), self.chunks(2 * 10**9 + j, s), self.t0 * 10**9)
            bytes_["a"] += s
            bytes_["cache"] += s
        truth = dict(
            seed=a.seed, files_a=N + ncache, files_b=N - n["missing"] + n["extra"], cache_files=ncache,
            missing=n["missing"], changed_same_size=n["same"], changed_size=n["size"], changed=n["same"] + n["size"],
            renamed=n["renamed"], extra=n["extra"], identical=N - len(kind), changed_mtime_kept=kept,
            # what a tool without rename detection and without cache rule should say:
            only_in_a=n["missing"] + n["renamed"] + ncache, only_in_a_no_cache=n["missing"] + n["renamed"],
            only_in_b=n["extra"] + n["renamed"],
            bytes_a=bytes_["a"], bytes_b=bytes_["b"], bytes_cache=bytes_["cache"], bytes_identical=bytes_["identical"])
        print(json.dumps(truth))
        truth["paths"] = {k: sorted(v) for k, v in T.items()}
        with open(os.path.join(a.out, "truth.json"), "w") as f:
            json.dump(truth, f, ensure_ascii=False, indent=0)


if __name__ == "__main__":
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--out", required=True)
    ap.add_argument("--files", type=int, required=True, help="base files of tree A")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--median", type=float, default=60000, help="median size, bytes")
    ap.add_argument("--sigma", type=float, default=1.0)
    ap.add_argument("--cache-share", type=float, default=0.10, help="cache files per base file, side A only")
    a = ap.parse_args()
    t = time.time()
    Gen(a).run()
    print("%.1f s" % (time.time() - t), file=sys.stderr)
