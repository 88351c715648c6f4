package engine.verify;

import engine.backend.Backend;
import java.io.IOException;

/**
 * Group {@code model}: whole networks with given weights. ResNets, EfficientNets and ConvNeXts
 * layer by layer, their gradients and a few steps of AdamW; CBAM; a small net over a short
 * training.
 */
public final class ModelCases implements CaseRunner {
  private final Backend backend;

  /**
   * @param backend the device to run on; the caller's
   */
  public ModelCases(Backend backend) {
    this.backend = backend;
  }

  @Override
  public boolean knows(ReferenceCase c) {
    return switch (c.op()) {
      case "cbam" -> CbamCases.knows(c);
      case "training_curve" -> CurveCases.knows(c);
      default -> ReferenceNetwork.knows(c);
    };
  }

  @Override
  public void run(ReferenceCase c, Checks checks) throws IOException {
    long before = backend.memory().liveTensors();
    switch (c.op()) {
      case "cbam" -> CbamCases.run(backend, c, checks);
      case "training_curve" -> CurveCases.run(backend, c, checks);
      default -> NetworkCases.run(backend, c, checks);
    }
    checks.that("every tensor was closed", backend.memory().liveTensors() == before);
  }
}
