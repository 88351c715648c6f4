package engine.inspect.roofline;

import engine.base.Setting;
import engine.base.Suggestion;
import engine.base.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a GPU can do at most, as its maker publishes it; {@code gpus.tsv} holds the figures.
 *
 * @param name such as {@code h100}
 * @param title the product's name
 * @param fp16 TFLOP/s of dense half-precision products with fp32 sums on tensor cores
 * @param tf32 TFLOP/s of TF32 products; NaN where the tensor cores have none
 * @param fp32 TFLOP/s of ordinary fp32 arithmetic
 * @param memory GB/s of device memory
 * @param source where the maker says so
 */
public record GpuPeak(
    String name,
    String title,
    double fp16,
    double tf32,
    double fp32,
    double memory,
    String source) {
  private static final List<GpuPeak> ALL = read();

  /** All that are known here. */
  public static List<GpuPeak> all() {
    return ALL;
  }

  /**
   * The GPU of that name.
   *
   * @throws UserError if it is not known here
   */
  public static GpuPeak of(String name) {
    return ALL.stream()
        .filter(g -> g.name.equals(name))
        .findFirst()
        .orElseThrow(
            () -> {
              List<String> names = ALL.stream().map(GpuPeak::name).toList();
              return new UserError(
                  (Setting.GPU + " must be one of %s, not '%s'%s")
                      .formatted(String.join(", ", names), name, Suggestion.hint(name, names)));
            });
  }

  /**
   * TFLOP/s of matrix products in a precision.
   *
   * @throws UserError if this GPU has no such products
   */
  double products(StepPrecision precision) {
    double peak =
        switch (precision) {
          case FP16 -> fp16;
          case TF32 -> tf32;
          case FP32 -> fp32;
        };
    if (Double.isNaN(peak)) {
      throw new UserError(title + " has no TF32: use " + Setting.PRECISION + " fp16 or fp32");
    }
    return peak;
  }

  /**
   * Whether cuDNN's convolutions take part in the norms around them: from Ampere on, which also
   * brought TF32, and in fp16.
   */
  boolean fusesNorms(StepPrecision precision) {
    return precision == StepPrecision.FP16 && !Double.isNaN(tf32);
  }

  private static List<GpuPeak> read() {
    try (InputStream in = GpuPeak.class.getResourceAsStream("gpus.tsv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .skip(1)
          .map(GpuPeak::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GpuPeak parse(String line) {
    String[] f = line.split("\t", -1);
    return new GpuPeak(f[0], f[1], number(f[2]), number(f[3]), number(f[4]), number(f[5]), f[6]);
  }

  private static double number(String text) {
    return text.equals("-") ? Double.NaN : Double.parseDouble(text);
  }
}
