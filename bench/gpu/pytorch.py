"""PyTorch's side of bench/gpu/run: the work of `engine bench` on a GPU, one JSON line of its fields.

  pytorch.py train --batch 256 --precision amp
  pytorch.py infer --batch 1 --precision fp32 --device cpu

As PyTorch's documentation advises for speed: channels-last tensors, cuDNN's own search for the
fastest convolution, TF32 in tf32 and amp, fp16 autocast with a gradient scaler, the fused AdamW,
and a CUDA graph for the answer of a network; --graph trains with one, too, for its forward and
backward (torch.cuda.make_graphed_callables: the scaler's step cannot be captured).
"""

import argparse
import json
import statistics
import time

import torch
from torch import nn
from torchvision.models.resnet import Bottleneck, ResNet

DROPOUT = 0.3
LABEL_SMOOTHING = 0.1
FEWEST_RUNS = 3
FEWEST_WARM_UPS = 2


class ThinResNet(ResNet):
    """ResNet-50 with a factor on the channels of every layer."""

    def __init__(self, width, classes):
        self.width = width
        super().__init__(Bottleneck, [3, 4, 6, 3], num_classes=classes)
        self.fc = nn.Sequential(nn.Dropout(DROPOUT), nn.Linear(int(512 * width) * 4, classes))

    def _make_layer(self, block, planes, *args, **kwargs):
        if planes == 64:
            self.inplanes = int(64 * self.width)
            self.conv1 = nn.Conv2d(3, self.inplanes, 7, stride=2, padding=3, bias=False)
            self.bn1 = nn.BatchNorm2d(self.inplanes)
        return super()._make_layer(block, int(planes * self.width), *args, **kwargs)


def steps(args):
    """The function to time, and one that waits for the device."""
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = args.precision != "fp32"
    torch.backends.cudnn.allow_tf32 = args.precision != "fp32"
    torch.manual_seed(0)
    cuda = args.device == "cuda"
    model = ThinResNet(args.width, args.classes).to(args.device, memory_format=torch.channels_last)
    x = torch.rand(args.batch, 3, args.image_size, args.image_size, device=args.device)
    x = x.sub_(0.5).to(memory_format=torch.channels_last)
    half = args.precision == "amp"
    kind = torch.float16 if cuda else torch.bfloat16
    wait = torch.cuda.synchronize if cuda else lambda: None

    def forward():
        with torch.autocast(args.device, dtype=kind, enabled=half):
            return model(x)

    if args.work == "infer":
        model.eval()

        def infer():
            with torch.inference_mode():
                return forward()

        if cuda:
            for _ in range(3):
                infer()
            wait()
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                infer()
            return graph.replay, wait
        return infer, wait

    model.train()
    if args.graph and cuda:
        with torch.autocast(args.device, dtype=kind, enabled=half, cache_enabled=False):
            model = torch.cuda.make_graphed_callables(model, (x,))
    y = torch.randint(args.classes, (args.batch,), device=args.device)
    criterion = nn.CrossEntropyLoss(label_smoothing=LABEL_SMOOTHING)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4, weight_decay=0.01, fused=True)
    scaler = torch.amp.GradScaler(args.device, enabled=half and cuda)

    def train():
        loss = criterion(forward().float(), y)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad(set_to_none=True)

    return train, wait


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", choices=["train", "infer"])
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--precision", choices=["fp32", "tf32", "amp"], default="fp32")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--image-size", type=int, default=224)
    parser.add_argument("--width", type=float, default=1)
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--graph", action="store_true")
    args = parser.parse_args()
    step, wait = steps(args)
    start = time.perf_counter()
    done = 0
    while done < FEWEST_WARM_UPS or time.perf_counter() - start < args.seconds / 5:
        step()
        wait()
        done += 1
    times = []
    start = time.perf_counter()
    while len(times) < FEWEST_RUNS or time.perf_counter() - start < args.seconds:
        t = time.perf_counter()
        step()
        wait()
        times.append((time.perf_counter() - t) * 1e3)
    median = statistics.median(times)
    print(
        json.dumps(
            {
                "work": args.work,
                "device": args.device,
                "batch": args.batch,
                "precision": args.precision,
                "median_ms": round(median, 4),
                "best_ms": round(min(times), 4),
                "timed": len(times),
                "images_s": round(args.batch / median * 1e3, 2),
                "version": torch.__version__,
            }
        )
    )


if __name__ == "__main__":
    main()
