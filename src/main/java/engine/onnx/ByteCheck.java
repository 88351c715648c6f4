package engine.onnx;

import engine.backend.Int8Graph;
import engine.backend.Int8Graph.QuantizedType;
import engine.backend.Int8Layer;
import engine.base.UserError;
import engine.console.Units;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Compares an exported int8 graph with the engine a layer at a time: each is given the engine's own
 * bytes, so that a byte that falls on the other side of an edge between two steps does not become
 * ten further on, whatever the picture. What is left is a step here and there, in a right graph; a
 * wrong one is steps away at its first wrong layer.
 */
public final class ByteCheck implements OnnxInterpreter.Hook {
  /**
   * The share of a channel's bytes that may be a step away, but for those of its commonest value: a
   * filter of zeros gives one value, and where that is on an edge all of its bytes are.
   */
  private static final double ON_EDGE = 0.25;

  /** So many may be, of however few. */
  private static final int FEW = 4;

  private final Int8Graph graph;
  private final boolean byteSums;
  private final Function<String, HostTensor> engine;
  private final Map<String, String> values = new HashMap<>();
  private final Map<String, Int8Layer> makers = new HashMap<>();
  private int seen;

  /**
   * @param byteSums whether what a residual sum adds was rounded, too
   * @param engine gives the engine's bytes of a value, the input's too
   */
  public ByteCheck(Int8Graph graph, boolean byteSums, Function<String, HostTensor> engine) {
    this.graph = graph;
    this.byteSums = byteSums;
    this.engine = engine;
    graph.grids().keySet().forEach(v -> values.put(QdqGraph.bytes(v), v));
    graph.layers().forEach(l -> makers.put(l.output(), l));
  }

  @Override
  public HostTensor see(String name, HostTensor value) {
    String v = values.get(name);
    if (v == null) {
      return value;
    }
    HostTensor want = engine.apply(v);
    compare(v, want, value);
    seen++;
    return want;
  }

  /**
   * After a run.
   *
   * @throws UserError if the graph lacks a value
   */
  public void requireAll() {
    if (seen < values.size()) {
      throw new UserError(
          "the exported graph has %d of %d quantised values, so it was not kept"
              .formatted(seen, values.size()));
    }
  }

  private void compare(String value, HostTensor want, HostTensor got) {
    if (want.dtype() != got.dtype() || !want.shape().equals(got.shape())) {
      throw wrong(
          value,
          "is off: %s %s instead of %s %s"
              .formatted(got.dtype(), got.shape(), want.dtype(), want.shape()));
    }
    byte[] a = want.toBytes();
    byte[] b = got.toBytes();
    int mask = want.dtype() == DType.U8 ? 0xff : -1;
    int allowed = allowed(value);
    for (int i = 0; i < a.length; i++) {
      int apart = Math.abs((a[i] & mask) - (b[i] & mask));
      if (apart > allowed) {
        throw wrong(value, "is %s off".formatted(Units.count(apart, "step")));
      }
    }
    if (allowed == 1 && !isMean(value) && want.shape().rank() == 4) {
      int plane = (int) (want.shape().dim(2) * want.shape().dim(3));
      for (int from = 0; from < a.length; from += plane) {
        channel(value, a, b, from, from + plane);
      }
    }
  }

  private static void channel(String value, byte[] a, byte[] b, int from, int to) {
    byte usual = mostCommon(a, from, to);
    int others = 0;
    int away = 0;
    for (int i = from; i < to; i++) {
      if (a[i] != usual) {
        others++;
        away += a[i] != b[i] ? 1 : 0;
      }
    }
    if (away > Math.max(FEW, ON_EDGE * others)) {
      throw wrong(value, "is a step off in %d of a channel's %d bytes".formatted(away, to - from));
    }
  }

  private static byte mostCommon(byte[] values, int from, int to) {
    int[] counts = new int[256];
    byte most = values[from];
    for (int i = from; i < to; i++) {
      if (++counts[values[i] & 0xff] > counts[most & 0xff]) {
        most = values[i];
      }
    }
    return most;
  }

  /** Means of few pixels lie on edges by nature. */
  private boolean isMean(String value) {
    return makers.get(value) instanceof Int8Layer.GlobalAveragePool;
  }

  /** Steps; of a sum whose term is rounded on a wider grid half of its step more. */
  private int allowed(String value) {
    if (byteSums && makers.get(value) instanceof Int8Layer.Conv c && c.residual() != null) {
      QuantizedType term = QdqGraph.term(graph, c.residual(), value);
      return 1 + (int) Math.ceil(0.5 * term.scale() / graph.grid(value).scale());
    }
    return 1;
  }

  private static UserError wrong(String value, String how) {
    return new UserError(
        "the exported graph gives other answers than the engine (%s %s), so it was not kept"
            .formatted(value, how));
  }
}
