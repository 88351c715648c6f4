#!/usr/bin/env python3
"""Writes catalogue.json beside this file from the sources of an installed torchvision.

    python3 catalogue.py

The file name of each URL carries the first eight hexadecimal digits of the file's SHA-256; the
sizes are torchvision's, in MiB. Run it again when torchvision publishes other weights.
"""
import json
import os
import re

import torchvision
from torchvision import models

NAMES = ["resnet18", "resnet34", "resnet50", "resnet101"] + ["efficientnet_b%d" % i for i in range(8)] + [
    "convnext_tiny", "mobilenet_v2", "mobilenet_v3_small", "mobilenet_v3_large"]
LICENCE = "BSD-3-Clause, as torchvision; trained on ImageNet-1K, whose terms ask for non-commercial use"


def entries():
    for model in NAMES:
        weights = models.get_model_weights(model)
        for w in weights:
            version = w.name.rsplit("_", 1)[1].lower()
            metrics = w.meta["_metrics"]["ImageNet-1K"]
            t = w.transforms()
            yield dict(
                name="%s.%s" % (model, version),
                model=model,
                default=w is weights.DEFAULT,
                url=w.url,
                sha256_prefix=re.search(r"-([0-9a-f]{8})\.pth$", w.url).group(1),
                size_mib=w.meta["_file_size"],
                parameters=w.meta["num_params"],
                licence=LICENCE,
                accuracy=dict(data="ImageNet-1K", top1=metrics["acc@1"], top5=metrics["acc@5"]),
                preprocessing=dict(resize=t.resize_size[0], crop=t.crop_size[0],
                                   interpolation=t.interpolation.value, mean=t.mean, std=t.std),
                names="torchvision")


out = dict(source="torchvision %s" % torchvision.__version__.split("+")[0], weights=list(entries()))
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "catalogue.json"), "w") as f:
    json.dump(out, f, indent=1)
    f.write("\n")
