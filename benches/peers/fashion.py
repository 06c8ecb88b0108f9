"""Fashion-MNIST from IDX files, and the presets' networks as both libraries build them."""

import gzip
import os
import pathlib

import numpy
import yaml

PRESETS = pathlib.Path(__file__).resolve().parents[2] / "presets"
PLACES = [
    os.environ.get("CONVSCOPE_DATA", ""),
    "~/.local/share/convscope/fashion-mnist",
    "/usr/share/datasets/fashion-mnist",
]


def read(name):
    """The array of an IDX file, from the first place that has it."""
    for place in filter(None, PLACES):
        for folder in (pathlib.Path(place).expanduser(), pathlib.Path(place) / "fashion-mnist"):
            for path in (folder / name, folder / (name + ".gz")):
                if path.exists():
                    opener = gzip.open if path.suffix == ".gz" else open
                    with opener(path, "rb") as file:
                        data = file.read()
                    dimensions = numpy.frombuffer(data, ">i4", data[3], 4)
                    return numpy.frombuffer(data, numpy.uint8, -1, 4 + 4 * data[3]).reshape(dimensions)
    raise SystemExit(f"{name} is in none of {PLACES}; get it with: convscope data fetch fashion-mnist")


def images_and_labels(part):
    """Images [n, 28, 28, 1] in [0, 1] and labels; part is "train" or "t10k"."""
    images = read(f"{part}-images-idx3-ubyte").astype(numpy.float32)[..., None] / 255
    return images, read(f"{part}-labels-idx1-ubyte").astype(numpy.int64)


def layers(preset):
    """The preset's layers as (kind, fields)."""
    text = yaml.safe_load((PRESETS / f"{preset}.yaml").read_text())
    return [(layer, {}) if isinstance(layer, str) else next(iter(layer.items())) for layer in text["layers"]]


def keras_model(preset):
    import keras
    from keras import layers as k

    model = [keras.Input((28, 28, 1))]
    for kind, fields in layers(preset):
        model.append(
            {
                "conv2d": lambda f: k.Conv2D(
                    f["filters"], f["kernel"], f.get("stride", 1), f.get("padding", "same"), activation=f.get("activation")
                ),
                "batch_norm": lambda f: k.BatchNormalization(),
                "relu": lambda f: k.ReLU(),
                "max_pool2d": lambda f: k.MaxPooling2D(f["size"]),
                "dropout": lambda f: k.Dropout(f["rate"]),
                "flatten": lambda f: k.Flatten(),
                "dense": lambda f: k.Dense(f["units"], activation=f.get("activation")),
                "classify": lambda f: k.Dense(10, activation="softmax"),
            }[kind](fields)
        )
    model = keras.Sequential(model)
    model.compile(
        keras.optimizers.Adadelta(1.0, rho=0.95, epsilon=1e-7),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def torch_model(preset):
    from torch import nn

    shape, model = [1, 28, 28], []
    for kind, fields in layers(preset):
        if kind == "conv2d":
            size, stride = fields["kernel"], fields.get("stride", 1)
            if fields.get("padding", "same") == "same":
                zeros = [max((-(-n // stride) - 1) * stride + size - n, 0) for n in shape[1:]]
                shape = [fields["filters"]] + [-(-n // stride) for n in shape[1:]]
            else:
                zeros = [0, 0]
                shape = [fields["filters"]] + [(n - size) // stride + 1 for n in shape[1:]]
            even = all(z % 2 == 0 for z in zeros)
            if not even:
                (h, w) = zeros
                model.append(nn.ZeroPad2d((w // 2, w - w // 2, h // 2, h - h // 2)))
            inputs = next((m.out_channels for m in reversed(model) if isinstance(m, nn.Conv2d)), 1)
            padding = (zeros[0] // 2, zeros[1] // 2) if even else 0
            model.append(nn.Conv2d(inputs, fields["filters"], size, stride, padding))
        elif kind == "batch_norm":
            model.append(nn.BatchNorm2d(shape[0], eps=1e-3, momentum=0.01))
        elif kind == "relu":
            model.append(nn.ReLU(inplace=True))
        elif kind == "max_pool2d":
            model.append(nn.MaxPool2d(fields["size"]))
            shape = shape[:1] + [n // fields["size"] for n in shape[1:]]
        elif kind == "dropout":
            model.append(nn.Dropout(fields["rate"]))
        elif kind == "flatten":
            model.append(nn.Flatten())
            shape = [shape[0] * shape[1] * shape[2]]
        else:
            units = 10 if kind == "classify" else fields["units"]
            model.append(nn.Linear(shape[0], units))
            shape = [units]
        if fields.get("activation") == "relu":
            model.append(nn.ReLU(inplace=True))
    return nn.Sequential(*model)
