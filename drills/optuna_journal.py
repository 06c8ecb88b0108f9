#!/usr/bin/env python3
"""Opens an exported sweep with the real Optuna, and compares every number with the CSV of the same sweep.

    python3 -m venv VENV && VENV/bin/pip install optuna plotly scikit-learn
    cargo build --release && VENV/bin/python drills/optuna_journal.py [PROGRAM]

Exits with 77 if Optuna is not installed.
"""

import csv
import io
import pathlib
import subprocess
import sys
import tempfile

try:
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend
    from optuna.trial import TrialState
except ImportError as error:
    print(f"SKIPPED: {error}")
    sys.exit(77)

SWEEP = """\
preset: fashion-conv1
set: {data: mnist-starter, training.epochs: 3}
sweep:
  vary:
    training.optimizer: [adadelta, adam]
    training.optimizer.adam.learning_rate: {log: [1e-4, 1e-2], steps: 3}
    training.batch_size: [64, 128]
  when:
    training.optimizer.adam.learning_rate: {training.optimizer: adam}
  halving: {after: 1, keep: 0.5}
"""


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    program = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else root / "target/release/convscope"

    def run(*arguments):
        command = [str(program), *map(str, arguments)]
        return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "s.yaml").write_text(SWEEP)
        run("sweep", "s.yaml", "--quiet", "--nice", "0")
        (sweep,) = (path for path in (folder / "sweeps").iterdir() if path.is_dir())
        for by, column, direction in [
            ("accuracy", "best_val_accuracy", "MAXIMIZE"),
            ("loss", "lowest_val_loss", "MINIMIZE"),
        ]:
            journal = folder / f"{by}.log"
            run("sweep", "export", sweep, journal, "--optuna", "--by", by)
            rows = list(csv.DictReader(io.StringIO(run("sweep", "export", sweep))))
            storage = JournalStorage(JournalFileBackend(str(journal)))
            study = optuna.load_study(study_name=None, storage=storage)
            assert study.direction.name == direction, study.direction
            assert len(study.trials) == len(rows) == 8, (len(study.trials), len(rows))
            states = {"finished": TrialState.COMPLETE, "stopped early": TrialState.PRUNED}
            for trial, row in zip(study.trials, rows):
                assert trial.state == states[row["state"]], (trial, row)
                assert trial.value == float(row[column]), (trial, row)
                assert trial.user_attrs["seed"] == int(row["seed"]), (trial, row)
                assert sorted(trial.intermediate_values) == list(range(1, int(row["epochs"]) + 1)), (trial, row)
                best = max if direction == "MAXIMIZE" else min
                assert best(trial.intermediate_values.values()) == trial.value, (trial, row)
                given = {
                    "optimizer": row["training.optimizer"],
                    "batch_size": int(row["training.batch_size"]),
                }
                rate = row["training.optimizer.adam.learning_rate"]
                given |= {"learning_rate": float(rate)} if rate else {}
                assert trial.params == given, (trial.params, given)
                assert trial.datetime_complete > trial.datetime_start, trial
            pruned = sum(trial.state == TrialState.PRUNED for trial in study.trials)
            assert 0 < pruned < 8, pruned
            pictures = optuna.visualization
            for draw in [
                pictures.plot_optimization_history,
                pictures.plot_parallel_coordinate,
                pictures.plot_slice,
                pictures.plot_intermediate_values,
                pictures.plot_param_importances,
                pictures.plot_contour,
                pictures.plot_timeline,
            ]:
                figure = draw(study)
                assert figure.data, draw.__name__
                print(f"{by}: {draw.__name__} draws {len(figure.data)} traces")
            print(f"{by}: best trial {study.best_trial.number}, {study.best_value:.4f}, {study.best_params}")
    print("every number is that of the CSV")


main()
