#!/usr/bin/env python3
"""Writes catalogue.json beside this file from an installed torchvision and an installed timm.

    python3 catalogue.py results-imagenet.csv

The file is results/results-imagenet.csv of timm's repository, which has the accuracies of its
weights. The file name of each URL carries the first eight hexadecimal digits of the file's SHA-256
(timm's clean_checkpoint.py, too, puts them there). Sizes are in MiB: torchvision's own, and of
timm's weights those of their tensors. Run it again when other weights are published.
"""
import csv
import json
import math
import os
import re
import sys

import timm
import torch
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


TIMM = ["efficientnet_lite%d" % i for i in range(5)] + ["tf_efficientnet_b%d" % i for i in range(8)]
TIMM_LICENCE = ("Apache-2.0, TensorFlow's as timm converted them; trained on ImageNet-1K%s, "
                "whose terms ask for non-commercial use")


def of_timm(results):
    accuracy = {(r["model"], int(r["img_size"])): r for r in csv.DictReader(open(results))}
    for model in TIMM:
        theirs = model if model.startswith("tf_") else "tf_" + model
        with torch.device("meta"):
            network = timm.create_model(theirs)
        usual = timm.get_pretrained_cfg(theirs).tag
        for pretrained in timm.list_pretrained(theirs + ".*"):
            c = timm.get_pretrained_cfg(pretrained)
            side = c.input_size[-1]
            found = accuracy[pretrained, side]
            yield dict(
                name="%s.%s" % (model, c.tag),
                model=model,
                default=c.tag == usual,
                url=c.url,
                sha256_prefix=re.search(r"-([0-9a-f]{8})\.pth$", c.url).group(1),
                size_mib=round(sum(t.numel() * t.element_size()
                                   for t in network.state_dict().values()) / 2**20, 1),
                parameters=sum(p.numel() for p in network.parameters()),
                licence=TIMM_LICENCE % (" and JFT-300M" if "jft" in c.tag else ""),
                accuracy=dict(data="ImageNet-1K", top1=float(found["top1"]), top5=float(found["top5"])),
                preprocessing=dict(resize=math.floor(side / c.crop_pct), crop=side,
                                   interpolation=c.interpolation, mean=c.mean, std=c.std),
                names="timm")


out = dict(source="torchvision %s, timm %s" % (torchvision.__version__.split("+")[0], timm.__version__),
           weights=[*entries(), *of_timm(sys.argv[1])])
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "catalogue.json"), "w") as f:
    json.dump(out, f, indent=1)
    f.write("\n")
