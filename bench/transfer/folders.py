"""Writes Fashion-MNIST as folders of PGM pictures: eight/ (1,000 a class to train on, 200 to
validate) and two/ (200 pictures of the other two classes, and all their test pictures).

    python3 folders.py OUT        reads $FASHION_MNIST or /usr/share/datasets/fashion-mnist
"""
import gzip
import os
import pathlib
import sys

NAMES = "tshirt trouser pullover dress coat sandal shirt sneaker bag boot".split()
TWO = ("pullover", "bag")
SIDE = 28
source = pathlib.Path(os.environ.get("FASHION_MNIST", "/usr/share/datasets/fashion-mnist"))
out = pathlib.Path(sys.argv[1])


def read(part):
    images = gzip.open(next(source.rglob(part + "-images-idx3-ubyte.gz"))).read()[16:]
    labels = gzip.open(next(source.rglob(part + "-labels-idx1-ubyte.gz"))).read()[8:]
    return images, labels


def write(folder, images, labels, names, limit):
    done = dict.fromkeys(names, 0)
    for i, label in enumerate(labels):
        name = NAMES[label]
        if done.get(name, limit) >= limit:
            continue
        done[name] += 1
        target = out / folder / name
        target.mkdir(parents=True, exist_ok=True)
        pixels = images[i * SIDE * SIDE : (i + 1) * SIDE * SIDE]
        (target / f"{i:05d}.pgm").write_bytes(b"P5\n28 28\n255\n" + pixels)


if not (out / "two").exists():
    train, test = read("train"), read("t10k")
    eight = [n for n in NAMES if n not in TWO]
    write("eight/train", *train, eight, 1000)
    write("eight/val", *test, eight, 200)
    write("two/train", *train, TWO, 100)
    write("two/val", *test, TWO, 1000)
