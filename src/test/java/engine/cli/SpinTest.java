package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long OpenMP's threads spin, as its library itself says when it is loaded. */
final class SpinTest {
  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource({
    "engine, 60000",
    "GOMP_SPINCOUNT=77 engine, 77",
    "OMP_WAIT_POLICY=passive engine, 0",
    "OMP_WAIT_POLICY=active engine, 30000000000"
  })
  void theSpinIsBoundedUnlessTheUserHasChosen(String command, String spins) throws Exception {
    EngineShell.Outcome o =
        EngineShell.run(
            temp,
            Map.of("OMP_DISPLAY_ENV", "verbose"),
            "unset GOMP_SPINCOUNT OMP_WAIT_POLICY; "
                + command.replace("engine", "$engine")
                + " bench infer --model resnet18 --width 0.125 --image-size 32 --steps 1"
                + " --device cpu --threads 1");
    assertEquals(0, o.code(), o.said());
    assertTrue(o.said().contains("GOMP_SPINCOUNT = '" + spins + "'"), o.said());
  }
}
