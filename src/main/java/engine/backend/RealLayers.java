package engine.backend;

import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The layers of a quantised network that are computed in real numbers, by the ops of a device. Real
 * values live here from the layer that gives them to the last that reads them.
 */
public final class RealLayers implements AutoCloseable {
  /** How a device makes its values real, and real ones its own. */
  public interface Edge {
    /** A value that a layer of bytes has given, in real numbers: F32, the caller's. */
    Tensor real(String value);

    /** Rounds to the grid of a value and stores it where layers of bytes read it. */
    void round(Tensor x, String value);
  }

  private final Backend backend;
  private final Int8Graph graph;
  private final Edge edge;
  private final Map<String, Tensor> live = new HashMap<>();
  private final Map<String, Tensor> constants = new HashMap<>();
  private final Map<String, Int8Layer.Real> lastReader = new HashMap<>();

  public RealLayers(Backend backend, Int8Graph graph, Edge edge) {
    this.backend = backend;
    this.graph = graph;
    this.edge = edge;
    for (Int8Layer l : graph.layers()) {
      if (l instanceof Int8Layer.Real r) {
        r.reads().forEach(v -> lastReader.put(v, r));
        for (Map.Entry<String, HostTensor> e : r.constants().entrySet()) {
          constants.computeIfAbsent(e.getKey(), _ -> backend.memory().upload(e.getValue()));
        }
      }
    }
  }

  /** Computes a layer. */
  public void run(Int8Layer.Real l) {
    List<Tensor> in = new ArrayList<>();
    for (String i : l.inputs()) {
      in.add(constants.containsKey(i) ? constants.get(i) : value(i));
    }
    Tensor y = l.op().run(backend, in);
    if (graph.grid(l.output()) == null) {
      Tensor before = live.put(l.output(), y);
      if (before != null) {
        before.close();
      }
    } else {
      try (y) {
        edge.round(y, l.output());
      }
    }
    read(l);
  }

  /** A value in real numbers, computed already; it stays this one's. */
  public Tensor value(String name) {
    return live.computeIfAbsent(name, edge::real);
  }

  /** Forgets what no later layer reads. */
  public void read(Int8Layer.Real l) {
    for (String v : l.reads()) {
      if (lastReader.get(v) == l) {
        Tensor t = live.remove(v);
        if (t != null) {
          t.close();
        }
      }
    }
  }

  @Override
  public void close() {
    live.values().forEach(Tensor::close);
    constants.values().forEach(Tensor::close);
    live.clear();
    constants.clear();
  }
}
