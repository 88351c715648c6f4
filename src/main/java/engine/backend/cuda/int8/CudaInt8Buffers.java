package engine.backend.cuda.int8;

import engine.backend.Int8Graph;
import engine.backend.Int8Layer;
import engine.backend.cuda.dnn.FramedImages;
import engine.backend.cuda.driver.Gpu;
import engine.backend.cuda.memory.CudaMemory;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Device memory of every value of a plan. Values that do not live together share it; a frame is
 * written once, when its memory is taken, so only values of the same frame and zero point share
 * that.
 */
final class CudaInt8Buffers implements AutoCloseable {
  /** Memory that may take each other's place. */
  private record Kind(long bytes, FramedImages frame, int zeroPoint) {}

  private final Gpu gpu;
  private final CudaMemory memory;
  private final Map<String, Tensor> places = new HashMap<>();
  private final Map<Tensor, Kind> kinds = new HashMap<>();
  private final Map<Kind, Deque<Tensor>> free = new HashMap<>();

  CudaInt8Buffers(Gpu gpu, CudaMemory memory, Int8Graph graph, Int8Frames frames) {
    this.gpu = gpu;
    this.memory = memory;
    List<Int8Layer> layers = graph.layers();
    Map<String, Integer> lastUse = lastUses(graph);
    place(graph.input(), frames);
    // A plan runs once when it is recorded, before there are images.
    fill(places.get(graph.input()), frames.grid(graph.input()).zeroPoint());
    for (int i = 0; i < layers.size(); i++) {
      Int8Layer l = layers.get(i);
      if (frames.frame(l.output()) != null || !(l instanceof Int8Layer.Real)) {
        place(l.output(), frames);
      }
      for (String read : l.reads()) {
        // A residual may be the input, too: it is given back once.
        Tensor t = places.get(read);
        if (t != null && lastUse.remove(read, i)) {
          free.computeIfAbsent(kinds.get(t), _ -> new ArrayDeque<>()).push(t);
        }
      }
    }
  }

  private static Map<String, Integer> lastUses(Int8Graph graph) {
    Map<String, Integer> last = new HashMap<>();
    for (int i = 0; i < graph.layers().size(); i++) {
      for (String read : graph.layers().get(i).reads()) {
        last.put(read, i);
      }
    }
    last.remove(graph.output());
    // Written before the plan runs, so nothing in it may take its place.
    last.remove(graph.input());
    return last;
  }

  private void place(String value, Int8Frames frames) {
    FramedImages frame = frames.frame(value);
    if (frame == null) {
      Tensor logits = memory.empty(DType.F32, frames.shape(value));
      kinds.put(logits, new Kind(0, null, 0));
      places.put(value, logits);
      return;
    }
    boolean framed = frame.isFramed();
    int zero = frames.grid(value).zeroPoint();
    Kind kind = new Kind(frame.bytes(), framed ? frame : null, framed ? zero : 0);
    Deque<Tensor> fit = free.get(kind);
    places.put(value, fit == null || fit.isEmpty() ? fresh(kind) : fit.pop());
  }

  private Tensor fresh(Kind kind) {
    Tensor t = memory.empty(DType.I8, Shape.of(kind.bytes));
    kinds.put(t, kind);
    if (kind.frame != null) {
      fill(t, kind.zeroPoint);
    }
    return t;
  }

  private void fill(Tensor t, int value) {
    long n = t.shape().elements();
    gpu.errors.check(
        gpu.driver.cuMemsetD8Async(t.address(), (byte) value, n, gpu.stream),
        "cuMemsetD8Async",
        n + " bytes");
  }

  Tensor of(String value) {
    return places.get(value);
  }

  @Override
  public void close() {
    kinds.keySet().forEach(Tensor::close);
    kinds.clear();
    places.clear();
  }
}
