package engine.model;

import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.graph.Graph;
import engine.graph.GraphBuilder;
import engine.nn.Module;
import engine.tensor.Shape;

/** A network that classifies images: what training, evaluation and export see of any model. */
public abstract class Network extends Module {
  /** Sees the activation after a layer of the network, by torchvision's name. */
  @FunctionalInterface
  public interface Probe {
    void see(String layer, Variable activation);

    /** Sees nothing. */
    Probe NONE = (_, _) -> {};
  }

  /** Which network this is. */
  public abstract NetworkConfig config();

  /**
   * @param x [N, C, H, W]
   * @param probe shown activations on the way
   * @return logits [N, classes], F32
   */
  public abstract Variable forward(Tape tape, Variable x, Probe probe);

  /**
   * This network written down, in evaluation mode, its norms unfolded: what exporters and the int8
   * conversion work on.
   *
   * @param input shape of a batch of images [N, C, H, W]; N stands for any
   */
  public final Graph graph(Backend backend, Shape input) {
    return GraphBuilder.trace(backend, input, this::forward, parameters(), buffers());
  }

  @Override
  public final Variable forward(Tape tape, Variable x) {
    return forward(tape, x, Probe.NONE).computed();
  }
}
