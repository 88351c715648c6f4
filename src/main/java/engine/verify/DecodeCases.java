package engine.verify;

import com.google.gson.JsonObject;
import engine.data.image.ImageDecodeException;
import engine.data.image.ImageDecoder;
import engine.data.image.PixelImage;
import engine.tensor.HostTensor;
import java.nio.file.Path;

/**
 * Group {@code decode}: picture files against Pillow's pixels ({@code decode}), and files that must
 * be refused ({@code decode_error}). Lossy formats are compared within {@code attrs.advice}.
 */
public final class DecodeCases implements CaseRunner {
  @Override
  public boolean knows(ReferenceCase c) {
    return c.op().equals("decode") || c.op().equals("decode_error");
  }

  @Override
  public void run(ReferenceCase c, Checks checks) throws ImageDecodeException {
    Path src = c.files().get("src");
    if (c.op().equals("decode_error")) {
      checks.that("refuses " + src.getFileName(), refuses(src));
      return;
    }
    compare(c, "out.rgb", ImageDecoder.decode(src, false), checks);
    if (c.has("out.rgb_transposed")) {
      compare(c, "out.rgb_transposed", ImageDecoder.decode(src, true), checks);
    }
  }

  private static void compare(ReferenceCase c, String key, PixelImage got, Checks checks) {
    JsonObject advice = c.attrs().getAsJsonObject("advice");
    checks.array(
        key,
        HostTensor.of(got.data(), got.height(), got.width(), got.channels()),
        advice.get("max_abs").getAsDouble(),
        advice.get("mean_abs").getAsDouble());
  }

  private static boolean refuses(Path file) {
    try {
      ImageDecoder.decode(file, false);
      return false;
    } catch (ImageDecodeException e) {
      return true;
    }
  }
}
