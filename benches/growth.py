#!/usr/bin/env python3
"""How training time grows, and what disturbs it: benches/growth.py [--rounds N] [batch] [threads] [neighbour] [screen]

Without names, it measures all four. It prints one table each:

batch      ms per step and images per second for batches of 16 to 1,024
threads    ms per step with 1, 2, 4 … threads, in turn, and the speed compared with one thread
neighbour  ms per step alone and beside a process that keeps one core busy, in turn
screen     seconds per epoch with `convscope train` and with the lab open on a pseudo-terminal of 80×24 (Train pane), in turn

Times are minimum and median. Needs Python 3 on Linux or macOS and `cargo build --release`, nothing else.
"""

import argparse
import fcntl
import json
import os
import pathlib
import pty
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = HERE.parent / "target/release/convscope"
GROWING = ["fashion-conv1", "fashion-bn4", "fashion-slim-augmented"]
BATCHES = [16, 32, 64, 128, 256, 512, 1024]


def bench(preset, *options):
    """Minimum and median milliseconds per step."""
    command = [PROGRAM, "bench", preset, "--json", "--data", "fashion-mnist", *map(str, options)]
    figures = json.loads(subprocess.check_output(command, stderr=subprocess.DEVNULL))
    return figures["step_smallest"], figures["step_median"]


def least_and_median(times):
    return f"{min(times):.3g} / {statistics.median(times):.3g}"


def table(*columns):
    print("\n| " + " | ".join(columns) + " |\n|" + "---|" * len(columns), flush=True)


def row(*cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def by_turns(rounds, **measured):
    """The results of each function, called in turn, so that all meet the same load on the machine."""
    all = {name: [] for name in measured}
    for _ in range(rounds):
        for name, measure in measured.items():
            all[name].append(measure())
    return all


def batch(_):
    table("preset", "batch", "ms per step", "images per second")
    for preset in GROWING:
        for size in BATCHES:
            least, median = bench(preset, "--batch-size", size)
            row(preset, f"{size}", f"{least:.3g} / {median:.3g}", f"{1e3 * size / least:,.0f} / {1e3 * size / median:,.0f}")


def threads(rounds):
    counts = [1]
    while counts[-1] < os.cpu_count():
        counts.append(min(2 * counts[-1], os.cpu_count()))
    table("preset", "threads", "ms per step", "times as fast as one")
    for preset in GROWING:
        turns = {str(count): lambda count=count: bench(preset, "--threads", count)[1] for count in counts}
        times = by_turns(rounds, **turns)
        for count, taken in times.items():
            faster = [one / here for one, here in zip(times["1"], taken)]
            row(preset, count, least_and_median(taken), f"{statistics.median(faster):.2f}")


def beside_a_neighbour(preset):
    neighbour = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        return bench(preset)[1]
    finally:
        neighbour.kill()
        neighbour.wait()


def neighbour(rounds):
    table("preset", "alone, ms per step", "beside a busy process", "share of speed left")
    for preset in GROWING:
        times = by_turns(rounds, alone=lambda: bench(preset)[1], beside=lambda: beside_a_neighbour(preset))
        left = statistics.median(alone / beside for alone, beside in zip(times["alone"], times["beside"]))
        row(preset, least_and_median(times["alone"]), least_and_median(times["beside"]), f"{left:.2f}")


def preset_of(name, epochs, folder):
    """The preset with this number of epochs, without augmentation, which would hide a difference."""
    lines = (HERE.parent / "presets" / f"{name}.yaml").read_text().splitlines()
    kept = [line for line in lines if not line.startswith(("  epochs:", "  augment:", "expect:", "  best_", "  lowest_"))]
    kept.insert(kept.index("training:") + 1, f"  epochs: {epochs}")
    file = folder / "preset.yaml"
    file.write_text("\n".join(kept) + "\n")
    return file


def seconds_of_epochs(folder):
    """The seconds per epoch of the only run, without the first epoch, which warms up."""
    (metrics,) = folder.glob("*/metrics.jsonl")
    return [json.loads(line)["seconds"] for line in metrics.read_text().splitlines()][1:]


def without_screen(name, epochs):
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        runs = place / "runs"
        command = [PROGRAM, "train", preset_of(name, epochs, place), "--data", "fashion-mnist", "--out", runs]
        subprocess.run(command, check=True, capture_output=True)
        return statistics.median(seconds_of_epochs(runs))


def with_screen(name, epochs):
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        runs = place / "runs"
        preset = preset_of(name, epochs, place)
        process, terminal = pty.fork()
        if process == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
            os.execv(PROGRAM, [PROGRAM, "--data", "fashion-mnist", "--preset", preset, "--out", runs])
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        begun, pressed = time.monotonic(), False
        while True:
            if select.select([terminal], [], [], 0.2)[0]:
                os.read(terminal, 65536)
            if not pressed and time.monotonic() - begun > 3:
                os.write(terminal, b"4 ")
                pressed = True
            if pressed and any(len(file.read_text().splitlines()) >= epochs for file in runs.glob("*/metrics.jsonl")):
                break
        os.write(terminal, b"\x03")
        while True:
            try:
                if not os.read(terminal, 65536):
                    break
            except OSError:
                break
        os.waitpid(process, 0)
        return statistics.median(seconds_of_epochs(runs))


def screen(rounds):
    table("preset", "without, s per epoch", "with the screen", "increase")
    for name, epochs in [("fashion-conv1", 20), ("fashion-dense4-dropout", 20), ("fashion-slim-augmented", 3)]:
        times = by_turns(
            rounds, without=lambda: without_screen(name, epochs), open=lambda: with_screen(name, epochs)
        )
        longer = statistics.median(open / without for without, open in zip(times["without"], times["open"])) - 1
        row(name, least_and_median(times["without"]), least_and_median(times["open"]), f"{100 * longer:+.1f} %")


MEASURES = {measure.__name__: measure for measure in (batch, threads, neighbour, screen)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each (default: 5)")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASURES))
    arguments = parser.parse_args()
    for name in arguments.names or MEASURES:
        if name not in MEASURES:
            parser.error(f"{name}: expected one of {', '.join(MEASURES)}")
        MEASURES[name](arguments.rounds)


main()
