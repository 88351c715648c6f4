package engine.backend.cuda.libraries;

import engine.base.Ownership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether a library can be loaded here, and is nobody's but this user's.
 *
 * @param architecture of the machine, as {@code os.arch} has it
 */
record LibraryFile(String architecture) {
  private static final int ELF_HEADER = 20;
  private static final int MACHINE = 18;
  private static final int X86_64 = 62;
  private static final int AARCH64 = 183;

  /** Words for brackets; null if nothing speaks against it. */
  String refusal(Path p) {
    if (p.getParent() != null && p.getParent().endsWith("stubs")) {
      return "a stub to link with, which does nothing";
    }
    try {
      String doubt = Ownership.doubt(p);
      return doubt != null ? doubt + ", so it may be another user's work" : foreign(p);
    } catch (IOException e) {
      return "it cannot be looked at: " + e;
    }
  }

  /**
   * The ELF header says which processor a library is for; what has none is for the loader to judge.
   */
  private String foreign(Path p) throws IOException {
    byte[] head;
    try (var in = Files.newInputStream(p)) {
      head = in.readNBytes(ELF_HEADER);
    }
    if (head.length < ELF_HEADER || head[0] != 0x7f || head[1] != 'E') {
      return null;
    }
    int machine = head[MACHINE] & 0xff | (head[MACHINE + 1] & 0xff) << 8;
    int wanted =
        switch (architecture) {
          case "amd64" -> X86_64;
          case "aarch64" -> AARCH64;
          default -> machine;
        };
    return machine == wanted ? null : "made for another processor";
  }
}
