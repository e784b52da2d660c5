"""CPU and wall-clock time of one training step: pleat beside PyTorch on the CPU, the overhead of kappa, and memory.

Both sides do forward, backward, clipping and an SGD step on batches of one shape. PyTorch's data are made before; pleat
reads or makes its own, which counts against it. A step's time is the difference between a long and a short run of the
whole program, so that start and evaluation cancel. The least of several rounds counts.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from machine import machine  # noqa: E402

# name, task, cell, units, steps of time, batch, training steps of a round, target ratio
ROWS = [
    ("smnist relu B=32", "smnist", "relu-rnn", 100, 784, 32, 40, 1.5),
    ("smnist relu B=64", "smnist", "relu-rnn", 100, 784, 64, 30, 1.5),
    ("smnist relu B=128", "smnist", "relu-rnn", 100, 784, 128, 20, 1.5),
    ("smnist lstm B=32", "smnist", "lstm", 100, 784, 32, 16, 1.2),
    ("smnist lstm B=128", "smnist", "lstm", 100, 784, 128, 6, 1.2),
    ("adding relu B=20", "adding", "relu-rnn", 128, 150, 20, 200, 1.5),
    ("adding relu B=50", "adding", "relu-rnn", 128, 150, 50, 120, 1.5),
    ("adding lstm B=20", "adding", "lstm", 128, 150, 20, 80, 1.2),
    ("adding lstm B=50", "adding", "lstm", 128, 150, 50, 40, 1.2),
    ("text relu H=512", "text", "relu-rnn", 512, 50, 32, 60, 1.0),
    ("text relu H=2048", "text", "relu-rnn", 2048, 50, 32, 6, 0.95),
]
WARMUP = 3


def text_file(folder: str) -> str:
    """A text of 50 symbols: its contents do not matter for a step's time."""
    path = Path(folder) / "text.txt"
    state = 1
    letters = []
    for _ in range(400_000):
        state = (state * 1103515245 + 12345) % 2**31
        letters.append(chr(48 + state // 65536 % 50))
    path.write_text("".join(letters))
    return str(path)


def pleat_run(arguments: list[str], steps: int, folder: str) -> tuple[float, float, int]:
    """CPU seconds, wall seconds and peak memory in MiB of a run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.time()
    subprocess.run(
        [os.environ["PLEAT"], "train", *arguments, "--steps", str(steps), "--evaluate-every", "1000000000", "--test", "no",
         "--checkpoint-every", "1000000000", "--run", f"{folder}/run"],
        check=True, capture_output=True)
    wall = time.time() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall, after.ru_maxrss // 1024


def pleat_step(arguments: list[str], count: int, rounds: int, folder: str) -> tuple[float, float]:
    cpu, wall = [], []
    for _ in range(rounds):
        short = pleat_run(arguments, WARMUP, folder)
        long = pleat_run(arguments, WARMUP + count, folder)
        cpu.append((long[0] - short[0]) / count)
        wall.append((long[1] - short[1]) / count)
    return min(cpu), min(wall)


def torch_step(task: str, cell: str, units: int, steps: int, batch: int, count: int, rounds: int, threads: int):
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    symbols = 50
    inputs, outputs = {"smnist": (1, 10), "adding": (2, 1), "text": (symbols, symbols)}[task]
    if cell == "lstm":
        network = torch.nn.LSTM(inputs, units)
    else:
        network = torch.nn.RNN(inputs, units, nonlinearity="relu")
        torch.nn.init.eye_(network.weight_hh_l0)
    readout = torch.nn.Linear(units, outputs)
    parameters = [*network.parameters(), *readout.parameters()]
    optimiser = torch.optim.SGD(parameters, lr=1e-8)
    if task == "text":
        indices = torch.randint(symbols, (steps, batch))
        x = torch.nn.functional.one_hot(indices, symbols).float()
        target = torch.randint(symbols, (steps * batch,))
    else:
        x = torch.rand(steps, batch, inputs)
        target = torch.rand(batch, 1) if task == "adding" else torch.randint(10, (batch,))

    def step():
        optimiser.zero_grad()
        hidden, _ = network(x)
        if task == "text":
            loss = torch.nn.functional.cross_entropy(readout(hidden).reshape(-1, symbols), target)
        elif task == "adding":
            loss = torch.nn.functional.mse_loss(readout(hidden[-1]), target)
        else:
            loss = torch.nn.functional.cross_entropy(readout(hidden[-1]), target)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()

    for _ in range(WARMUP):
        step()
    cpu, wall = [], []
    for _ in range(rounds):
        first, start = time.process_time(), time.time()
        for _ in range(count):
            step()
        cpu.append((time.process_time() - first) / count)
        wall.append((time.time() - start) / count)
    return min(cpu), min(wall)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="rows whose name contains this")
    parser.add_argument("--threads", type=int, default=1, help="of both sides")
    parser.add_argument("--no-peers", action="store_true", help="pleat alone")
    parser.add_argument("--memory", action="store_true", help="peak memory after 100 and after 10000 steps")
    options = parser.parse_args()
    mnist = os.environ.get("MNIST", "data/mnist")
    peer = "without PyTorch"
    if not options.no_peers:
        import torch

        peer = f"PyTorch {torch.__version__}"
    print(machine(f"{options.threads} thread(s)"), peer, sep="; ")
    with tempfile.TemporaryDirectory() as folder:
        text = text_file(folder)
        print("| row | PyTorch CPU ms | pleat CPU ms | ratio | target | met | PyTorch wall | pleat wall | kappa overhead |")
        print("|---|---|---|---|---|---|---|---|---|")
        for name, task, cell, units, steps, batch, count, target in ROWS:
            if options.only not in name:
                continue
            base = [task, "--cell", cell, "--hidden", str(units), "--batch", str(batch), "--clip-norm", "1",
                    "--threads", str(options.threads), "--learning-rate", "1e-12"]
            if task == "smnist":
                base += ["--data", mnist, "--held-out", str(batch)]
            else:
                base += ["--length", str(steps)]
            if task == "text":
                base += ["--data", text]
            if cell == "relu-rnn" and task != "text":
                base += ["--init", "identity"]
            ours = pleat_step([*base, "--optimizer", "sgd"], count, options.rounds, folder)
            overhead = "-"
            if cell == "relu-rnn":
                path = pleat_step([*base, "--optimizer", "path-sgd"], count, options.rounds, folder)
                overhead = f"{100 * (path[0] / ours[0] - 1):.1f} %"
            if options.no_peers:
                print(f"| {name} | - | {1e3 * ours[0]:.2f} | - | {target} | - | - | {1e3 * ours[1]:.2f} | {overhead} |",
                      flush=True)
                continue
            theirs = torch_step(task, cell, units, steps, batch, count, options.rounds, options.threads)
            ratio = theirs[0] / ours[0]
            met = "yes" if ratio >= target else "no"
            print(f"| {name} | {1e3 * theirs[0]:.2f} | {1e3 * ours[0]:.2f} | {ratio:.2f} | {target} | {met} "
                  f"| {1e3 * theirs[1]:.2f} | {1e3 * ours[1]:.2f} | {overhead} |", flush=True)
        if options.memory:
            base = ["adding", "--length", "50", "--hidden", "50", "--batch", "20", "--optimizer", "path-sgd",
                    "--learning-rate", "1e-12"]
            few, many = (pleat_run(base, steps, folder)[2] for steps in (100, 10_000))
            print(f"\npeak memory: {few} MiB after 100 steps, {many} MiB after 10000")


if __name__ == "__main__":
    main()
