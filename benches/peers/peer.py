"""One library with one preset's network, controlled by standard input.

Each line is a number of images to train on (one pass, batches of 128), or `evaluate`; each answer is a line of JSON: `seconds`,
`steps` and `peak_megabytes`, or `evaluated_per_second` and `prediction_ms`.
"""

import json
import os
import resource
import sys
import time

import numpy

import fashion

BATCH = 128


class Keras:
    def __init__(self, preset):
        os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="")
        self.model = fashion.keras_model(preset)

    def take(self, images, labels):
        self.images, self.labels = images, labels

    def train(self, count):
        self.model.fit(self.images[:count], self.labels[:count], batch_size=BATCH, epochs=1, verbose=0)

    def predict(self, images, batch):
        for begin in range(0, len(images), batch):
            numpy.asarray(self.model.predict_on_batch(images[begin : begin + batch]))


class Torch:
    def __init__(self, preset, channels_last):
        import torch

        self.torch = torch
        self.format = torch.channels_last if channels_last else torch.contiguous_format
        self.model = fashion.torch_model(preset).to(memory_format=self.format)
        self.loss = torch.nn.CrossEntropyLoss()
        self.optimizer = torch.optim.Adadelta(self.model.parameters(), lr=1.0, rho=0.95, eps=1e-7)

    def take(self, images, labels):
        self.images, self.labels = self.tensor(images), self.torch.from_numpy(labels)

    def tensor(self, images):
        return self.torch.from_numpy(images).permute(0, 3, 1, 2).contiguous(memory_format=self.format)

    def train(self, count):
        self.model.train()
        order = self.torch.randperm(count)
        mean, correct = 0.0, 0
        for begin in range(0, count, BATCH):
            indices = order[begin : begin + BATCH]
            labels = self.labels[indices]
            self.optimizer.zero_grad(set_to_none=True)
            scores = self.model(self.images[indices].contiguous(memory_format=self.format))
            loss = self.loss(scores, labels)
            loss.backward()
            self.optimizer.step()
            mean += loss.item()
            correct += int((scores.argmax(1) == labels).sum())

    def predict(self, images, batch):
        self.model.eval()
        with self.torch.inference_mode():
            for begin in range(0, len(images), batch):
                self.model(self.tensor(images[begin : begin + batch])).softmax(1).numpy()


def least(work, seconds=1.0):
    """The shortest time of `work`, repeated for this many seconds after one warm-up."""
    work()
    times, begin = [], time.perf_counter()
    while len(times) < 3 or time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main():
    library, preset = sys.argv[1:]
    peer = Keras(preset) if library == "keras" else Torch(preset, library == "torch-channels-last")
    peer.take(*fashion.images_and_labels("train"))
    peer.train(4 * BATCH)
    test = fashion.images_and_labels("t10k")[0]
    for line in sys.stdin:
        if line.strip() == "evaluate":
            answer = {
                "evaluated_per_second": len(test) / least(lambda: peer.predict(test, 250)),
                "prediction_ms": 1e3 * least(lambda: peer.predict(test[:1], 1)),
            }
        else:
            count, start = int(line), time.perf_counter()
            peer.train(count)
            answer = {
                "seconds": time.perf_counter() - start,
                "steps": -(-count // BATCH),
                "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        print(json.dumps(answer), flush=True)


main()
