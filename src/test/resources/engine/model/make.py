"""Lists a torchvision network's state dict, one entry a line: name, shape, type.

    python3 make.py resnet50 > resnet50.txt        (torchvision 0.29)
    python3 make.py convnext_tiny > convnext_tiny.txt          (mobilenet_v2, _v3_small, _v3_large, too)
    python3 make.py resnet101 | sha256sum          (the others stand in the test as hashes)
"""
import sys
import torchvision

for name, t in getattr(torchvision.models, sys.argv[1])().state_dict().items():
    print(name, list(t.shape), str(t.dtype).replace("torch.float32", "F32").replace("torch.int64", "I64"))
