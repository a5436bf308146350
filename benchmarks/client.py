"""One client: asks for pages over one connection until time is up; prints what it got as JSON.

    python benchmarks/client.py PORT PATHS.txt SECONDS FIRST HOST

It begins with the path on the line FIRST and goes round. HOST is the host name it asks for; with
a `*` in it, which becomes another number each time, it never asks for the same page twice.
"""

import http.client
import json
import sys
import time
from itertools import count
from pathlib import Path


def main(port, paths, seconds, first, host):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    start, answers, refused = time.perf_counter(), 0, 0
    for turn in count():
        if (took := time.perf_counter() - start) >= seconds:
            break
        headers = {
            "Accept-Encoding": "gzip",
            "Host": host.replace("*", f"{start}-{first}-{turn}".replace(".", "-")),
        }
        connection.request("GET", paths[(first + turn) % len(paths)], headers=headers)
        answer = connection.getresponse()
        answer.read()
        answers += 1
        refused += answer.status != 200
    print(json.dumps({"rate": answers / took, "answers": answers, "refused": refused}))


if __name__ == "__main__":
    port, paths, seconds, first, host = sys.argv[1:]
    main(int(port), Path(paths).read_text().splitlines(), float(seconds), int(first), host)
