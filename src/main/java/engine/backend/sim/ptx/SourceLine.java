package engine.backend.sim.ptx;

/** A line of CUDA source. */
public record SourceLine(String file, int line) {
  public static final SourceLine UNKNOWN = new SourceLine("", 0);

  /** The file's name without its folder, and the line: {@code adamw.cu:41}. */
  @Override
  public String toString() {
    return line == 0 ? "unknown line" : file.substring(file.lastIndexOf('/') + 1) + ":" + line;
  }
}
