package engine.inspect.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.kernels.CompiledFigures;
import engine.backend.kernels.KernelLaunch;
import engine.backend.kernels.KernelRun;
import engine.backend.kernels.KernelSimulator;
import engine.backend.kernels.KernelSources;
import engine.inspect.kernel.KernelDossier.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Counters of kernels whose counts can be worked out by hand, and a launch of every kernel. */
final class KernelDossierTest {
  static Iterable<String> kernels() {
    return KernelDossier.names().keySet();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void everyKernelHasALaunchFiguresAndAnIdea(String kernel) {
    String family = KernelDossier.names().get(kernel);
    assertEquals(7, CompiledFigures.read().of(kernel).size(), "architectures in compiled.tsv");
    String idea = KernelStory.of(KernelSources.source(family)).idea(kernel);
    assertTrue(idea.length() > 10, idea);
    KernelLaunch launch = SampleLaunches.of(kernel);
    assertNotNull(launch, "add a sample launch to the class of the kernel's family");
    KernelRun run =
        KernelDossier.simulator().run(KernelSources.ptx(family), launch, KernelSimulator.NO_TRACE);
    if (kernel.startsWith("planted_")) {
      assertNotNull(run.fault(), "the planted bug was not found");
    } else {
      assertNull(run.fault());
      assertTrue(KernelCounters.of(run).threadInstructions() > 0);
    }
  }

  @Test
  void reverseReadsFourSectorsAndOneWavefrontARequest() {
    KernelCounters c = KernelDossier.of("reverse", KernelSimulator.NO_TRACE).counters();
    assertEquals(new Traffic(8, 32, 8, 1024), c.globalLoads()); // 8 warps read 128 bytes each
    assertEquals(new Traffic(8, 32, 8, 1024), c.globalStores());
    assertEquals(new Traffic(16, 16, 16, 2048), c.shared());
    assertEquals(0, c.shared().conflicts());
    assertEquals(1, c.barriers());
    assertEquals(32, c.activeLanes());
    assertEquals(0, c.diverged());
    assertEquals(8L, c.mix().get(InstructionKind.BARRIER));
  }

  @Test
  void turningTilesMovesAQuarterOfTheBytes() {
    KernelDossier k = KernelDossier.of("channels_last_16", KernelSimulator.NO_TRACE);
    Version v1 = k.versions().getFirst();
    Version used = k.versions().getLast();
    assertEquals("channels_last_16_v1", v1.kernel());
    assertEquals("channels_last_16", used.kernel());
    assertTrue(v1.counters().bytesMoved() > 3 * used.counters().bytesMoved());
    assertEquals(0, used.counters().shared().conflicts());
  }

  @Test
  void aWarpThatPartsIsCountedOnceAndTraced() {
    KernelDossier k = KernelDossier.of("adamw", 0);
    assertEquals(2, k.counters().diverged()); // where 4,097 and 100 elements end
    assertEquals(-1, k.run().trace().getFirst().active());
    // the first warp of the third tensor's block, after 4 and 2 of the others, holds its 100
    // elements: 25 of 32 lanes
    KernelDossier third = KernelDossier.of("adamw", (4 + 2) * 8);
    boolean parts =
        third.run().trace().stream().anyMatch(s -> s.note().contains("25 of 32 lanes jump"))
            || third.run().trace().stream().anyMatch(s -> s.note().contains("7 of 32 lanes jump"));
    assertTrue(parts, third.run().trace().toString());
  }

  @Test
  void theSoftwareGpuSaysHowFastItIs() {
    KernelSimulator simulator = KernelDossier.simulator();
    KernelSimulator.Speed speed =
        simulator.speed(KernelSources.ptx("planted"), SampleLaunches.of("reverse"), "all", 1, 0.02);
    assertTrue(speed.aSecond() > 0, speed.toString());
    double call = simulator.callNanos();
    assertTrue(call > 0 && call < 1000, "a driver call took " + call + " ns");
  }

  @Test
  void aRunCanBeRepeatedToTheSameCounts() {
    KernelDossier a = KernelDossier.of("cross_entropy", KernelSimulator.NO_TRACE);
    KernelDossier b = KernelDossier.of("cross_entropy", KernelSimulator.NO_TRACE);
    assertEquals(a.run(), b.run());
  }
}
