package engine.backend.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.cuda.libraries.DriverVersions;
import engine.backend.kernels.KernelSources;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class PtxVersionTest {
  private static final Pattern HEAD =
      Pattern.compile("(?m)^\\.version (\\d)\\.(\\d)\n\\.target sm_(\\d+)$");

  /** PTX 7.0 came with CUDA 11.0, and 7.N with 11.N: any driver of CUDA 12 reads them all. */
  @Test
  void everyDriverThatTheEngineTakesReadsTheCommittedPtx() {
    for (String family : KernelSources.FAMILIES) {
      String ptx = KernelSources.ptx(family);
      Matcher m = HEAD.matcher(ptx);
      assertTrue(m.find(), family);
      int version = 10 * Integer.parseInt(m.group(1)) + Integer.parseInt(m.group(2));
      int cuda = version < 70 ? 10000 : 11000 + version % 10 * 10;
      assertTrue(version < 80 && cuda < DriverVersions.OLDEST_CUDA, family + ": " + m.group());
      assertEquals("75", m.group(3), family);
      assertEquals(ptx, PtxVersion.lowest(ptx), family + " could say a lower version");
    }
  }

  @Test
  void theCompilersVersionGivesWayToTheLowest() {
    String head = "//\n.version 8.8\n.target sm_75\n.address_size 64\n";
    assertEquals(head.replace("8.8", "6.3"), PtxVersion.lowest(head));
    String inlined = head + ".loc 1 2 3, function_name $L, inlined_at 1 4 5\n";
    assertEquals(inlined.replace("8.8", "7.0"), PtxVersion.lowest(inlined));
    String ampere = head.replace("sm_75", "sm_80");
    assertEquals(ampere.replace("8.8", "7.0"), PtxVersion.lowest(ampere));
    assertThrows(IllegalArgumentException.class, () -> PtxVersion.lowest("not PTX"));
  }

  /** What is not known to be less stays as it is. */
  @Test
  void aTargetThatIsNotKnownKeepsTheCompilersVersion() {
    String later = ".version 8.8\n.target sm_100\n.address_size 64\n";
    assertEquals(later, PtxVersion.lowest(later));
  }
}
