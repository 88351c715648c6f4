"""Writes the checkpoints beside it as training scripts do: python make.py (PyTorch 2.14, numpy 2, OmegaConf 2.3).

What timm's train.py (1.0), torchvision's references/classification/train.py (0.29), Lightning (2.6) and a script with a
little of everything keep beside the weights. The classes of Lightning and easydict are made here, under their names.
"""
import argparse, collections, datetime, decimal, pathlib, sys, types, uuid

import numpy as np
import torch

try:
    from omegaconf import OmegaConf
except ImportError:
    OmegaConf = None


def known_as(module, name, base):
    cls = type(name, (base,), {"__module__": module})
    parts = module.split(".")
    for i in range(len(parts)):
        sys.modules.setdefault(".".join(parts[: i + 1]), types.ModuleType(".".join(parts[: i + 1])))
    setattr(sys.modules[module], name, cls)
    return cls


torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 1), torch.nn.BatchNorm2d(2))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
net(torch.ones(1, 1, 2, 2)).sum().backward()
optimizer.step()
sd = net.state_dict()
args = argparse.Namespace(model="resnet18", lr=0.1, aa=None, mean=(0.1, 0.2), no_aug=False, data_dir=pathlib.PosixPath("/data/x"))
torch.save({"epoch": 3, "arch": "resnet18", "state_dict": sd, "optimizer": optimizer.state_dict(), "version": 2,
            "args": args, "metric": np.float64(76.5)}, "timm.pth.tar")

schedule = torch.optim.lr_scheduler.SequentialLR(optimizer, [
    torch.optim.lr_scheduler.LinearLR(optimizer, 0.1, total_iters=2),
    torch.optim.lr_scheduler.MultiStepLR(optimizer, [3, 5])], [2])
averaged = torch.optim.swa_utils.AveragedModel(net)
torch.save({"model": sd, "optimizer": optimizer.state_dict(), "lr_scheduler": schedule.state_dict(), "epoch": 1,
            "args": args, "model_ema": averaged.state_dict(), "scaler": {"scale": 65536.0}}, "torchvision.pth")

attributes = known_as("lightning.fabric.utilities.data", "AttributeDict", dict)(backbone="resnet18", lr=np.float32(0.5))
torch.save({"epoch": 1, "global_step": 7, "pytorch-lightning_version": "2.6.0", "state_dict": {"model." + k: v for k, v in sd.items()},
            "loops": {"fit_loop": {"state_dict": {}}}, "callbacks": {"ModelCheckpoint{'monitor': None}": {"best_model_path": "x"}},
            "optimizer_states": [optimizer.state_dict()], "lr_schedulers": [], "hparams_name": "kwargs",
            "hyper_parameters": attributes}, "lightning.ckpt")

everything = {"state_dict": collections.OrderedDict(sd), "np": [np.float32(1), np.int64(-2), np.bool_(True), np.uint8(3), np.arange(3)],
    "scalar_f4": np.float32(1.5), "scalar_i8": np.int64(-2), "scalar_big": np.dtype(">f8").type(2.5), "flag": np.bool_(True),
    "set": {1, 2}, "frozen": frozenset("a"), "counter": collections.Counter("aab"), "default": collections.defaultdict(list, a=[1]),
    "deque": collections.deque([1]), "when": datetime.datetime(2026, 1, 2), "id": uuid.UUID(int=5), "money": decimal.Decimal("1.5"),
    "path": pathlib.PurePosixPath("a/b"), "space": types.SimpleNamespace(a=1), "tuple_keys": {(1, 2): 3, 0.5: 4},
    "version": torch.__version__, "easy": known_as("easydict", "EasyDict", dict)(model="resnet18"), "c": 1 + 2j, "range": range(3), "big": 1 << 100}
if OmegaConf is not None:
    everything["config"] = OmegaConf.create({"model": {"name": "resnet18"}, "lr": [0.1, 0.2]})
torch.save(everything, "everything.pth")
torch.save(everything, "everything_protocol4.pth", pickle_protocol=4)
torch.save(everything, "everything_legacy.pth", _use_new_zipfile_serialization=False)
torch.save(net, "whole_model.pth")
torch.save({"state_dict": sd, "hook": print}, "builtin.pth")
