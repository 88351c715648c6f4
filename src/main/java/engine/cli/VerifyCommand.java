package engine.cli;

import com.google.gson.JsonObject;
import engine.backend.Backend;
import engine.backend.Devices;
import engine.base.Suggestion;
import engine.verify.CaseResult;
import engine.verify.CaseResult.Outcome;
import engine.verify.CaseSuite;
import engine.verify.Comparison;
import engine.verify.Manifest;
import engine.verify.self.SelfCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code engine verify DIR}: runs reference cases, one line each, and counts. */
@Command(
    name = "verify",
    description = {
      "Runs a folder of reference cases and compares every result; or, with --self, checks a device",
      "against the CPU and against itself, which needs no folder."
    },
    footer = {
      "",
      "Example:",
      "  engine verify golden --device cpu --group ops,optim --known-only",
      "  engine verify --self --device cuda",
      "",
      "Exits with 1 if any case fails. A case that the engine does not implement counts as failed",
      "unless --known-only is given."
    })
final class VerifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", arity = "0..1", description = "A folder with a manifest.json.")
  private Path folder;

  @Option(
      names = "--self",
      description =
          "Check the device itself: every kernel against the CPU, every fused convolution against an unfused one, replayed steps against eager ones, mixed precision against fp32.")
  private boolean self;

  @Option(
      names = "--group",
      split = ",",
      paramLabel = "G",
      description = "Only these groups, separated by commas.")
  private List<String> groups = new ArrayList<>();

  @Option(
      names = "--case",
      split = ",",
      paramLabel = "NAME",
      description = "Only these cases: a name, or group/name.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--known-only", description = "Cases the engine does not implement do not count.")
  private boolean knownOnly;

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (self) {
      return checkItself();
    }
    if (folder == null) {
      throw new ParameterException(
          spec.commandLine(), "verify takes a folder of reference cases, or --self");
    }
    Manifest manifest = Manifest.read(folder);
    requireKnown(manifest);
    List<Manifest.Item> chosen = manifest.cases().stream().filter(this::isChosen).toList();
    if (chosen.isEmpty()) {
      throw common.wrong(
          "no case of --case %s is in --group %s of %s"
              .formatted(String.join(",", names), String.join(",", groups), folder));
    }
    Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    int width = chosen.stream().mapToInt(c -> c.id().length()).max().orElse(0);
    long start = System.nanoTime();
    try (OpenDevice device = OpenDevice.of(common)) {
      CaseSuite suite = CaseSuite.standard(device.backend());
      for (Manifest.Item item : chosen) {
        CaseResult result = suite.run(item);
        counts.merge(result.outcome(), 1, Integer::sum);
        print(result, width);
      }
    }
    return summary(counts, (System.nanoTime() - start) / 1e9);
  }

  private int checkItself() {
    if (folder != null || !names.isEmpty() || !SelfCheck.GROUPS.containsAll(groups)) {
      String near =
          groups.stream()
              .filter(g -> !SelfCheck.GROUPS.contains(g))
              .map(g -> Suggestion.hint(g, SelfCheck.GROUPS))
              .findFirst()
              .orElse("");
      throw new ParameterException(
          spec.commandLine(),
          "--self brings its own checks: it takes no folder and no --case, and of --group %s%s"
              .formatted(String.join(", ", SelfCheck.GROUPS), near));
    }
    try (OpenDevice device = OpenDevice.of(common);
        Backend cpu = Devices.open("cpu", common.threads())) {
      SelfCheckOutput out = new SelfCheckOutput(out(), common.json);
      out.begins(device.backend());
      new SelfCheck(device.backend(), cpu)
          .run(name -> groups.isEmpty() || groups.contains(name.split("/", 2)[0]), out::found);
      return out.summary() ? 0 : Errors.FAILED;
    }
  }

  /** Each name that was given is one of the folder: a misspelt one would pass by being left out. */
  private void requireKnown(Manifest manifest) {
    for (String group : groups) {
      if (!manifest.groups().contains(group)) {
        throw common.wrong(
            "--group: %s has no cases of '%s'; its groups are %s%s"
                .formatted(
                    folder,
                    group,
                    String.join(", ", manifest.groups()),
                    Suggestion.hint(group, manifest.groups())));
      }
    }
    Set<String> known = new TreeSet<>();
    manifest.cases().forEach(c -> known.addAll(List.of(c.name(), c.id())));
    for (String name : names) {
      if (!known.contains(name)) {
        throw common.wrong(
            "--case: %s has no case '%s'%s".formatted(folder, name, Suggestion.hint(name, known)));
      }
    }
  }

  private boolean isChosen(Manifest.Item c) {
    return (groups.isEmpty() || groups.contains(c.group()))
        && (names.isEmpty() || names.contains(c.name()) || names.contains(c.id()));
  }

  private void print(CaseResult r, int width) {
    PrintWriter out = out();
    if (common.json) {
      out.println(json(r));
    } else {
      String word =
          switch (r.outcome()) {
            case PASSED -> "ok";
            case FAILED -> "FAIL";
            case UNKNOWN -> knownOnly ? "-" : "FAIL";
          };
      out.println(("%-" + width + "s  %-4s  %s").formatted(r.item().id(), word, r.describe()));
    }
    if (common.debug && r.error() != null) {
      Errors.trace(r.error(), spec.commandLine().getErr());
    }
    out.flush();
  }

  private int summary(Map<Outcome, Integer> counts, double seconds) {
    int passed = counts.getOrDefault(Outcome.PASSED, 0);
    int unknown = counts.getOrDefault(Outcome.UNKNOWN, 0);
    int failed = counts.getOrDefault(Outcome.FAILED, 0) + (knownOnly ? 0 : unknown);
    if (common.json) {
      JsonObject o = new JsonObject();
      o.addProperty("passed", passed);
      o.addProperty("failed", failed);
      o.addProperty("unknown", unknown);
      o.addProperty("seconds", Math.round(seconds * 1000) / 1000.0);
      out().println(o);
    } else {
      out()
          .printf(
              "%d passed, %d failed (%d of all not implemented%s), %.1f s%n",
              passed, failed, unknown, knownOnly ? ", not counted" : "", seconds);
    }
    return failed == 0 ? 0 : Errors.FAILED;
  }

  private static JsonObject json(CaseResult r) {
    JsonObject o = new JsonObject();
    o.addProperty("group", r.item().group());
    o.addProperty("case", r.item().name());
    o.addProperty("op", r.item().op());
    o.addProperty("outcome", r.outcome().name().toLowerCase(Locale.ROOT));
    Comparison worst = r.worst();
    if (worst != null) {
      o.addProperty("worst", worst.what());
      o.addProperty("error", worst.error()); // null if it has no bound
      o.addProperty("tolerance", worst.tolerance());
    }
    o.addProperty("message", r.describe());
    return o;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
