"""The work of `engine bench`, done by PyTorch and ONNX Runtime; one JSON line of the same fields.

  peers.py pytorch train --batch 32 --precision fp32 --threads 2
  peers.py pytorch infer --batch 1
  peers.py export --batch 1 --onnx resnet50.onnx      (then)
  peers.py onnxruntime infer --batch 1 --onnx resnet50.onnx

Each peer works as its own documentation advises for a CPU: PyTorch with channels-last tensors, bf16
autocast where asked for and the fused AdamW; ONNX Runtime with every graph optimisation, on a model
of fixed shape. `run` adds the environment (allocator, huge pages, threads). Imports are inside the
functions because the time to the first step counts them.
"""

import argparse
import json
import statistics
import sys
import time

DROPOUT = 0.3
LABEL_SMOOTHING = 0.1
LR = 3e-4
WEIGHT_DECAY = 0.01
FEWEST_RUNS = 3
FEWEST_WARM_UPS = 2


def age_seconds():
    """Seconds since this process was started, read as `engine bench` reads it."""
    with open("/proc/self/stat") as f:
        start = int(f.read().rpartition(")")[2].split()[19]) / 100
    with open("/proc/uptime") as f:
        return float(f.read().split()[0]) - start


def peak_megabytes():
    with open("/proc/self/status") as f:
        for line in f:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    return None


def measure(step, seconds):
    """First step, warm-up and timing by the rules of engine.bench.Budget; times in ms, sorted."""
    step()
    first = age_seconds()
    start = time.perf_counter()
    done = 0
    while done < FEWEST_WARM_UPS or time.perf_counter() - start < seconds / 5:
        step()
        done += 1
    times = []
    start = time.perf_counter()
    while len(times) < FEWEST_RUNS or time.perf_counter() - start < seconds:
        t = time.perf_counter()
        step()
        times.append((time.perf_counter() - t) * 1e3)
    return first, sorted(times)


def pytorch(args):
    import torch
    from torch import nn
    from torchvision.models import resnet50

    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    model = resnet50(weights=None)
    model.fc = nn.Sequential(nn.Dropout(DROPOUT), nn.Linear(model.fc.in_features, args.classes))
    model = model.to(memory_format=torch.channels_last)
    side = args.image_size
    x = torch.rand(args.batch, 3, side, side).sub_(0.5).to(memory_format=torch.channels_last)
    half = args.precision == "amp"

    def forward():
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
            return model(x)

    if args.work == "infer":
        model.eval()

        def step():
            with torch.inference_mode():
                return forward().float().numpy()

    else:
        model.train()
        y = torch.randint(args.classes, (args.batch,))
        criterion = nn.CrossEntropyLoss(label_smoothing=LABEL_SMOOTHING)
        optimizer = torch.optim.AdamW(
            model.parameters(), lr=LR, weight_decay=WEIGHT_DECAY, fused=True
        )

        def step():
            loss = criterion(forward().float(), y)
            value = loss.item()
            loss.backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            return value

    return torch.__version__, measure(step, args.seconds)


def export(args):
    import torch
    from torchvision.models import resnet50

    torch.manual_seed(0)
    model = resnet50(weights=None, num_classes=args.classes).eval()
    x = torch.zeros(args.batch, 3, args.image_size, args.image_size)
    torch.onnx.export(
        model, (x,), args.onnx, input_names=["input"], output_names=["output"], dynamo=True
    )


def onnxruntime(args):
    import numpy as np
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = args.threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = ort.InferenceSession(args.onnx, options, providers=["CPUExecutionProvider"])
    x = np.random.default_rng(0).random((args.batch, 3, args.image_size, args.image_size))
    x = (x - 0.5).astype(np.float32)
    return ort.__version__, measure(lambda: session.run(None, {"input": x}), args.seconds)


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("peer", choices=["pytorch", "onnxruntime", "export"])
    p.add_argument("work", nargs="?", choices=["train", "infer"], default="infer")
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--precision", choices=["fp32", "amp"], default="fp32")
    p.add_argument("--image-size", type=int, default=224)
    p.add_argument("--classes", type=int, default=10)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--seconds", type=float, default=10)
    p.add_argument("--onnx", help="the model file of export and onnxruntime")
    args = p.parse_args()
    if args.peer != "pytorch" and not args.onnx:
        sys.exit("peers.py: --onnx FILE is missing")
    if args.peer == "export":
        export(args)
        return
    if args.peer == "onnxruntime" and (args.work, args.precision) != ("infer", "fp32"):
        sys.exit("peers.py: onnxruntime does infer in fp32 only")
    version, (first, times) = {"pytorch": pytorch, "onnxruntime": onnxruntime}[args.peer](args)
    median = statistics.median(times)
    print(
        json.dumps(
            {
                "work": args.work,
                "device": "cpu",
                "model": "resnet50",
                "batch": args.batch,
                "image_size": args.image_size,
                "precision": args.precision,
                "threads": args.threads,
                "median_ms": round(median, 4),
                "best_ms": round(times[0], 4),
                "p99_ms": round(times[min(len(times) - 1, int(len(times) * 0.99))], 4),
                "timed": len(times),
                "images_s": round(args.batch * 1e3 / median, 4),
                "rss_mb": round(peak_megabytes(), 1),
                "first_step_s": round(first, 2),
                "version": version,
            }
        )
    )


if __name__ == "__main__":
    main()
