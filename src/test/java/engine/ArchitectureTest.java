package engine;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The laws of the house, in words. A new package takes its place in {@link #LAYERS}. */
final class ArchitectureTest {
  /** From the top down; a package uses those of the lines under it, and no other of its own. */
  private static final List<List<String>> LAYERS =
      List.of(
          List.of("cli"),
          List.of("inspect"),
          List.of("bench"),
          List.of("convert", "verify"),
          List.of("train"),
          List.of("eval"),
          List.of("infer"),
          List.of("run"),
          List.of("recipe"),
          List.of("report", "data"),
          List.of("quant", "onnx", "model"),
          List.of("graph", "optim", "nn"),
          List.of("autograd"),
          List.of("backend"),
          List.of("weights"),
          List.of("metrics"),
          List.of("console", "picture", "tensor"),
          List.of("ffi"),
          List.of("base"));

  private static final JavaClasses ENGINE = classesOfTheEngine();

  @Test
  void dependenciesPointDownTheLayers() {
    classes().should(pointDown()).check(ENGINE);
  }

  @Test
  void onlyBindingsAndBackendsTouchTheLinker() {
    noClasses()
        .that()
        .resideOutsideOfPackages("engine.ffi..", "engine.backend..")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Linker.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(SymbolLookup.class)
        .check(ENGINE);
  }

  @Test
  void onlyTheCpuBackendKnowsOneDnn() {
    noClasses()
        .that(resideOutsideOfPackages("engine.ffi..", "engine.backend.cpu.."))
        .should()
        .dependOnClassesThat()
        .haveNameMatching("engine\\.ffi\\.Dnnl.*")
        .check(ENGINE);
  }

  @Test
  void onlyTheCudaBackendKnowsCudaBindings() {
    noClasses()
        .that(
            resideOutsideOfPackages(
                "engine.ffi..", "engine.backend.cuda..", "engine.backend.sim.."))
        .should()
        .dependOnClassesThat()
        .haveNameMatching("engine\\.ffi\\.(Cu|Nvrtc|Nvjpeg|Nccl).*")
        .check(ENGINE);
  }

  /** Settings of their own would write NaN, which is no JSON, or what a terminal obeys. */
  @Test
  void allJsonForOthersIsWrittenInOnePlace() {
    noClasses()
        .that(
            resideInAnyPackage(
                "engine.cli..",
                "engine.report..",
                "engine.inspect..",
                "engine.verify..",
                "engine.bench.."))
        .and()
        .doNotHaveSimpleName("Json")
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "com\\.google\\.gson\\.(Gson|GsonBuilder)|com\\.google\\.gson\\.stream\\.JsonWriter")
        .check(ENGINE);
  }

  /** What a command prints passes through Printer, which cleans it, and StandardOutput. */
  @Test
  void nobodyPrintsPastThePrinter() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("engine.cli.Main")
        .and()
        .doNotHaveFullyQualifiedName("engine.console.Terminal")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(ENGINE);
  }

  @Test
  void aDeviceIsKnownByItsInterfaceAlone() {
    for (String device : List.of("cpu", "cuda", "sim")) {
      String itself = "engine.backend." + device + "..";
      noClasses()
          .that(resideOutsideOfPackages(itself))
          .should()
          .dependOnClassesThat(resideInAPackage(itself))
          .check(ENGINE);
    }
  }

  @Test
  void whatHappensToAPictureIsSaidInRecordsThatNeedNothing() {
    classes()
        .that()
        .resideInAPackage("engine.picture")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("engine.picture", "engine.base", "java..")
        .check(ENGINE);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("engine.(**)").should().beFreeOfCycles().check(ENGINE);
  }

  @Test
  void onlyTheCommandLineEndsTheProgram() {
    noClasses()
        .that(resideOutsideOfPackages("engine.cli.."))
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(ENGINE);
  }

  @Test
  void recordsAreLookedIntoInOnePlace() {
    noClasses()
        .that()
        .resideOutsideOfPackage("engine.backend.sim..")
        .and()
        .doNotHaveFullyQualifiedName("engine.base.JsonFields")
        .should()
        .dependOnClassesThat(
            describe(
                "are Java's reflection",
                c ->
                    c.getPackageName().equals("java.lang.reflect")
                        && !c.isEquivalentTo(Type.class)))
        .because(
            "what is found by name is found by no search; the software GPU links its kernels so")
        .check(ENGINE);
  }

  /** What was measured, found or read is a record as long as what there is to say. */
  private static final Set<String> RECORDS_OF_RESULTS =
      Set.of(
          "engine.backend.PlanChecker$Finding",
          "engine.backend.cpu.dnnl.Primitive",
          "engine.backend.kernels.InstructionCounts",
          "engine.bench.ConvBench$Row",
          "engine.data.image.TiffLayout",
          "engine.inspect.kernel.KernelCounters",
          "engine.inspect.kernel.KernelDossier",
          "engine.inspect.memory.MemoryProfile",
          "engine.inspect.tape.TapeStep",
          "engine.quant.Int8File$Entry",
          "engine.report.EpochMetrics",
          "engine.report.ReportData",
          "engine.run.TrainingState",
          "engine.verify.ReferenceCase",
          "engine.weights.Catalogue$Entry");

  /** Bindings have the parameters of their C functions; the software GPU those of PTX. */
  @Test
  void nothingTakesMoreThanSevenParameters() {
    noCodeUnits()
        .that()
        .areDeclaredInClassesThat()
        .resideOutsideOfPackages("engine.ffi..", "engine.backend.sim..")
        .and()
        .areDeclaredInClassesThat(
            describe("hold more than results", c -> !RECORDS_OF_RESULTS.contains(c.getName())))
        .and()
        .areDeclaredInClassesThat()
        .areNotEnums()
        .and()
        .doNotHaveModifier(JavaModifier.SYNTHETIC)
        .should(
            new ArchCondition<JavaCodeUnit>("take more than " + MOST_PARAMETERS + " parameters") {
              @Override
              public void check(JavaCodeUnit unit, ConditionEvents events) {
                int count = unit.getRawParameterTypes().size();
                events.add(
                    new SimpleConditionEvent(
                        unit, count > MOST_PARAMETERS, unit.getFullName() + " takes " + count));
              }
            })
        .check(ENGINE);
  }

  private static final int MOST_PARAMETERS = 7;
  private static final int MOST_LINES = 400;
  private static final int MOST_FILES = 40;

  @Test
  void filesAreShortAndPackagesSmall() throws IOException {
    TreeSet<String> large = new TreeSet<>();
    Map<Path, Integer> files = new TreeMap<>();
    for (Path file : sources()) {
      String text = Files.readString(file);
      long lines = text.lines().count();
      if (lines > MOST_LINES && !text.contains("java jextract/Generate.java")) {
        large.add(file + " has " + lines + " lines; at most " + MOST_LINES);
      }
      files.merge(file.getParent(), 1, Integer::sum);
    }
    files.forEach(
        (folder, count) -> {
          if (count > MOST_FILES && !hasOneFileAThing(folder)) {
            large.add(folder + " has " + count + " files; at most " + MOST_FILES);
          }
        });
    assertEquals(new TreeSet<>(), large, "too large to be read in one sitting: split it");
  }

  /** A file an op, a file a command, a file an instruction. */
  private static boolean hasOneFileAThing(Path folder) {
    return Stream.of("autograd", "cli").anyMatch(folder::endsWith)
        || folder.startsWith("src/main/java/engine/backend/sim");
  }

  private static List<Path> sources() throws IOException {
    try (var files = Files.walk(Path.of("src/main/java"))) {
      return files.filter(f -> f.toString().endsWith(".java")).toList();
    }
  }

  @Test
  void everyPackageSaysWhatLivesInIt() throws IOException {
    TreeSet<Path> silent = new TreeSet<>();
    sources().stream()
        .map(Path::getParent)
        .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
        .forEach(silent::add);
    assertEquals(new TreeSet<>(), silent, "packages without a package-info.java");
  }

  /**
   * Messages below {@code cli} name an {@code engine.base.Setting}, which is spelt in one place.
   */
  @Test
  void optionWordsAreKnownToTheCommandLineAlone() throws IOException {
    TreeSet<String> found = new TreeSet<>();
    for (Path file : sources()) {
      if (!file.startsWith("src/main/java/engine/cli") && !hasWordsOfOthers(file)) {
        TOKEN
            .matcher(Files.readString(file))
            .results()
            .map(MatchResult::group)
            .filter(t -> t.startsWith("\"") && OPTION.matcher(t).find())
            .forEach(t -> found.add(file + ": " + t));
      }
    }
    assertEquals(
        new TreeSet<>(), found, "options in strings: name the engine.base.Setting instead");
    assertTrue(OPTION.matcher("\"use a smaller --batch\"").find());
  }

  /** A comment, a text block, a string or a character. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?s)/\\*.*?\\*/|//[^\n]*|\"\"\".*?\"\"\"|\"(?:[^\"\\\\\n]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)+'");

  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z]");

  /**
   * These speak of other programs' words: compilers' and docker's options, a style sheet's
   * variables.
   */
  private static boolean hasWordsOfOthers(Path file) {
    return Stream.of("NvrtcCompiler", "Assembler", "VisibleDevices", "ConfusionTable")
        .anyMatch(name -> file.endsWith(name + ".java"));
  }

  private static JavaClasses classesOfTheEngine() {
    // The JDK's own classes are known by name; reading them would take ten times as long.
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages("engine");
  }

  private static ArchCondition<JavaClass> pointDown() {
    return new ArchCondition<>(
        "depend only on their own package of the layers and on the layers under it") {
      @Override
      public void check(JavaClass origin, ConditionEvents events) {
        int from = layer(origin.getPackageName());
        if (from < 0) {
          String message = origin.getName() + " is in no layer; give its package one";
          events.add(SimpleConditionEvent.violated(origin, message));
        }
        for (Dependency d : origin.getDirectDependenciesFromSelf()) {
          String target = d.getTargetClass().getPackageName();
          boolean itself = top(target).equals(top(origin.getPackageName()));
          if (target.startsWith("engine.") && !itself && layer(target) <= from) {
            events.add(SimpleConditionEvent.violated(d, d.getDescription()));
          }
        }
      }
    };
  }

  /** {@code engine.LAYER} of {@code engine.LAYER[.anything]}. */
  private static String top(String packageName) {
    String[] parts = packageName.split("\\.");
    return parts.length > 1 ? parts[0] + "." + parts[1] : packageName;
  }

  /** The index in {@link #LAYERS} of {@code engine.LAYER[.anything]}; -1 if it has none. */
  private static int layer(String packageName) {
    String[] parts = packageName.split("\\.");
    for (int i = 0; parts.length > 1 && i < LAYERS.size(); i++) {
      if (LAYERS.get(i).contains(parts[1])) {
        return i;
      }
    }
    return -1;
  }
}
