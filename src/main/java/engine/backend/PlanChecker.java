package engine.backend;

import engine.tensor.Shape;
import java.util.List;

/**
 * Asks a vendor's library whether it could run convolutions on a GPU that need not be here; found
 * through {@link java.util.ServiceLoader}.
 */
public interface PlanChecker {
  /**
   * A convolution of a network, with a batch norm after it.
   *
   * @param layer its name
   * @param x images, [N, C, H, W]
   * @param w filters, [O, C/groups, kH, kW]
   * @param onImages whether it reads the network's input, which has no gradient
   * @param residual whether the norm after it adds another branch
   * @param relu whether a ReLU follows
   */
  record Layer(
      String layer,
      Shape x,
      Shape w,
      Conv2dGeometry geometry,
      boolean onImages,
      boolean residual,
      boolean relu) {}

  /**
   * The answer for one graph. A graph that several layers have is asked for once.
   *
   * @param layer name of the first layer that has it
   * @param graph what is computed, such as {@code conv + bias + relu}; the best form of it
   * @param planned the form of it that has a plan; null where none has
   * @param form type of its images and filters, such as {@code fp16}
   * @param engines how many ways the library offered until one gave a plan
   * @param workspaceBytes of the plan
   * @param refusal the library's reason where it has no plan, else null
   * @param instead what does the work where there is no plan; null where nothing could
   */
  record Finding(
      String layer,
      String graph,
      String planned,
      String form,
      int engines,
      long workspaceBytes,
      String refusal,
      String instead) {}

  /** Names of the GPUs that are described here. */
  List<String> gpus();

  /**
   * The library's name and version.
   *
   * @throws engine.base.UserError if it cannot be had or is too old; the message says what to do
   */
  String library();

  /**
   * Every graph that training and inference may use, for each layer.
   *
   * @param gpu one of {@link #gpus}
   * @param threads that plan at the same time
   */
  List<Finding> check(String gpu, List<Layer> layers, int threads);
}
