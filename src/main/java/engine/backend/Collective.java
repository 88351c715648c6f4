package engine.backend;

import engine.tensor.Tensor;

/**
 * What the devices that train one model do together. There is one device so far; a library such as
 * NCCL belongs behind this.
 */
public interface Collective {
  /** One device, which is its own average. */
  Collective ALONE =
      new Collective() {
        @Override
        public int devices() {
          return 1;
        }

        @Override
        public void averageInPlace(Tensor flat) {}
      };

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
