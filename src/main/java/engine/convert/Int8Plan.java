package engine.convert;

import engine.backend.Elementwise.Binary;
import engine.backend.Int8Graph;
import engine.backend.Int8Layer;
import engine.backend.RealOp;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which layers of a quantised network compute in bytes and which in real numbers, and what part of
 * the work and of the size those are.
 *
 * @param bytes layers of bytes
 * @param passes from bytes to bytes, by a table, as a product or as a sum
 * @param real names of layers with weights in real numbers, in order
 * @param others layers in real numbers without weights
 * @param products share of an image's products that are in real numbers
 * @param size share of the weights' bytes
 */
record Int8Plan(
    int bytes, int passes, List<String> real, int others, double products, double size) {
  private static final int FIRST = 2;

  /**
   * The plan of a network.
   *
   * @param images shape of those that it is for
   */
  static Int8Plan of(Int8Graph graph, Shape images) {
    Map<String, Shape> shapes = graph.shapes(images);
    int bytes = 0;
    int passes = 0;
    int others = 0;
    List<String> real = new ArrayList<>();
    double[] products = new double[2];
    double[] size = new double[2];
    for (Int8Layer l : graph.layers()) {
      switch (l) {
        case Int8Layer.Real r -> {
          size[1] += r.constants().values().stream().mapToLong(c -> c.data().byteSize()).sum();
          products[1] += r.op().products(Int8Graph.operands(r, shapes));
          if (!r.constants().isEmpty()) {
            real.add(r.name());
          } else if (isPass(r, graph)) {
            passes++;
          } else {
            others++;
          }
        }
        case Int8Layer.Conv c -> {
          Shape y = shapes.get(c.output());
          products[0] += y.elements() / y.dim(0) * products(c.weight());
          size[0] += c.weight().data().byteSize();
          bytes++;
        }
        case Int8Layer.Linear d -> {
          products[0] += d.weight().shape().elements();
          size[0] += d.weight().data().byteSize();
          bytes++;
        }
        case Int8Layer.MaxPool _, Int8Layer.GlobalAveragePool _ -> bytes++;
      }
    }
    return new Int8Plan(bytes, passes, real, others, share(products), share(size));
  }

  private static long products(HostTensor w) {
    return w.shape().elements() / w.shape().dim(0);
  }

  private static double share(double[] parts) {
    return parts[1] == 0 ? 0 : parts[1] / (parts[0] + parts[1]);
  }

  private static boolean isPass(Int8Layer.Real r, Int8Graph graph) {
    boolean bytes = graph.grid(r.input()) != null && graph.grid(r.output()) != null;
    return bytes
        && switch (r.op()) {
          case RealOp.Activate _ -> true;
          case RealOp.Combine c ->
              c.function() == Binary.MUL || graph.grid(r.inputs().getLast()) != null;
          default -> false;
        };
  }

  /** For people. */
  List<String> lines() {
    List<String> out = new ArrayList<>();
    out.add(
        "int8: %d layers compute in bytes%s"
            .formatted(
                bytes,
                passes == 0 ? "" : ", %d more are one pass from bytes to bytes".formatted(passes)));
    if (!real.isEmpty() || others > 0) {
      out.add(
          "in fp32 stay %s, and %d ops without weights: %.1f %% of the products, %.1f %% of the weights' bytes"
              .formatted(names(), others, 100 * products, 100 * size));
    }
    return out;
  }

  private String names() {
    if (real.size() <= FIRST + 1) {
      return real.isEmpty() ? "no layers with weights" : String.join(", ", real);
    }
    return "%d layers with weights (%s, … %s)"
        .formatted(real.size(), String.join(", ", real.subList(0, FIRST)), real.getLast());
  }
}
