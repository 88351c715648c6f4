package engine.backend.cpu.int8;

import engine.backend.Int8Graph;
import engine.backend.Int8Layer;
import engine.backend.cpu.runtime.BufferOffsets;
import engine.tensor.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Shape and place of every value of a quantised network for one shape of input. */
final class CpuInt8Buffers {
  private final Map<String, Shape> shapes;
  private final Map<String, Integer> lastUse = new HashMap<>();
  private final Map<String, String> placedAt = new HashMap<>();
  private final Map<String, Long> offsets = new HashMap<>();
  private final long bytes;

  CpuInt8Buffers(Int8Graph graph, Shape input) {
    shapes = graph.shapes(input);
    List<Int8Layer> layers = graph.layers();
    for (int i = 0; i < layers.size(); i++) {
      for (String read : layers.get(i).reads()) {
        lastUse.put(read, i);
      }
    }
    lastUse.put(graph.output(), layers.size());
    shareResiduals(layers);
    bytes = place(graph);
  }

  /** A residual that nobody reads later is added to where it lies. */
  private void shareResiduals(List<Int8Layer> layers) {
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i) instanceof Int8Layer.Conv c
          && c.residual() != null
          && lastUse.get(c.residual()) == i
          && !c.residual().equals(c.input())) {
        placedAt.put(c.output(), home(c.residual()));
      }
    }
  }

  /** The value whose memory this one shares, or itself. */
  private String home(String value) {
    return placedAt.getOrDefault(value, value);
  }

  private long place(Int8Graph graph) {
    Map<String, Integer> end = new HashMap<>();
    shapes.keySet().forEach(v -> end.merge(home(v), lastUse.getOrDefault(v, 0), Math::max));
    BufferOffsets pack = new BufferOffsets();
    offsets.put(
        graph.input(),
        pack.place(shapes.get(graph.input()).elements(), -1, end.get(graph.input())));
    for (int i = 0; i < graph.layers().size(); i++) {
      String v = graph.layers().get(i).output();
      // Real values of layers in real numbers are tensors of their own.
      boolean here = graph.grid(v) != null || !(graph.layers().get(i) instanceof Int8Layer.Real);
      if (here && home(v).equals(v)) {
        long size = shapes.get(v).elements() * (graph.grid(v) == null ? 4 : 1);
        offsets.put(v, pack.place(size, i, Math.max(i, end.get(v))));
      }
    }
    return pack.size();
  }

  Shape shape(String value) {
    return shapes.get(value);
  }

  long offset(String value) {
    return offsets.get(home(value));
  }

  /** Of all values together. */
  long bytes() {
    return bytes;
  }
}
