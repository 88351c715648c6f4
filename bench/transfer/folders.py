"""Writes Fashion-MNIST as folders of PGM pictures, for a transfer whose test pictures nobody chose by:

eight/    train and val of the eight classes, both from the training file (200 a class to validate)
two/      train: 100 pictures of each of the other two classes; val: 500 others of the training file
two-test/ all 2,000 test pictures of the two

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


def write(folder, images, labels, names, first, end):
    """Pictures number first to end of each class, counted in the order of the file."""
    seen = dict.fromkeys(names, 0)
    for i, label in enumerate(labels):
        name = NAMES[label]
        if name not in seen:
            continue
        seen[name] += 1
        if not first < seen[name] <= end:
            continue
        target = out / folder / name
        target.mkdir(parents=True, exist_ok=True)
        pixels = images[i * SIDE * SIDE : (i + 1) * SIDE * SIDE]
        (target / f"{i:05d}.pgm").write_bytes(b"P5\n28 28\n255\n" + pixels)


if not (out / "two-test").exists():
    train, test = read("train"), read("t10k")
    eight = [n for n in NAMES if n not in TWO]
    write("eight/train", *train, eight, 0, 5800)
    write("eight/val", *train, eight, 5800, 6000)
    write("two/train", *train, TWO, 0, 100)
    write("two/val", *train, TWO, 100, 600)
    write("two-test", *test, TWO, 0, 1000)
