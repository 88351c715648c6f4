package engine.backend.cuda.libraries;

/**
 * Which NVIDIA driver is enough: the one place that knows. The kernels' PTX is older than every
 * driver named here, so what decides is the CUDA that cuDNN and cuBLASLt were made for ("CUDA
 * Compatibility", table "Minimum Required Driver Versions").
 */
public final class DriverVersions {
  /** The first driver that the engine works with, as people know it. */
  public static final String OLDEST = "525";

  /** The CUDA of that driver, as {@code cuDriverGetVersion} gives it. */
  public static final int OLDEST_CUDA = 12000;

  private DriverVersions() {}

  /**
   * The first driver that runs libraries of a CUDA.
   *
   * @param cuda major version
   */
  public static String forCuda(int cuda) {
    return cuda <= 12 ? OLDEST : cuda == 13 ? "580" : "of CUDA " + cuda;
  }

  /** 12090 is 12.9. */
  public static String dotted(int cuda) {
    return cuda / 1000 + "." + cuda % 1000 / 10;
  }
}
