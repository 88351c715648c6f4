package engine.backend.sim.ptx;

/** A line of CUDA source. */
public record SourceLine(String file, int line) {
  public static final SourceLine UNKNOWN = new SourceLine("", 0);

  /** Without its folder. */
  public String fileName() {
    return file.substring(file.lastIndexOf('/') + 1);
  }

  /** The file's name without its folder, and the line: {@code adamw.cu:41}. */
  @Override
  public String toString() {
    return line == 0 ? "unknown line" : fileName() + ":" + line;
  }
}
