package engine.backend;

/** Makes quantised networks runnable. */
public interface Int8Networks {
  /**
   * @throws UnsupportedOnDeviceException for a layer that the device has no integer kernel for
   */
  Int8Network compile(Int8Graph graph);
}
