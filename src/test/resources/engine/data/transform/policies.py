"""Writes policies.csv: what torchvision's RandAugment and TrivialAugment operations make of one picture.

    python policies.py > policies.csv

A line is: ranges (rand or wide), operation, magnitude bin, sign, interpolation, mode, the magnitude
and the CRC-32 of the result. The picture is a formula, so that the Java test draws the same.
"""
import zlib

import numpy as np
import torchvision
import torchvision.transforms.autoaugment as policy
from PIL import Image
from torchvision.transforms import InterpolationMode

WIDTH, HEIGHT = 29, 23
BINS = (0, 3, 9, 14, 15, 20, 30)
y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
rgb = np.stack([(x * 7 + y * 3) % 256, (x * y + 40) % 256, (200 - 5 * x + 2 * y) % 256], 2).astype(np.uint8)
pictures = {"RGB": Image.fromarray(rgb, "RGB"), "L": Image.fromarray(rgb[:, :, 0].copy(), "L")}
spaces = {
    "rand": policy.RandAugment()._augmentation_space(31, (HEIGHT, WIDTH)),
    "wide": policy.TrivialAugmentWide()._augmentation_space(31),
}
print("# torchvision", torchvision.__version__)
for ranges, space in spaces.items():
    for name, (magnitudes, signed) in space.items():
        bins = BINS if magnitudes.ndim else (0,)
        for b in bins:
            for sign in (1, -1) if signed else (1,):
                value = sign * (float(magnitudes[b].item()) if magnitudes.ndim else 0.0)
                for how in (InterpolationMode.NEAREST, InterpolationMode.BILINEAR):
                    for mode, picture in pictures.items():
                        out = np.asarray(policy._apply_op(picture, name, value, how, None))
                        print(ranges, name, b, sign, how.value, mode, repr(value), f"{zlib.crc32(out.tobytes()):08x}", sep=",")
