#!/usr/bin/env python3
"""What a sweep costs beside the training itself.

    cargo build --release && benches/sweep.py [PROGRAM] [--runs N] [--apart N] [--trials N]

prints two figures:

* N runs (60) of fashion-conv2 on the starter set: the sweep's time, and how it compares with the sum of the runs' times divided by the cores: their
  times within the sweep, and, from the first N (6) of them, their times alone on the machine, whole process, with one thread;
* a sweep of N trials (10,000) of a network that trains in a moment: the coordinator's peak memory, and its share of the processor time.
"""

import argparse
import json
import os
import pathlib
import subprocess
import tempfile
import time

RUNS = """preset: fashion-conv2
set: {data: fashion-mnist-starter, training.epochs: 2}
sweep:
  vary:
    training.optimizer.adam.learning_rate: {log: [1e-4, 1e-2], steps: %d}
"""

TRIALS = """name: smallest
input: [4, 4, 1]
classes: 2
layers: [flatten, classify]
data: data
training: {epochs: 1, batch_size: 8, validation: test}
sweep:
  seeds: 1..%d
"""


def idx(dimensions, values):
    header = bytes([0, 0, 8, len(dimensions)])
    return header + b"".join(size.to_bytes(4, "big") for size in dimensions) + bytes(values)


def small_data(folder):
    folder.mkdir()
    for part, count in (("train", 16), ("t10k", 8)):
        pixels = [(image % 2) * 200 + pixel for image in range(count) for pixel in range(16)]
        (folder / f"{part}-images-idx3-ubyte").write_bytes(idx([count, 4, 4], pixels))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(idx([count], [image % 2 for image in range(count)]))


def watch(program, folder, *options):
    """Runs the sweep; its seconds, and the coordinator's peak memory in MB and processor seconds."""
    command = [program, "sweep", "sweep.yaml", "--quiet", "--nice", "0", *options]
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    peak, ticks = 0, 0
    while process.poll() is None:
        try:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            stat = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            break
        lines = [line for line in status.splitlines() if line.startswith("VmHWM:")]
        if lines:
            peak, ticks = int(lines[0].split()[1]), int(stat[11]) + int(stat[12])
        time.sleep(0.05)
    if process.wait() != 0:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return time.monotonic() - began, peak / 1024, ticks / os.sysconf("SC_CLK_TCK")


def trained_seconds(folder):
    """The sum of all epochs' seconds, training and validation."""
    files = folder.glob("sweeps/*/runs/*/metrics.jsonl")
    return sum(json.loads(line)["seconds"] for file in files for line in file.read_text().splitlines())


def alone(program, folder, runs, first):
    """The mean seconds of the first runs, each by itself: a process with one thread, from its start to its end."""
    total = 0
    for run in range(first):
        rate = 10 ** (-4 + 2 * run / max(runs - 1, 1))
        sets = ["data=fashion-mnist-starter", "training.epochs=2", f"training.optimizer.adam.learning_rate={rate}"]
        command = [program, "train", "fashion-conv2", "--threads", "1", "--runs", "alone"]
        command += [word for one in sets for word in ("--set", one)]
        began = time.monotonic()
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        total += time.monotonic() - began
    return total / first


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?", default="target/release/convscope")
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--apart", type=int, default=6)
    parser.add_argument("--trials", type=int, default=10_000)
    arguments = parser.parse_args()
    program, cores = os.path.abspath(arguments.program), len(os.sched_getaffinity(0))
    if arguments.runs:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "sweep.yaml").write_text(RUNS % arguments.runs)
            seconds, _, _ = watch(program, folder)
            total = trained_seconds(folder)
            print(f"{arguments.runs} runs: {seconds:.1f} s; sum of their times / {cores} cores {total / cores:.1f} s; "
                  f"ratio {seconds * cores / total:.3f}", flush=True)
            if arguments.apart:
                mean = alone(program, folder, arguments.runs, min(arguments.apart, arguments.runs))
                print(f"alone: {mean:.2f} s a run; sweep's time / ({arguments.runs} of them / {cores} cores): "
                      f"ratio {seconds * cores / (mean * arguments.runs):.3f}", flush=True)
    if arguments.trials:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            small_data(folder / "data")
            (folder / "sweep.yaml").write_text(TRIALS % arguments.trials)
            seconds, peak, used = watch(program, folder)
            print(f"{arguments.trials} trials: {seconds:.1f} s; coordinator: peak {peak:.0f} MB, {used:.2f} s of processor, "
                  f"{100 * used / seconds / cores:.2f} % of the machine's time, {100 * used / seconds:.2f} % of one core's, {1000 * used / arguments.trials:.3f} ms a trial")


if __name__ == "__main__":
    main()
