"""A PostgreSQL of the tests' own: started, used by one command and removed.

    python tests/postgresql.py pytest -k search
    python tests/postgresql.py --find

The first runs a command with DATABASE_URL set to an empty database and exits with its code; the
second prints where the server's programs are. The server listens on a Unix socket in a temporary
directory and nowhere else, so it meets no other server and needs no port and no password.
"""

import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MISSING = "PostgreSQL's server was not found: apt install postgresql, or brew install postgresql"
FOLDERS = [  # Debian, Fedora, Homebrew on ARM and on Intel, Postgres.app
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
]
# Nothing outlives the command, so nothing is worth waiting for the disk.
CONFIGURATION = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
STARTS_WITHIN = ENDS_WITHIN = 30  # seconds


def main(arguments):
    """Run the command in `arguments`; return its exit code."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if arguments else 2
    if not (programs := find_programs()):
        print(MISSING, file=sys.stderr)
        return 1
    if arguments == ["--find"]:
        print(programs)
        return 0
    end_by_signals()
    with cluster(programs) as url:
        return run(arguments, url)


def find_programs():
    """The folder of `initdb` and `postgres`, the newest release's; None if there is none."""
    folders = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True)
        folders.append(Path(answer.stdout.strip()))
    for pattern in FOLDERS:
        folders += sorted(Path("/").glob(pattern[1:]), key=numbers, reverse=True)
    complete = (f for f in folders if (f / "initdb").exists() and (f / "postgres").exists())
    return next(complete, None)


def numbers(path):
    """What to sort releases by: 15 comes after 9.6."""
    return [int(digits) for digits in re.findall(r"\d+", str(path))]


@contextlib.contextmanager
def cluster(programs=None, **settings):
    """A running server with an empty database, as the URL of that database; with more settings.

    Gone afterwards, with all its files. Raises FileNotFoundError if PostgreSQL is not installed,
    RuntimeError with the server's own words if it does not start.
    """
    if not (programs := programs or find_programs()):
        raise FileNotFoundError(MISSING)
    owner = server_owner()
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        if owner:
            os.chown(folder, owner["user"], owner["group"])
        initialise(programs, folder, owner)
        with server(programs, folder, owner, CONFIGURATION | settings):
            yield f"postgresql://postgres@/postgres?host={folder}"


def server_owner():
    """As whom to run the server, as arguments of subprocess; it refuses to be run by root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL does not run as root, and there is no other user to run it as")


def initialise(programs, folder, owner):
    """Make the files of a database in UTF-8; with the C locale where C.UTF-8 is unknown."""
    command = [programs / "initdb", f"--pgdata={folder}/data", "--username=postgres"]
    command += ["--auth=trust", "--encoding=UTF8", "--no-sync"]
    for locale in ("C.UTF-8", "C"):
        made = subprocess.run(
            [*command, f"--locale={locale}"], cwd=folder, capture_output=True, text=True, **owner
        )
        if made.returncode == 0:
            return
    raise RuntimeError(made.stderr)


@contextlib.contextmanager
def server(programs, folder, owner, settings):
    """The server on the files in `folder`, from when it answers."""
    command = [programs / "postgres", "-D", f"{folder}/data", "-k", folder]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    log = Path(folder) / "log"
    with log.open("w") as output:
        # In a session of its own, or Ctrl-C would stop it before the command that uses it.
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **owner,
        )
    try:
        wait_until_ready(process, programs, folder, log)
        yield
    finally:
        process.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown: it drops connections
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)  # "immediate"
            process.wait()


def wait_until_ready(process, programs, folder, log):
    asks = [programs / "pg_isready", "--quiet", "--host", folder]
    until = time.monotonic() + STARTS_WITHIN
    while subprocess.run(asks).returncode != 0:
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"PostgreSQL does not start:\n{log.read_text()}")
        time.sleep(0.05)


class Ended(SystemExit):
    """A signal ends this program."""


def end_by_signals():
    """Let a signal end this program with its clean-up done, which no second signal cuts short."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def end(number, frame):
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise Ended(128 + number)

    for each in signals:
        signal.signal(each, end)


def run(command, url):
    """Run `command` on the database of `url`; return its exit code, as a shell counts it."""
    try:
        process = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url})
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return 127
    try:
        code = process.wait()
    except Ended as ended:
        if ended.code == 128 + signal.SIGINT:  # at a terminal the command has been told as well
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
        process.terminate()
        process.wait()
        raise
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
