package engine.backend.cuda.driver;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version that PTX says it is of. A driver refuses what is newer than itself, whatever the
 * instructions are (error 222), and NVRTC always writes its own version, so the committed PTX says
 * the lowest that has all it uses (PTX ISA, "Release Notes"). A test holds each against the
 * assemblers of several CUDA versions.
 */
final class PtxVersion {
  /**
   * What some text of PTX needs.
   *
   * @param found in the text
   * @param version tens are the major version: 70 is 7.0
   */
  private record Need(Pattern found, int version) {
    Need(String found, int version) {
      this(Pattern.compile(found), version);
    }

    boolean isTarget() {
      return found.pattern().startsWith("\\.target");
    }
  }

  private static final List<Need> NEEDS =
      List.of(
          new Need("\\.target sm_75\\b", 63),
          new Need("\\.target sm_80\\b", 70),
          // The place of an inlined function, in nearly every family.
          new Need("\\binlined_at\\b", 70));

  private static final Pattern VERSION = Pattern.compile("(?m)^\\.version (\\d+)\\.(\\d+)$");

  private PtxVersion() {}

  /**
   * The same PTX with the lowest version that it needs; as it is for a target that is not listed.
   *
   * @throws IllegalArgumentException if the text says no version
   */
  static String lowest(String ptx) {
    Matcher m = VERSION.matcher(ptx);
    if (!m.find()) {
      throw new IllegalArgumentException("this says no version: it is no PTX");
    }
    if (NEEDS.stream().noneMatch(n -> n.isTarget() && n.found.matcher(ptx).find())) {
      return ptx;
    }
    int needed =
        NEEDS.stream()
            .filter(n -> n.found.matcher(ptx).find())
            .mapToInt(Need::version)
            .max()
            .orElseThrow();
    return m.replaceFirst(".version " + needed / 10 + "." + needed % 10);
  }
}
