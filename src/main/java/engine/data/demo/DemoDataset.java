package engine.data.demo;

import java.nio.file.Path;

public final class DemoDataset {
  public static final int DEFAULT_PER_CLASS = 160;
  public static final int DEFAULT_SIZE = 160;
  public static final long DEFAULT_SEED = 1;

  private DemoDataset() {}

  public static Path generate(Path folder, int perClass, int imageSize, long seed) {
    throw new IllegalStateException("not yet");
  }
}
