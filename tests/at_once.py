"""Real transactions side by side, in threads, on both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, connections


def on_file(path):
    """Let other threads write to a copy of this SQLite database at `path`: what is in memory is
    one database for all of them, with locks of another kind. Returns what takes that back.
    """
    if connection.vendor != "sqlite":
        return lambda: None
    settings = connections.settings["default"]
    name = settings["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    settings["NAME"] = str(path)

    def take_back():
        settings["NAME"] = name

    return take_back


def alone(function):
    """What the function returns in a thread of its own, with connections of its own."""
    [result] = at_once(function)
    return result


def at_once(*functions):
    """What these functions return, which begin at the same moment, each in a thread of its own."""
    start = threading.Barrier(len(functions))

    def run(function):
        try:
            start.wait()
            return function()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(functions)) as threads:
        return [each.result() for each in [threads.submit(run, each) for each in functions]]
