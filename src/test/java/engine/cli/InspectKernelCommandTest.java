package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.backend.kernels.KernelSources;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InspectKernelCommandTest {
  @Test
  void aKernelIsShownWithLabelledFiguresAndItsSource() {
    String out = CliRun.of("inspect", "kernel", "adamw").assertSucceeds().out();
    for (String part :
        List.of(
            "adamw, a kernel of cuda/adamw.cu",
            "compiled by NVRTC",
            "sm_75",
            "sm_120",
            "registers a thread",
            "spilled bytes a thread",
            "occupancy, 256 threads a block",
            "simulated, adamw<<<7, 256>>>",
            "branches",
            "global loads",
            "mix",
            "adamw_v1",
            "float d = g * s.unscale + s.l2 * p;",
            "ld.global.v4.f32")) {
      assertTrue(out.contains(part), part);
    }
    // every figure stands under one of the two labels
    assertTrue(out.indexOf("registers a thread") < out.indexOf("simulated, "));
    assertFalse(out.contains("measured"));
  }

  @Test
  void aPlantedRaceIsShownBeingCaught() {
    String out = CliRun.of("inspect", "kernel", "planted_race").assertSucceeds().out();
    assertTrue(out.contains("a race: it writes shared+512"), out);
    assertTrue(out.contains("with no barrier between them"), out);
    assertTrue(out.contains("tile[t] = x[t];"), out);
  }

  @Test
  void aTraceShowsRegistersAsTheyChange() {
    String out =
        CliRun.of("inspect", "kernel", "reverse", "--trace", "warp:1").assertSucceeds().out();
    assertTrue(out.contains("%r1 = 32, 33, 34 … 63"), out);
    assertTrue(out.contains("reads 32 x 4 bytes"), out);
    assertTrue(out.contains("waits for the block"), out);
    assertTrue(out.contains("the warp ends"), out);
  }

  @Test
  void jsonKeepsCompiledAndSimulatedApart() {
    String out = CliRun.of("inspect", "kernel", "softmax", "--json").assertSucceeds().out();
    JsonObject o = JsonParser.parseString(out).getAsJsonObject();
    assertEquals("softmax", o.get("kernel").getAsString());
    JsonObject sm86 = o.getAsJsonObject("compiled").getAsJsonObject("sm_86");
    assertTrue(sm86.get("registers").getAsInt() > 8);
    JsonObject simulated = o.getAsJsonObject("simulated");
    assertTrue(simulated.get("thread_instructions").getAsLong() > 0);
    assertTrue(simulated.getAsJsonArray("instructions").size() > 50);
    assertEquals(2, o.getAsJsonArray("versions").size());
  }

  @Test
  void withoutANameEveryKernelIsListed() {
    String out = CliRun.of("inspect", "kernel").assertSucceeds().out();
    long kernels = KernelSources.kernels().values().stream().mapToLong(List::size).sum();
    assertEquals(kernels, out.lines().count());
    assertTrue(out.contains("adamw "), out);
  }

  @Test
  void badInputEndsInOneSentence() {
    CliRun.of("inspect", "kernel", "adamv").assertWrongUsage("did you mean adamw?");
    CliRun.of("inspect", "kernel", "adamw", "--trace", "lane").assertWrongUsage("--trace takes");
    CliRun.of("inspect", "kernel", "--trace", "warp").assertWrongUsage("needs the name");
    CliRun.of("inspect", "kernel", "reverse", "--trace", "warp:8")
        .assertWrongUsage("its warps are numbered 0 to 7");
    CliRun.of("inspect", "kernel", "--sass", "sm_90").assertWrongUsage("needs the name");
    CliRun.of("inspect", "kernel", "adamw", "--sass", "sm_70")
        .assertWrongUsage("--sass takes sm_75, sm_80, sm_86, sm_89, sm_90, sm_100, sm_120, not");
    CliRun.of("inspect", "kernel", "adamw", "--sass", "sm_90", "--trace", "warp")
        .assertWrongUsage("--sass and --trace show two things");
    CliRun.of("inspect").assertWrongUsage("say what to inspect: kernel");
  }
}
