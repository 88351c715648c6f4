"""The work of `engine bench`, done by PyTorch and ONNX Runtime; one JSON line of the same fields.

  peers.py pytorch train --batch 32 --precision fp32 --threads 2
  peers.py pytorch infer --batch 1
  peers.py pytorch train --batch 32 --precision qat
  peers.py export --batch 1 --onnx resnet50.onnx      (then)
  peers.py onnxruntime infer --batch 1 --onnx resnet50.onnx
  peers.py quantize --batch 1 --fp32 resnet50.onnx --onnx int8.onnx      (then)
  peers.py onnxruntime infer --batch 1 --precision int8 --onnx int8.onnx

Each peer works as its own documentation advises for a CPU: PyTorch with channels-last tensors, bf16
autocast where asked for, the fused AdamW, and for qat its FX graph mode with the default
configuration for x86; ONNX Runtime with every graph optimisation, on a model of fixed shape. `run`
adds the environment (allocator, huge pages, threads). Imports are inside the
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
    side = args.image_size
    if args.precision == "qat":
        from torch.ao.quantization import get_default_qat_qconfig_mapping
        from torch.ao.quantization.quantize_fx import prepare_qat_fx

        example = torch.zeros(2, 3, side, side)
        model = prepare_qat_fx(model.train(), get_default_qat_qconfig_mapping("x86"), (example,))
    model = model.to(memory_format=torch.channels_last)
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


def pictures(args):
    """Ten folders of noise, to give a network something to be trained on."""
    import os

    import numpy as np
    from PIL import Image

    random = np.random.default_rng(0)
    for c in range(args.classes):
        folder = os.path.join(args.folder, f"class{c}")
        os.makedirs(folder)
        for i in range(4):
            noise = random.integers(0, 200, (args.image_size, args.image_size, 3), dtype=np.uint8)
            Image.fromarray(noise + np.uint8(5 * c)).save(os.path.join(folder, f"{i}.png"))


def quantize(args):
    """ONNX Runtime's own int8 of a model, calibrated on noise, a scale a channel. Unsigned activations
    in its operator format are its fastest on x86: every layer in bytes; by default a third are not."""
    import numpy as np
    from onnxruntime.quantization import (
        CalibrationDataReader,
        QuantFormat,
        QuantType,
        quantize_static,
    )
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Noise(CalibrationDataReader):
        def __init__(self):
            random = np.random.default_rng(0)
            shape = (args.batch, 3, args.image_size, args.image_size)
            self.left = [{"input": random.random(shape, np.float32) - 0.5} for _ in range(2)]

        def get_next(self):
            return self.left.pop() if self.left else None

    prepared = args.onnx + ".prepared"
    quant_pre_process(args.fp32, prepared)
    quantize_static(
        prepared,
        args.onnx,
        Noise(),
        per_channel=True,
        quant_format=QuantFormat.QOperator,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
    )


def onnxruntime(args):
    import numpy as np
    import onnxruntime as ort

    options = ort.SessionOptions()
    # The engine's own export takes any batch; PyTorch's has a fixed one.
    options.add_free_dimension_override_by_name("batch", args.batch)
    options.intra_op_num_threads = args.threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = ort.InferenceSession(args.onnx, options, providers=["CPUExecutionProvider"])
    x = np.random.default_rng(0).random((args.batch, 3, args.image_size, args.image_size))
    x = (x - 0.5).astype(np.float32)
    return ort.__version__, measure(lambda: session.run(None, {"input": x}), args.seconds)


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("peer", choices=["pytorch", "onnxruntime", "export", "quantize", "pictures"])
    p.add_argument("work", nargs="?", choices=["train", "infer"], default="infer")
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--precision", choices=["fp32", "amp", "int8", "qat"], default="fp32")
    p.add_argument("--image-size", type=int, default=224)
    p.add_argument("--classes", type=int, default=10)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--seconds", type=float, default=10)
    p.add_argument("--onnx", help="the model file of export, quantize and onnxruntime")
    p.add_argument("--fp32", help="the model that quantize reads")
    p.add_argument("--folder", help="where pictures go")
    args = p.parse_args()
    if args.peer not in ("pytorch", "pictures") and not args.onnx:
        sys.exit("peers.py: --onnx FILE is missing")
    preparations = {"export": export, "quantize": quantize, "pictures": pictures}
    if args.peer in preparations:
        preparations[args.peer](args)
        return
    if args.peer == "onnxruntime" and (args.work, args.precision) not in (
        ("infer", "fp32"),
        ("infer", "int8"),
    ):
        sys.exit("peers.py: onnxruntime does infer in fp32 and int8 only")
    if args.precision == "int8" and args.peer == "pytorch":
        sys.exit("peers.py: pytorch does fp32, amp and qat only")
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
