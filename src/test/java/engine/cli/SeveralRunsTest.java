package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --seeds} and {@code --folds}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SeveralRunsTest {
  private static final String WEIGHTS = "checkpoints/epoch-0002/model.safetensors";

  @TempDir static Path shared;
  private Path data;
  private Path seeds;
  private String said;

  @BeforeAll
  void trainThreeSeeds() throws IOException {
    data = TestPictures.folder(shared.resolve("data"), 9, 8, "a", "b");
    seeds = shared.resolve("seeds");
    said = train("--seeds", "1,2,5", "--out", seeds).assertSucceeds().out();
  }

  private CliRun train(Object... more) {
    List<Object> args = new ArrayList<>(List.of("train", "--json", "--data", data));
    args.addAll(List.of("--model", "resnet18", "--width", 0.0625, "--image-size", 8));
    args.addAll(List.of("--batch", 4, "--epochs", 2, "--workers", 1, "--threads", 1));
    args.addAll(List.of("--device", "cpu"));
    args.addAll(List.of(more));
    return CliRun.of(args.toArray());
  }

  private static JsonObject last(String out) {
    return JsonParser.parseString(out.lines().toList().getLast()).getAsJsonObject();
  }

  private static double mean(JsonArray members) {
    return members.asList().stream()
        .mapToDouble(m -> m.getAsJsonObject().get("accuracy").getAsDouble())
        .average()
        .orElseThrow();
  }

  @Test
  void oneTableHasEachTheirMeanAndTheirVote() throws IOException {
    JsonObject group = last(said);
    JsonKeys.of("train --seeds, train --folds").check(group);
    JsonArray members = group.getAsJsonArray("members");
    assertEquals(3, members.size());
    assertEquals(mean(members), group.get("accuracy_mean").getAsDouble(), 1e-12);
    assertEquals(2, members.get(1).getAsJsonObject().getAsJsonArray("against_first_95").size());
    assertTrue(group.getAsJsonObject("vote").get("accuracy").getAsDouble() >= 0);
    assertEquals(group, JsonParser.parseString(Files.readString(seeds.resolve("report.json"))));
    String page = Files.readString(seeds.resolve("report.html"));
    for (String part : List.of("seed-1", "seed-5", "Mean accuracy", "Vote", "Recall by class")) {
      assertTrue(page.contains(part), part);
    }
  }

  /** The vote is the one that eval makes of the same checkpoints. */
  @Test
  void theVoteIsThatOfEval() {
    Object[] eval = {
      "eval",
      "--json",
      "--checkpoint",
      seeds.resolve("seed-1"),
      "--checkpoint",
      seeds.resolve("seed-2"),
      "--checkpoint",
      seeds.resolve("seed-5")
    };
    JsonObject judged = last(CliRun.of(eval).assertSucceeds().out());
    JsonObject group = last(said);
    assertEquals(judged.get("accuracy"), group.getAsJsonObject("vote").get("accuracy"));
    JsonArray alone = judged.getAsJsonArray("accuracy_alone");
    for (int i = 0; i < 3; i++) {
      JsonObject member = group.getAsJsonArray("members").get(i).getAsJsonObject();
      assertEquals(alone.get(i), member.get("accuracy"));
    }
  }

  /** A member is the run that its own config.json describes, and the seeds make a difference. */
  @Test
  void aMemberIsARunLikeAnyOther(@TempDir Path temp) throws IOException {
    Path alone = temp.resolve("alone");
    CliRun.of("train", "--json", "--config", seeds.resolve("seed-2/config.json"), "--out", alone)
        .assertSucceeds();
    assertEquals(
        -1, Files.mismatch(seeds.resolve("seed-2").resolve(WEIGHTS), alone.resolve(WEIGHTS)));
    assertTrue(
        Files.mismatch(
                seeds.resolve("seed-1").resolve(WEIGHTS), seeds.resolve("seed-2").resolve(WEIGHTS))
            >= 0);
  }

  @Test
  void finishedMembersAreKeptAndTheRestIsTrained(@TempDir Path temp) throws IOException {
    Path killed = temp.resolve("killed");
    CliRun first = train("--seeds", "1,2,5", "--out", killed);
    first.assertSucceeds();
    delete(killed.resolve("seed-2"));
    delete(killed.resolve("seed-5").resolve("checkpoints"));
    for (String file : List.of("last", "best", "metrics.jsonl")) {
      Files.delete(killed.resolve("seed-5").resolve(file));
    }
    Files.delete(killed.resolve("report.html"));
    FileTime before = Files.getLastModifiedTime(killed.resolve("seed-1/metrics.jsonl"));
    String out = CliRun.of("train", "--json", "--resume", killed).assertSucceeds().out();
    assertTrue(out.contains("seed-1 has ended and is kept"), out);
    assertEquals(before, Files.getLastModifiedTime(killed.resolve("seed-1/metrics.jsonl")));
    for (String member : List.of("seed-1", "seed-2", "seed-5")) {
      assertEquals(
          -1,
          Files.mismatch(
              seeds.resolve(member).resolve(WEIGHTS), killed.resolve(member).resolve(WEIGHTS)));
    }
    CliRun.of("train", "--resume", killed, "--lr", 1).assertWrongUsage("--lr cannot change in");
    CliRun.of("train", "--resume", killed, "--seeds", "1,2").assertWrongUsage("--seeds cannot");
    // The same line again, with --resume at its end.
    train("--seeds", "1,2,5", "--out", killed, "--resume").assertSucceeds();
    assertTrue(Files.exists(killed.resolve("report.html")));
    train("--seeds", "1,2", "--out", killed).assertFails("holds a group of runs already");
    CliRun.of("train", "--json", "--resume", killed, "--epochs", 3).assertSucceeds();
    assertTrue(Files.exists(killed.resolve("seed-5/checkpoints/epoch-0003")));
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path f : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(f);
      }
    }
  }

  @Test
  void foldsHoldEachPictureOutOnce(@TempDir Path temp) {
    Path folds = temp.resolve("folds");
    JsonObject group = last(train("--folds", 3, "--out", folds).assertSucceeds().out());
    JsonArray members = group.getAsJsonArray("members");
    assertEquals(3, members.size());
    int pictures = 0;
    double right = 0;
    for (var m : members) {
      int n = m.getAsJsonObject().get("samples").getAsInt();
      pictures += n;
      right += n * m.getAsJsonObject().get("accuracy").getAsDouble();
    }
    assertEquals(18, pictures);
    assertEquals(right / 18, group.get("accuracy_of_all").getAsDouble(), 1e-12);
    assertFalse(group.has("vote"), "each picture was trained on by two of the three");
    CliRun.of("eval", "--checkpoint", folds)
        .assertFails("whose runs were trained on what the others held out");
  }

  @Test
  void whatIsNoGroupIsRefused() {
    for (Object[] wrong :
        new Object[][] {
          {"--seeds", "1", "--seeds takes two or more different whole numbers"},
          {"--seeds", "1,1", "such as 0,1,2 or 0..2, not '1,1'"},
          {"--seeds", "1,x", "such as 0,1,2 or 0..2, not '1,x'"},
          {"--seeds", "1..x", "such as 0,1,2 or 0..2, not '1..x'"},
          {"--seeds", "4..1", "such as 0,1,2 or 0..2, not '4..1'"},
          {"--seeds", "0..9,3", "such as 0,1,2 or 0..2, not '0..9,3'"},
          {"--seeds", "0..999999999999", "such as 0,1,2 or 0..2, not '0..999999999999'"},
          {"--seeds", "1,,2", "such as 0,1,2 or 0..2, not '1,,2'"},
          {"--folds", "1", "--folds must be between 2 and 100, not 1"},
          {"--fold", "7/5", "--fold takes which of how many parts"},
        }) {
      train(wrong[0], wrong[1], "--out", shared.resolve("none"))
          .assertWrongUsage((String) wrong[2]);
    }
    train("--folds", 3, "--seeds", "1,2").assertWrongUsage("cannot be had together");
    train("--folds", 50, "--out", shared.resolve("none"))
        .assertFails("too few pictures for 50 parts");
    assertFalse(Files.exists(shared.resolve("none")));
  }
}
