package engine.inspect.roofline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A {@link Roofline} as a Markdown page. */
public final class RooflinePage {
  private final Roofline roofline;
  private final List<String> lines = new ArrayList<>();

  private RooflinePage(Roofline roofline) {
    this.roofline = roofline;
  }

  /**
   * The lines of the page.
   *
   * @param command what prints it
   */
  public static List<String> lines(Roofline roofline, String command) {
    RooflinePage page = new RooflinePage(roofline);
    page.head(command);
    page.kinds();
    page.fusions();
    page.launches();
    return page.lines;
  }

  private void head(String command) {
    GpuPeak gpu = roofline.gpu();
    say("# A training step of %s on one %s: the floor".formatted(roofline.model(), gpu.title()));
    say("");
    say(
        "**Calculated, not measured: nothing of the CUDA device has run on a GPU yet.** `%s` prints this page."
            .formatted(command));
    say("");
    say(
        "Batch %d, %s. The ceilings: %s TFLOP/s of matrix products, %s TFLOP/s of other fp32 arithmetic, %s GB/s of memory"
                .formatted(
                    roofline.batch(),
                    roofline.precision().name().toLowerCase(java.util.Locale.ROOT),
                    plain(gpu.products(roofline.precision())),
                    plain(gpu.fp32()),
                    plain(gpu.memory()))
            + " (%s).".formatted(gpu.source()));
    say(
        "A launch that does fewer than %.0f FLOPs of products a byte is bound by memory, however good its code is."
            .formatted(roofline.ridge()));
    say("");
    say(
        "- The step: %.2f TFLOP, at least %.1f GB to and from memory."
            .formatted(roofline.flops() / 1e12, roofline.bytes() / 1e9));
    say(
        "- The floor: **%.1f ms, %,.0f images/s**, if every launch reached the ceiling that it meets first, one after the other."
            .formatted(roofline.floor(), roofline.imagesPerSecond()));
    say(
        "- Least traffic: each launch reads each operand once and writes each result once; caches keep nothing between launches;"
            + " vectors of a value a channel and the bits that a ReLU keeps are left out.");
    say("");
  }

  private void kinds() {
    Map<String, List<Launch>> kinds = new LinkedHashMap<>();
    roofline
        .launches()
        .forEach(l -> kinds.computeIfAbsent(l.kind(), k -> new ArrayList<>()).add(l));
    say("## By kind");
    say("");
    say("| launch | number | GFLOP | GB | floor, ms | share | bound by |");
    say("| --- | --: | --: | --: | --: | --: | --- |");
    kinds.forEach(
        (kind, each) ->
            say(
                "| %s | %d | %,.1f | %.2f | %.3f | %.1f %% | %s |"
                    .formatted(
                        kind,
                        each.stream().mapToInt(Launch::count).sum(),
                        each.stream().mapToDouble(l -> l.count() * l.flops()).sum() / 1e9,
                        each.stream().mapToDouble(l -> l.count() * l.bytes()).sum() / 1e9,
                        roofline.floor(each),
                        100 * roofline.floor(each) / roofline.floor(),
                        bound(each))));
    say("");
  }

  private String bound(List<Launch> each) {
    int all = each.stream().mapToInt(Launch::count).sum();
    int memory =
        each.stream()
            .filter(l -> l.boundByMemory(roofline.gpu(), roofline.precision()))
            .mapToInt(Launch::count)
            .sum();
    return memory == all
        ? "memory"
        : memory == 0 ? "arithmetic" : "memory %d, arithmetic %d".formatted(memory, all - memory);
  }

  /** What would be saved at least, if neighbours were one launch. */
  private void fusions() {
    say("## What fusing neighbours is worth");
    say("");
    fusion("statistics summed by the convolution that makes the numbers", "norm statistics");
    say("");
  }

  private void fusion(String what, String kind) {
    List<Launch> saved = roofline.launches().stream().filter(l -> l.kind().equals(kind)).toList();
    if (!saved.isEmpty()) {
      double rest = roofline.floor() - roofline.floor(saved);
      say(
          "- %s: %.2f ms less, a floor of %.1f ms, %,.0f images/s"
              .formatted(what, roofline.floor(saved), rest, roofline.batch() / rest * 1e3));
    }
  }

  private void launches() {
    say("## Every launch");
    say("");
    say("| layer | launch | shape | times | GFLOP | MB | FLOP/byte | floor, µs | bound by |");
    say("| --- | --- | --- | --: | --: | --: | --: | --: | --- |");
    for (Launch l : roofline.launches()) {
      say(
          "| %s | %s | %s | %d | %,.2f | %,.1f | %.1f | %,.1f | %s |"
              .formatted(
                  l.layer(),
                  l.kind(),
                  l.shape(),
                  l.count(),
                  l.flops() / 1e9,
                  l.bytes() / 1e6,
                  l.intensity(),
                  l.floor(roofline.gpu(), roofline.precision()),
                  l.boundByMemory(roofline.gpu(), roofline.precision()) ? "memory" : "arithmetic"));
    }
  }

  private static String plain(double v) {
    return v == Math.rint(v) ? "%,.0f".formatted(v) : "%,.1f".formatted(v);
  }

  private void say(String line) {
    lines.add(line);
  }
}
