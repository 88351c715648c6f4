package engine.backend;

import engine.tensor.Tensor;

/**
 * What the devices that train one model do together. No device has it yet, each trains alone; a
 * library such as NCCL belongs behind this.
 */
public interface Collective {
  /** How many devices there are. */
  int devices();

  /**
   * Replaces a tensor by its mean over all devices, in order with the device's other work and
   * without the host waiting; it may be part of a recorded plan.
   *
   * @param flat F32 of one axis, of the same length on every device
   */
  void averageInPlace(Tensor flat);
}
