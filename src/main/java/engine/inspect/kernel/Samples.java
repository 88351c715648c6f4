package engine.inspect.kernel;

import engine.backend.kernels.Argument;
import engine.backend.kernels.KernelLaunch;
import engine.backend.kernels.Size3;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects sample launches: {@code of(what, elements).threads("relu_forward", n, arguments…)}. */
final class Samples {
  private static final int BLOCK = 256;
  private static final int WARP = 32;

  private final Map<String, KernelLaunch> byKernel = new LinkedHashMap<>();
  private String what = "";
  private long elements;

  /** In words what the launches that follow work on, and how many elements that is. */
  Samples of(String text, long count) {
    what = text;
    elements = count;
    return this;
  }

  Samples grid(String kernel, Size3 grid, Size3 block, Argument... arguments) {
    byKernel.put(kernel, new KernelLaunch(kernel, grid, block, List.of(arguments), what, elements));
    return this;
  }

  /** One thread. */
  Samples one(String kernel, Argument... arguments) {
    return grid(kernel, Size3.of(1), Size3.of(1), arguments);
  }

  /** A thread for each of {@code n} pieces of work, in blocks of 256. */
  Samples threads(String kernel, long n, Argument... arguments) {
    int blocks = Math.toIntExact((n + BLOCK - 1) / BLOCK);
    return grid(kernel, Size3.of(blocks), Size3.of(BLOCK), arguments);
  }

  /** A warp for each of {@code n} pieces of work. */
  Samples warps(String kernel, long n, Argument... arguments) {
    return threads(kernel, n * WARP, arguments);
  }

  Map<String, KernelLaunch> all() {
    return byKernel;
  }
}
