package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import engine.base.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options from files. */
final class ConfigFileTest {
  @TempDir Path temp;

  @Test
  void yamlAndJsonSayTheSame() {
    Map<String, String> yaml =
        ConfigFile.parse("lr: 3e-4\nweight-decay-at: [\"40:0.1\", \"60:0\"]\nema: 0.99\n", "a")
            .options();
    Map<String, String> json =
        ConfigFile.parse(
                "{\"lr\": 3e-4, \"x\": {\"weightDecayAt\": [\"40:0.1\",\"60:0\"], \"ema\": 0.99}}",
                "b")
            .options();
    assertEquals(3e-4, Double.parseDouble(yaml.get("lr")));
    assertEquals("40:0.1,60:0", yaml.get("weight-decay-at"));
    assertEquals(yaml.get("weight-decay-at"), json.get("weight-decay-at"));
    assertEquals(yaml.keySet(), json.keySet());
  }

  @Test
  void whatIsNoObjectIsRefusedInOneSentence() {
    for (String text : new String[] {"- a\n- b", "{\"a\": ", "just words", "a: [1"}) {
      UserError e = assertThrows(UserError.class, () -> ConfigFile.parse(text, "f.yaml"));
      assertTrue(e.getMessage().startsWith("f.yaml holds no options"), e.getMessage());
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }
  }

  @Test
  void theConfigOfARunRepeatsItAndTypedOptionsWin() throws IOException {
    Path data = TestPictures.folder(temp.resolve("data"), 6, 8, "a", "b");
    Path first = temp.resolve("first");
    String[] common = {
      "--model", "resnet18", "--width", "0.0625", "--image-size", "8", "--batch", "4"
    };
    CliRun run =
        CliRun.of(
            (Object[])
                join(
                    new String[] {
                      "train",
                      "--data",
                      data.toString(),
                      "--out",
                      first.toString(),
                      "--recipe",
                      "fast",
                      "--epochs",
                      "1",
                      "--mixup",
                      "0.3",
                      "--layer-decay",
                      "0.9",
                      "--class-weights",
                      "1,2",
                      "--weight-decay-at",
                      "1:0.5,2:0.6"
                    },
                    common));
    assertEquals(0, run.code(), run.err());
    Path second = temp.resolve("second");
    Path config = first.resolve("config.json");
    run = CliRun.of("train", "--config", config.toString(), "--out", second.toString());
    assertEquals(0, run.code(), run.err());
    assertEquals(Files.readString(config), Files.readString(second.resolve("config.json")));
    Path third = temp.resolve("third");
    run =
        CliRun.of(
            "train", "--config=" + config, "--out", third.toString(), "--ema", "0", "--seed=5");
    assertEquals(0, run.code(), run.err());
    String changed = Files.readString(third.resolve("config.json"));
    assertTrue(changed.contains("\"ema\": 0.0") && changed.contains("\"seed\": 5"), changed);
    assertTrue(changed.contains("\"no_decay_norm_bias\": true"), changed);
  }

  @Test
  void anUnknownNameIsToldWithTheNearestOne() throws IOException {
    Path file = temp.resolve("a.yaml");
    Files.writeString(file, "label-smothing: 0.1\n");
    CliRun run = CliRun.of("train", "--data", "demo", "--config", file.toString());
    assertEquals(2, run.code());
    assertTrue(run.err().contains("did you mean label-smoothing?"), run.err());
    run = CliRun.of("train", "--data", "demo", "--recipe", "slow");
    assertEquals(2, run.code());
    assertTrue(run.err().contains("reference, fast, fine-tune, none"), run.err());
  }

  private static String[] join(String[] a, String[] b) {
    String[] out = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, out, a.length, b.length);
    return out;
  }
}
