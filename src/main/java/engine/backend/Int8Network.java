package engine.backend;

import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** A quantised network on a device, ready to answer; each shape of input is prepared once. */
public interface Int8Network extends AutoCloseable {
  /**
   * @param x F32 [N, C, H, W], normalised
   * @return the output: F32, or its bytes where it has a grid, in N, C, H, W order
   */
  HostTensor run(Tensor x);

  /**
   * The same from pixels.
   *
   * @param pixels u8 in N, H, W, C order
   * @param mean per channel, on the scale 0..1
   */
  HostTensor run(MemorySegment pixels, int n, int height, int width, float[] mean, float[] std);

  /** Which implementation runs each step of the last input's shape, in the library's words. */
  Map<String, String> implementations();

  @Override
  void close();
}
