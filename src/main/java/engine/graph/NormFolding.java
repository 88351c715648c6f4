package engine.graph;

import engine.autograd.BatchNorm;
import engine.autograd.Conv2dOp;
import engine.autograd.ConvInfer;
import engine.backend.FixedNorm;
import engine.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes norms with fixed statistics out of a graph and multiplies them into the convolutions before
 * them; see {@link FixedNorm}.
 */
public final class NormFolding {
  private NormFolding() {}

  /**
   * The graph with every norm that directly follows a convolution folded; a residual sum and a ReLU
   * that the norm did are the new node's; see {@link ConvInfer}.
   */
  public static Graph fold(Graph g) {
    Map<String, HostTensor> constants = new LinkedHashMap<>(g.constants());
    List<Node> out = new ArrayList<>();
    for (Node n : g.nodes()) {
      Node conv = into(g, n);
      if (conv != null) {
        out.remove(conv);
        out.add(folded(conv, n, constants));
      } else {
        out.add(n);
      }
    }
    return new Graph(g.input(), g.inputShape(), g.output(), out, constants);
  }

  /** The convolution that {@link #fold} multiplies a node into, or null. */
  public static Node into(Graph g, Node norm) {
    if (!(norm.operation() instanceof BatchNorm.Infer)) {
      return null;
    }
    Node conv = g.producer(norm.input(0));
    boolean alone =
        conv != null
            && conv.operation() instanceof Conv2dOp
            && g.consumers(conv.output()).size() == 1;
    return alone ? conv : null;
  }

  private static Node folded(Node conv, Node n, Map<String, HostTensor> constants) {
    var norm = (BatchNorm.Infer) n.operation();
    HostTensor w = constants.get(conv.input(1));
    float[] weight = w.toFloats();
    int channels = w.shape().size(0);
    float[] gamma = orElse(constants.get(n.input(1)), channels, 1);
    float[] beta = orElse(constants.get(n.input(2)), channels, 0);
    float[] mean = constants.get(n.input(4)).toFloats();
    float[] variance = constants.get(n.input(5)).toFloats();
    float[] before = orElse(constants.get(conv.input(2)), channels, 0);
    float[] bias = new float[channels];
    int row = weight.length / channels;
    for (int c = 0; c < channels; c++) {
      FixedNorm f = FixedNorm.of(gamma[c], beta[c], mean[c], variance[c], norm.eps());
      bias[c] = f.bias(before[c]);
      f.scaleInPlace(weight, c * row, (c + 1) * row);
    }
    String folded = conv.name() + ".weight";
    String shift = conv.name() + ".bias";
    constants.put(folded, HostTensor.of(weight, w.shape().dims()));
    constants.put(shift, HostTensor.of(bias, channels));
    for (int i : new int[] {1, 2, 4, 5}) {
      constants.remove(n.input(i));
    }
    return new Node(
        conv.name(),
        new ConvInfer(((Conv2dOp) conv.operation()).geometry(), norm.relu()),
        List.of(conv.input(0), folded, shift, n.input(3)),
        n.output(),
        n.shape());
  }

  private static float[] orElse(HostTensor t, int n, float value) {
    if (t != null) {
      return t.toFloats();
    }
    float[] v = new float[n];
    Arrays.fill(v, value);
    return v;
  }
}
