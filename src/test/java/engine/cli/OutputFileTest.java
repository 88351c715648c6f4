package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
          find-lr --data TEMP/no --plot TEMP/lr.png      | --plot writes a picture in SVG: name the file TEMP/lr.svg
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
    "find-lr --data TEMP/no --plot TEMP/file/lr.svg",
    "export --checkpoint TEMP/no TEMP/file/a/b.onnx",
    "predict --checkpoint TEMP/no TEMP --out TEMP/file/a.jsonl",
    "train --data TEMP/no --out TEMP/file/run",
  })
  void aPlaceThatCannotBeWrittenIsFoundFirst(String line) throws IOException {
    Files.writeString(temp.resolve("file"), "no folder");
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
