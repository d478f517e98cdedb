"""Reads every byte of the files named on standard input (NUL between them) with so many threads:
read.py THREADS. What no program that reads all can be faster than."""
import os
import sys
import threading

files = sys.stdin.buffer.read().split(b"\0")[:-1]


def read(own):
    buffer = bytearray(128 * 1024)
    for path in own:
        descriptor = os.open(path, os.O_RDONLY)
        while os.readv(descriptor, [buffer]) > 0:
            pass
        os.close(descriptor)


count = int(sys.argv[1])
threads = [threading.Thread(target=read, args=(files[at::count],)) for at in range(count)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
