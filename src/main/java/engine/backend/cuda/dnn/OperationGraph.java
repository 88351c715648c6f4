package engine.backend.cuda.dnn;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What cuDNN shall compute in one plan. Equal graphs have equal plans on one device.
 *
 * @param name for people, such as {@code conv + bias + relu}
 * @param operations in the order of their data
 */
public record OperationGraph(String name, List<GraphOperation> operations) {
  /** The tensors that have device memory of their own. */
  public Set<GraphTensor> stored() {
    return operations.stream()
        .flatMap(OperationGraph::tensors)
        .filter(t -> !t.isVirtual())
        .collect(Collectors.toSet());
  }

  /** The numbers that lie in host memory. */
  public Set<GraphTensor> numbers() {
    return operations.stream()
        .flatMap(
            o ->
                o instanceof GraphOperation.NormForward n
                    ? Stream.of(n.epsilon(), n.momentum())
                    : Stream.empty())
        .collect(Collectors.toSet());
  }

  private static Stream<GraphTensor> tensors(GraphOperation operation) {
    return switch (operation) {
      case GraphOperation.Convolution c -> Stream.of(c.x(), c.w(), c.y());
      case GraphOperation.Pointwise p ->
          p.b() == null ? Stream.of(p.x(), p.y()) : Stream.of(p.x(), p.b(), p.y());
      case GraphOperation.Statistics s -> Stream.of(s.x(), s.sum(), s.squares());
      case GraphOperation.NormForward n ->
          Stream.of(
                  Stream.of(n.x(), n.y()),
                  n.affine().both(),
                  n.batch().both(),
                  n.running().stream())
              .flatMap(all -> all);
      case GraphOperation.NormBackward n ->
          Stream.of(
                  Stream.of(n.x(), n.dy(), n.dx(), n.scale()),
                  n.batch().both(),
                  n.gradients().both())
              .flatMap(all -> all);
    };
  }
}
