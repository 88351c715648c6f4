package engine.backend.cuda.driver;

import engine.backend.VendorLibrary;
import engine.backend.cuda.libraries.LibraryFinder;
import engine.backend.cuda.libraries.VendorLibraries;
import engine.base.Setting;
import engine.base.UserError;
import engine.ffi.CudaDriver;
import engine.ffi.UncheckedNativeException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether a GPU multiplies halves on tensor cores. */
public final class TensorCores {
  /** Turing without them: GeForce GTX 16, and what NVIDIA made of the same chips. */
  private static final Pattern WITHOUT = Pattern.compile("GTX 16\\d0|T(400|500|550|600|1000)\\b");

  private static final int FIRST = 70;
  private static final int TURING = 75;

  private TensorCores() {}

  /** What to know about the first GPU of this machine that has none; empty if all is well. */
  public static Optional<VendorLibrary> missing(LibraryFinder finder) {
    if (finder.find(LibraryFinder.Library.DRIVER).path() == null) {
      return Optional.empty();
    }
    try {
      return missing(VendorLibraries.driver(finder));
    } catch (UserError | UncheckedNativeException | LinkageError e) {
      return Optional.empty(); // what is wrong with the driver is said where the device is opened
    }
  }

  public static Optional<VendorLibrary> missing(CudaDriver driver) {
    CudaErrors errors = new CudaErrors(driver);
    errors.check(driver.cuInit(0), "cuInit", "");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(256);
      errors.check(driver.cuDeviceGetCount(out.address()), "cuDeviceGetCount", "");
      int count = out.get(ValueLayout.JAVA_INT, 0);
      for (int i = 0; i < count; i++) {
        errors.check(driver.cuDeviceGet(out.address(), i), "cuDeviceGet", "GPU " + i);
        int device = out.get(ValueLayout.JAVA_INT, 0);
        int architecture =
            10 * attribute(driver, errors, out, device, true)
                + attribute(driver, errors, out, device, false);
        errors.check(driver.cuDeviceGetName(out.address(), 256, device), "cuDeviceGetName", "");
        String reason = missing(out.getString(0), architecture);
        if (reason != null) {
          return Optional.of(VendorLibrary.missing("tensor cores", reason));
        }
      }
    }
    return Optional.empty();
  }

  private static int attribute(
      CudaDriver driver, CudaErrors errors, MemorySegment out, int device, boolean major) {
    int which =
        major
            ? CudaDriver.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
            : CudaDriver.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
    errors.check(
        driver.cuDeviceGetAttribute(out.address(), which, device), "cuDeviceGetAttribute", "");
    return out.get(ValueLayout.JAVA_INT, 0);
  }

  /**
   * One sentence, or null for a GPU that has them.
   *
   * @param architecture 75 for compute capability 7.5
   */
  public static String missing(String name, int architecture) {
    boolean has =
        architecture >= FIRST && !(architecture == TURING && WITHOUT.matcher(name).find());
    return has
        ? null
        : name
            + " has no fp16 tensor cores: "
            + Setting.PRECISION
            + " amp saves memory there and hardly any time,"
            + " so train with "
            + Setting.PRECISION
            + " fp32";
  }
}
