#!/usr/bin/env python3
"""What the program sends to an 80×24 terminal in 24-bit colour, and how soon: benches/screen.py [PROGRAM]

It runs the program (target/release/convscope) on a pseudo-terminal and prints the time to the first screen of seven starts, the bytes of
a page of images, of a key, of ten idle seconds, and of training fashion-bn4 in four panes. Budgets: 50 ms to the first screen, 35 KB for a
page of images, nothing while idle, 2 KB a second while training. Needs Python 3 on Linux or macOS, nothing else.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import tempfile
import termios
import time

PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "target/release/convscope")
COLUMNS, ROWS = 80, 24
END_OF_UPDATE = b"\x1b[?2026l"
PLACE = tempfile.mkdtemp(prefix="convscope-screen-")


def start():
    process, terminal = pty.fork()
    if process == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", HOME=PLACE)
        os.chdir(PLACE)
        os.execv(PROGRAM, [PROGRAM, "--data", "fashion-mnist", "--preset", "fashion-bn4"])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    return process, terminal


def read(terminal, seconds, until=None):
    """The output within this many seconds, or up to the first `until`."""
    end, output = time.monotonic() + seconds, b""
    while (left := end - time.monotonic()) > 0:
        if select.select([terminal], [], [], left)[0]:
            try:
                output += os.read(terminal, 65536)
            except OSError:
                break
            if until and until in output:
                break
    return output


def press(terminal, keys, seconds=2.0):
    os.write(terminal, keys)
    return len(read(terminal, seconds))


paints = []
for _ in range(7):
    began = time.monotonic()
    process, terminal = start()
    if END_OF_UPDATE not in read(terminal, 30, END_OF_UPDATE):
        sys.exit("the program drew nothing within 30 s")
    paints.append((time.monotonic() - began) * 1e3)
    press(terminal, b"q", 1.0)
    os.waitpid(process, 0)
print("first screen, ms:", " ".join(f"{paint:.0f}" for paint in sorted(paints)))

process, terminal = start()
read(terminal, 6)
print("page of images, bytes:", press(terminal, b"2"), "and another:", press(terminal, b"r"))
print("one image enlarged, bytes:", press(terminal, b"\r"), "its cursor moved:", press(terminal, b"l", 1.0))
press(terminal, b"\x1b", 1.0)
print("idle for 10 s, bytes:", len(read(terminal, 10)))
press(terminal, b"4 ", 5.0)
for pane, name in ((b"4", "Train"), (b"2", "View"), (b"5", "Results"), (b"6", "Activations")):
    press(terminal, pane)
    print(f"training, {name} pane, bytes per second: {len(read(terminal, 10)) / 10:.0f}")
os.write(terminal, b"\x03")
read(terminal, 5)
