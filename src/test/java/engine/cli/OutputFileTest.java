package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a command is to write is held to its name and its place before anything is computed. */
final class OutputFileTest {
  @TempDir private Path temp;

  /** The checkpoint and the data are not there: whoever looks for them first says so. */
  private CliRun run(String line) {
    return CliRun.of((Object[]) line.replace("TEMP", temp.toString()).split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          eval --checkpoint TEMP/no --report TEMP/x.pdf  | writes an HTML page: name the file TEMP/x.html, not TEMP/x.pdf
          eval --checkpoint TEMP/no --report TEMP/x      | name the file TEMP/x.html, not TEMP/x
          eval --checkpoint TEMP/no --report TEMP/x.htlm | name the file TEMP/x.html, not TEMP/x.htlm
          eval --checkpoint TEMP/no --report TEMP        | --report TEMP is a folder: name a file in it, such as TEMP/NAME.html
          find-lr --data TEMP/no --plot TEMP/lr.png      | --plot writes an HTML page: name the file TEMP/lr.html, not TEMP/lr.png
          find-lr --data TEMP/no --plot TEMP/lr.svg      | name the file TEMP/lr.html, not TEMP/lr.svg
          eval --checkpoint TEMP/no --out TEMP/a.xlsx    | --out writes comma-separated values (.csv) or tab-separated values (.tsv) or a JSON object a line (.jsonl): name the file TEMP/a.csv
          eval --checkpoint TEMP/no --out TEMP/a.json    | name the file TEMP/a.jsonl, not TEMP/a.json
          eval --checkpoint TEMP/no --out TEMP/.csv      | name the file TEMP/.csv.csv, not TEMP/.csv
          eval --checkpoint TEMP/no --out TEMP           | --out TEMP is a folder: name a file in it, such as TEMP/NAME.csv
          data TEMP/no --report TEMP/x.txt               | --report writes an HTML page: name the file TEMP/x.html, not TEMP/x.txt
          compare TEMP/no TEMP/no --out TEMP/x           | --out writes an HTML page: name the file TEMP/x.html, not TEMP/x
          export --checkpoint TEMP/no TEMP/a.pb          | writes an ONNX model: name the file TEMP/a.onnx
          predict --checkpoint TEMP/no TEMP --format csv --out TEMP/a.jsonl | a.jsonl and --format csv do not go together
          """)
  void theExtensionSaysWhatIsWritten(String line, String said) throws IOException {
    run(line).assertWrongUsage(said.replace("TEMP", temp.toString()));
    assertNothingIn(temp);
  }

  @ParameterizedTest
  @CsvSource({
    "eval --checkpoint TEMP/no --report TEMP/file/x.html",
    "find-lr --data TEMP/no --plot TEMP/file/lr.html",
    "eval --checkpoint TEMP/no --out TEMP/file/a/b.tsv",
    "data TEMP/no --report TEMP/file/x.html",
    "compare TEMP/no TEMP/no --out TEMP/file/x.html",
    "predict --checkpoint TEMP/no TEMP/pictures --copy-into TEMP/file/copies",
    "'train --data TEMP/no --seeds 1,2 --out TEMP/file/runs'",
    "sweep TEMP/sweep.yaml --out TEMP/file/sweep",
    "export --checkpoint TEMP/no TEMP/file/a/b.onnx",
    "predict --checkpoint TEMP/no TEMP --out TEMP/file/a.jsonl",
    "train --data TEMP/no --out TEMP/file/run",
  })
  void aPlaceThatCannotBeWrittenIsFoundFirst(String line) throws IOException {
    Files.writeString(temp.resolve("file"), "no folder");
    TestPictures.folder(temp.resolve("pictures"), 1, 16, "a", "b");
    Files.writeString(temp.resolve("sweep.yaml"), "data: no\nsweep: {options: {lr: [0.1, 0.2]}}\n");
    CliRun r = run(line).assertFails(temp.resolve("file") + " is a file, not a folder");
    assertFalse(r.err().contains(temp + "/no"), r.err());
  }

  @Test
  void theFoldersAreMadeAndNothingElseIs() throws IOException {
    run("eval --checkpoint TEMP/no --report TEMP/a/b/x.HTML").assertFails("there is no checkpoint");
    assertTrue(Files.isDirectory(temp.resolve("a/b")));
    assertNothingIn(temp.resolve("a/b"));
  }

  @Test
  void aRunFolderIsTriedWithoutBeingMade() throws IOException {
    run("train --data TEMP/no --out TEMP/a/run").assertFails("no folder " + temp + "/no");
    assertNothingIn(temp);
  }

  private static void assertNothingIn(Path folder) throws IOException {
    try (Stream<Path> s = Files.list(folder)) {
      assertEquals(0, s.count());
    }
  }
}
