package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar's own start, without the launcher, in a locale that knows ASCII alone. */
final class LocaleTest {
  @TempDir Path temp;

  private record Outcome(int code, String said) {}

  /** Runs a shell script in which {@code $engine} is the engine's command line. */
  private Outcome shell(String script) throws Exception {
    Path log = temp.resolve("log");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", script)
            .directory(temp.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("LC_ALL", "C");
    builder
        .environment()
        .put(
            "engine",
            java
                + " --enable-native-access=ALL-UNNAMED -Xmx200m -XX:+UseSerialGC"
                + " -XX:TieredStopAtLevel=1 "
                + Main.class.getName());
    builder
        .environment()
        .put(
            "CLASSPATH",
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator)));
    Process p = builder.start();
    assertTrue(p.waitFor(60, TimeUnit.SECONDS));
    return new Outcome(p.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
  }

  @Test
  void namesThatAreNotInAsciiReachTheCommand() throws Exception {
    Path array = Path.of("src/test/resources/engine/weights").toAbsolutePath();
    Outcome o =
        shell(
            "name=$(printf 'gr\\303\\274n \\346\\262\\231.pth')\n"
                + "cp '%s/thin_resnet18.pth' \"$name\"\n".formatted(array)
                + "exec $engine weights inspect \"$name\"");
    assertEquals(0, o.code(), o.said());
    assertTrue(o.said().contains("layer4.1.conv2.weight"), o.said());
  }

  @Test
  void theProcessStaysTheSameWithItsExitCode() throws Exception {
    Outcome o = shell("exec $engine weights inspect \"$(printf 'gr\\303\\274n')\"");
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
