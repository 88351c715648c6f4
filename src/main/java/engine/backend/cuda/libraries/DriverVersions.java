package engine.backend.cuda.libraries;

import java.io.IOException;
import java.nio.file.Path;

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

  private static final int HOPPER = 90;
  private static final int HOPPERS_CUDA = 12010;

  private DriverVersions() {}

  /**
   * Why the compiler of a driver cannot compile the kernels for a GPU, in one sentence; null if it
   * can. NVIDIA's assemblers before CUDA 12.1 end with a fault at some of them for Hopper.
   *
   * @param cuda as {@code cuDriverGetVersion} gives it
   */
  public static String tooOldFor(int architecture, int cuda) {
    return architecture == HOPPER && cuda < HOPPERS_CUDA
        ? "a Hopper GPU needs the compiler of driver 530 (CUDA 12.1) or later, and the driver here is for CUDA "
            + dotted(cuda)
            + ": update it"
        : null;
  }

  /**
   * The first driver that runs libraries of a CUDA.
   *
   * @param cuda major version
   */
  public static String forCuda(int cuda) {
    return cuda <= 12 ? OLDEST : cuda == 13 ? "580" : "of CUDA " + cuda;
  }

  /**
   * What cannot run on the driver that is here, in one sentence that says what to do; null if all
   * is well.
   *
   * @param cudnn the library's file
   * @param cuda the major version of the CUDA it was made for; 0 if that is not known
   * @param driver the driver's file
   * @param driverCuda as {@code cuDriverGetVersion} gives it
   */
  public static String tooOldFor(Path cudnn, int cuda, Path driver, int driverCuda) {
    if (cuda * 1000 <= driverCuda) {
      return null;
    }
    return "cuDNN %s is made for CUDA %d, which wants driver %s or later, and %s is for CUDA %s: update the driver, or pip install nvidia-cudnn-cu%d"
        .formatted(
            cudnn, cuda, forCuda(cuda), named(driver), dotted(driverCuda), driverCuda / 1000);
  }

  /** {@code driver 575.57.08}, as the file's name tells it, or {@code the driver here}. */
  public static String named(Path driver) {
    try {
      String name = driver.toRealPath().getFileName().toString();
      String number = name.substring(name.indexOf(".so.") + ".so.".length());
      return number.matches("\\d+\\.\\d[\\d.]*") ? "driver " + number : "the driver here";
    } catch (IOException e) {
      return "the driver here";
    }
  }

  /** 12090 is 12.9. */
  public static String dotted(int cuda) {
    return cuda / 1000 + "." + cuda % 1000 / 10;
  }
}
