package engine.backend;

import engine.tensor.Shape;
import java.util.List;

/**
 * Asks a vendor's library whether it could run convolutions on a GPU that need not be here; found
 * through {@link java.util.ServiceLoader}.
 */
public interface PlanChecker {
  /**
   * A convolution of a network.
   *
   * @param layer its name
   * @param x images, [N, C, H, W]
   * @param w filters, [O, C/groups, kH, kW]
   */
  record Layer(String layer, Shape x, Shape w, Conv2dGeometry geometry) {}

  /**
   * The answer for one graph of one layer.
   *
   * @param graph what is computed, such as {@code conv + bias + relu}
   * @param form type and layout of its tensors, such as {@code fp16 row-major}
   * @param engines how many ways the library offered until one gave a plan
   * @param workspaceBytes of the plan
   * @param refusal the library's reason where it has no plan, else null
   */
  record Finding(
      String layer, String graph, String form, int engines, long workspaceBytes, String refusal) {}

  /** Names of the GPUs that are described here. */
  List<String> gpus();

  /**
   * The library's name and version.
   *
   * @throws engine.base.UserError if it cannot be had or is too old; the message says what to do
   */
  String library();

  /**
   * Every graph that training and inference use, for each layer.
   *
   * @param gpu one of {@link #gpus}
   */
  List<Finding> check(String gpu, List<Layer> layers);
}
