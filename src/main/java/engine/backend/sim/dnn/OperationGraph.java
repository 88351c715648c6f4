package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

import engine.backend.sim.math.ElementType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A finalised operation graph.
 *
 * @param operations in an order in which each finds its inputs computed
 * @param tensors by their ids
 * @param written ids of the tensors that operations write
 * @param source what it was made of
 */
record OperationGraph(
    List<Operation> operations,
    Map<Long, DnnTensor> tensors,
    Set<Long> written,
    Descriptor source) {

  /**
   * Checks a graph. Stricter than cuDNN 9.24, which takes virtual tensors that nobody writes or
   * reads, and one id for different tensors.
   */
  static OperationGraph of(Descriptor d) {
    List<Operation> operations =
        d.parts(Attribute.GRAPH_OPS).stream().map(o -> o.as(Operation.class)).toList();
    Map<Long, DnnTensor> tensors = new LinkedHashMap<>();
    Set<Long> written = new HashSet<>();
    Set<Long> read = new HashSet<>();
    for (Operation o : operations) {
      Stream.concat(o.inputs().stream(), o.outputs().stream()).forEach(t -> note(tensors, t));
      o.inputs().forEach(t -> read.add(t.uid()));
      for (DnnTensor t : o.outputs()) {
        if (!written.add(t.uid())) {
          throw bad("two operations write %s", t);
        }
      }
    }
    for (DnnTensor t : tensors.values()) {
      if (t.virtual() && !(written.contains(t.uid()) && read.contains(t.uid()))) {
        throw bad("virtual %s is not both written and read in the graph", t);
      }
    }
    return new OperationGraph(ordered(operations, written), tensors, written, d);
  }

  private static void note(Map<Long, DnnTensor> tensors, DnnTensor t) {
    DnnTensor before = tensors.putIfAbsent(t.uid(), t);
    if (before != null && !before.sameAs(t)) {
      throw bad("id %d stands for two different tensors, %s and %s", t.uid(), before, t);
    }
  }

  private static List<Operation> ordered(List<Operation> operations, Set<Long> written) {
    List<Operation> left = new ArrayList<>(operations);
    List<Operation> ordered = new ArrayList<>();
    Set<Long> there = new HashSet<>();
    while (!left.isEmpty()) {
      Operation next =
          left.stream()
              .filter(o -> isReady(o, written, there))
              .findFirst()
              .orElseThrow(() -> bad("the operations of the graph wait for each other"));
      left.remove(next);
      ordered.add(next);
      next.outputs().forEach(t -> there.add(t.uid()));
    }
    return List.copyOf(ordered);
  }

  private static boolean isReady(Operation o, Set<Long> written, Set<Long> there) {
    return o.inputs().stream()
        .allMatch(
            t ->
                there.contains(t.uid())
                    || !written.contains(t.uid())
                    || (o instanceof Convolution c && c.beta() != 0 && o.outputs().contains(t)));
  }

  /**
   * Whether an engine exists for it.
   *
   * @throws DnnError {@code NOT_SUPPORTED...} with the reason
   */
  void checkSupport(DeviceProperties device) {
    operations.forEach(Operation::checkSupport);
    NormSupport.check(this, device);
    long heavy = operations.stream().filter(OperationGraph::isHeavy).count();
    if (heavy > 1) {
      throw new DnnError(
          Status.NOT_SUPPORTED_GRAPH_PATTERN,
          "%d convolutions, products and norms in one graph: engines fuse one with what is around it"
              .formatted(heavy));
    }
    if (!isConnected()) {
      throw new DnnError(
          Status.NOT_SUPPORTED_GRAPH_PATTERN,
          "the operations of the graph have no tensor in common");
    }
    if (operations.size() > 1) {
      operations.stream()
          .filter(Convolution.class::isInstance)
          .forEach(o -> ConvolutionSupport.checkFused((Convolution) o, tensors.values()));
    }
  }

  boolean convolves() {
    return operations.stream().anyMatch(o -> o instanceof Convolution c && !c.isWhole());
  }

  boolean convolvesFloats() {
    return operations.stream()
        .anyMatch(o -> o instanceof Convolution c && c.x().type() == ElementType.F32);
  }

  boolean hasGradientOfConvolution() {
    return operations.stream()
        .anyMatch(
            o -> o instanceof Convolution c && c.direction() != Convolution.Direction.FORWARD);
  }

  private static boolean isHeavy(Operation o) {
    return o instanceof Convolution
        || o instanceof MatrixProduct
        || o instanceof NormForward
        || o instanceof NormBackward;
  }

  private boolean isConnected() {
    Set<Long> reached = new HashSet<>();
    List<Operation> left = new ArrayList<>(operations);
    uids(left.removeFirst()).forEach(reached::add);
    boolean more = true;
    while (more) {
      List<Operation> touched =
          left.stream().filter(o -> uids(o).anyMatch(reached::contains)).toList();
      touched.forEach(o -> uids(o).forEach(reached::add));
      more = left.removeAll(touched);
    }
    return left.isEmpty();
  }

  private static Stream<Long> uids(Operation o) {
    return Stream.concat(o.inputs().stream(), o.outputs().stream()).map(DnnTensor::uid);
  }

  /** Bytes of its largest result. */
  long largestResult() {
    return written.stream()
        .map(tensors::get)
        .mapToLong(t -> (long) t.elements() * t.type().bytes())
        .max()
        .orElse(0);
  }

  /** The operations by name, in order. */
  String describe() {
    return String.join(", ", operations.stream().map(Operation::name).toList());
  }
}
