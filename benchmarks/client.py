"""One client: asks for a page over one connection until time is up; prints answers per second.

python benchmarks/client.py PORT PATH SECONDS
"""

import http.client
import sys
import time


def main(port, path, seconds):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    start, answers = time.perf_counter(), 0
    while (took := time.perf_counter() - start) < seconds:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")
        answers += 1
    print(answers / took)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
