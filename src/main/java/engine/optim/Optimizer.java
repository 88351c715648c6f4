package engine.optim;

import engine.autograd.Parameter;
import engine.tensor.HostTensor;
import java.util.List;
import java.util.Map;

/**
 * Updates parameters from their gradients. Owns its state on the device; the parameters stay their
 * model's.
 *
 * <p>A step in full: forward, {@code tape.backward}, {@code clip.measure(optimizer)}, {@code
 * optimizer.step(clip)}, {@code optimizer.zeroGrad()}.
 */
public interface Optimizer extends AutoCloseable {
  /** Updates every parameter that has a gradient; the others and their state stay as they are. */
  default void step() {
    step(null);
  }

  /**
   * The same with gradients as {@code clip} last measured them: unscaled, clipped, or not at all
   * where the loss scaler found them infinite. Null for gradients as they are.
   */
  void step(GradClip clip);

  /** Drops all gradients. */
  void zeroGrad();

  /**
   * The groups as they were given; their current rates are {@link #lr} and {@link #weightDecay}.
   */
  List<ParameterGroup> groups();

  /** All parameters by name, in the order of the groups. */
  Map<String, Parameter> parameters();

  double lr(int group);

  double weightDecay(int group);

  /** From the next step on, also of a recorded one. */
  void setLr(int group, double lr);

  /** For all groups, each times its {@link ParameterGroup#lrScale}. */
  default void setLr(double lr) {
    for (int i = 0; i < groups().size(); i++) {
      setLr(i, lr * groups().get(i).lrScale());
    }
  }

  /** From the next step on, also of a recorded one. */
  void setWeightDecay(int group, double weightDecay);

  /** For all groups that decay. */
  default void setWeightDecay(double weightDecay) {
    for (int i = 0; i < groups().size(); i++) {
      if (groups().get(i).decays()) {
        setWeightDecay(i, weightDecay);
      }
    }
  }

  /**
   * All that is needed to continue bit for bit, in row-major order: for each parameter that was
   * updated {@code NAME.step} (F32, a scalar) and its state by PyTorch's names, such as {@code
   * layer1.0.conv1.weight.exp_avg}; for each group {@code group.0.lr} and {@code
   * group.0.weight_decay} (F64, scalars). Waits for the device.
   */
  Map<String, HostTensor> stateDict();

  /**
   * Takes over what {@link #stateDict} gave; what it lacks starts anew.
   *
   * @throws engine.base.UserError if it is of another model or optimiser; nothing has changed then
   */
  void loadState(Map<String, HostTensor> state);

  /** Frees the state. */
  @Override
  void close();
}
