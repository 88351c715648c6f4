package engine.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CacheFoldersTest {
  @TempDir Path temp;

  @Test
  void theLastResortCarriesTheNumberOfTheUserWhoMayHaveNoName() throws IOException {
    Object me = Files.getAttribute(Files.createFile(temp.resolve("mine")), "unix:uid");
    assertEquals("engine-" + me, CacheFolders.temporary().getFileName().toString());
  }

  @Test
  void rootLeavesNothingInTheHomeOfTheUserWhoTypedSudo() throws IOException {
    assumeTrue(Ownership.user() == 0, "only root can be who sudo has made of another");
    Path cache = temp.resolve(".cache/engine");
    Files.setAttribute(temp, "unix:uid", 54_321);
    String home = temp.toString();
    assertEquals(List.of(cache), CacheFolders.named(Map.of("HOME", home)));
    assertEquals(List.of(), CacheFolders.named(Map.of("HOME", home, "SUDO_UID", "54321")));
    assertEquals(List.of(cache), CacheFolders.named(Map.of("HOME", home, "SUDO_UID", "54322")));
    Files.setAttribute(temp, "unix:uid", 0);
    assertEquals(List.of(cache), CacheFolders.named(Map.of("HOME", home, "SUDO_UID", "54321")));
  }

  @Test
  void whoHasNoHomeGetsOneThatIsNoQuestionMark() {
    String before = System.getProperty("user.home");
    try {
      for (String unknown : new String[] {"?", "", "relative"}) {
        System.setProperty("user.home", unknown);
        CacheFolders.giveHome();
        assertTrue(Path.of(System.getProperty("user.home")).isAbsolute());
      }
      System.setProperty("user.home", temp.toString());
      CacheFolders.giveHome();
      assertEquals(temp.toString(), System.getProperty("user.home"));
    } finally {
      System.setProperty("user.home", before);
    }
  }
}
