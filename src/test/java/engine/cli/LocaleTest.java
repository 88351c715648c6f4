package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar's own start, without the launcher, in a locale that knows ASCII alone. */
final class LocaleTest {
  @TempDir Path temp;

  private EngineShell.Outcome shell(String script) throws Exception {
    return EngineShell.run(temp, Map.of("LC_ALL", "C"), script);
  }

  @Test
  void namesThatAreNotInAsciiReachTheCommand() throws Exception {
    Path array = Path.of("src/test/resources/engine/weights").toAbsolutePath();
    EngineShell.Outcome o =
        shell(
            "name=$(printf 'gr\\303\\274n \\346\\262\\231.pth')\n"
                + "cp '%s/thin_resnet18.pth' \"$name\"\n".formatted(array)
                + "exec $engine weights inspect \"$name\"");
    assertEquals(0, o.code(), o.said());
    assertTrue(o.said().contains("layer4.1.conv2.weight"), o.said());
  }

  @Test
  void theProcessStaysTheSameWithItsExitCode() throws Exception {
    EngineShell.Outcome o = shell("exec $engine weights inspect \"$(printf 'gr\\303\\274n')\"");
    assertEquals(1, o.code(), o.said());
    assertTrue(o.said().contains("grün"), o.said());
    assertEquals(2, shell("exec $engine no-such-command").code());
    TestPictures.folder(temp.resolve("data"), 8, 32, "a", "b");
    o =
        shell(
            "$engine train --data data --out run --model resnet18 --width 0.125 --image-size 32"
                + " --epochs 100000 --threads 1 --workers 1 >train.log 2>&1 &\n"
                + "pid=$!\n"
                + "until [ -e run/last ]; do sleep 0.1; kill -0 $pid || exit; done\n"
                + "kill -TERM $pid; wait $pid; code=$?; cat train.log; exit $code");
    assertEquals(128 + 15, o.code(), o.said());
  }
}
