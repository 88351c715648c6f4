package engine.train;

import engine.backend.Backend;
import engine.model.Network;
import engine.run.NotFiniteException;
import engine.tensor.DType;
import engine.tensor.Tensor;
import engine.weights.FiniteCheck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a network in training still holds numbers, before it is evaluated or saved. Losses and
 * gradients can be finite to the end while a running variance, which training does not read, has
 * overflowed; and the last step of an epoch is followed by no loss.
 */
record DivergenceCheck(Backend backend, Network network) {

  /**
   * Waits for the device.
   *
   * @param when such as {@code in epoch 3}
   * @param advice what to do about it, after a colon
   * @throws NotFiniteException that names the layer
   */
  void require(String when, String advice) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    network.parameters().forEach((name, p) -> all.put(name, p.value()));
    network.buffers().forEach((name, t) -> all.put(name, t));
    all.values().removeIf(t -> t.dtype() != DType.F32);
    try (Tensor norm = backend.optimizers().norm(List.copyOf(all.values()))) {
      if (backend.memory().download(norm).get(1) == 0) {
        return;
      }
    }
    all.forEach(
        (name, t) -> {
          String wrong = FiniteCheck.whatIsWrong(name, backend.memory().download(t));
          if (wrong != null) {
            throw new NotFiniteException(
                "the network diverged %s, %s %s: %s".formatted(when, name, wrong, advice));
          }
        });
  }
}
