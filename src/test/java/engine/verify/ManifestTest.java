package engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.Backend;
import engine.backend.Devices;
import engine.base.UserError;
import engine.tensor.HostTensor;
import engine.verify.CaseResult.Outcome;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ManifestTest {
  private static final String ONE =
      "{'cases':[{'group':'ops','name':'a','op':'neg','file':'a.safetensors',"
          + "'arrays':{'in.x':{},'out.y':{'atol':0.1,'rtol':0}}}]}";

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'cases':                                             | is not a manifest
          []                                                    | it has no list of cases
          {'cases':3}                                           | is not a manifest
          {'cases':[3]}                                         | case 0 is not an object
          {'cases':[{'group':'g','name':'n'}]}                  | case 0 lacks its op
          {'cases':[{'group':'g','name':'n','op':'o'},{'group':'g','name':'n','op':'o'}]} | twice
          """)
  void whatIsNotAManifestIsSaidToBeNone(String json, String reason) throws IOException {
    write(json);
    var e = assertThrows(UserError.class, () -> Manifest.read(temp));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  @Test
  void aFolderWithoutOneIsNamed() {
    var e = assertThrows(UserError.class, () -> Manifest.read(temp));
    assertTrue(e.getMessage().startsWith(temp + " holds no reference cases"), e.getMessage());
  }

  @Test
  void aCaseRunsWithTheFirstRunnerThatKnowsIt() throws IOException {
    HostTensor x = HostTensor.of(new float[] {1, 2}, 2);
    HostTensor y = HostTensor.of(new float[] {-1, -2.05f}, 2);
    SafeTensors.write(temp.resolve("a.safetensors"), Map.of("in.x", x, "out.y", y), Map.of());
    CaseResult right = run(new Negation(true, -1));
    assertEquals(Outcome.PASSED, right.outcome());
    assertEquals("out.y 0.050 of 0.10", right.describe());
    assertEquals(Outcome.FAILED, run(new Negation(true, -2)).outcome());
    assertEquals(Outcome.UNKNOWN, run(new Negation(false, -1)).outcome());
    assertEquals(Outcome.UNKNOWN, run().outcome());
    assertEquals(Outcome.PASSED, run(new Negation(false, 9), new Negation(true, -1)).outcome());
  }

  @Test
  void aMissingFileOrArrayFailsTheCaseAndNotTheSuite() throws IOException {
    CaseResult missing = run(new Negation(true, -1));
    assertEquals(Outcome.FAILED, missing.outcome());
    assertTrue(missing.describe().contains("there is no such file"), missing.describe());
    HostTensor x = HostTensor.of(new float[] {1, 2}, 2);
    SafeTensors.write(temp.resolve("a.safetensors"), Map.of("in.x", x), Map.of());
    assertTrue(run(new Negation(true, -1)).describe().contains("lists the array out.y"));
  }

  @Test
  void theBundledFormatCasesPass() throws IOException {
    Manifest manifest = Manifest.read(Path.of("src/test/resources/engine/golden"));
    try (Backend cpu = Devices.open("cpu", 1)) {
      CaseSuite suite = CaseSuite.standard(cpu);
      for (Manifest.Item item : manifest.cases()) {
        if (!item.group().equals("formats")) {
          continue;
        }
        CaseResult r = suite.run(item);
        assertEquals(Outcome.PASSED, r.outcome(), item.id() + ": " + r.describe());
      }
    }
  }

  private CaseResult run(CaseRunner... runners) throws IOException {
    write(ONE);
    CaseSuite suite = new CaseSuite(Map.of("ops", List.of(runners)));
    return suite.run(Manifest.read(temp).cases().getFirst());
  }

  private void write(String json) throws IOException {
    Files.writeString(temp.resolve("manifest.json"), json.replace('\'', '"'));
  }

  private record Negation(boolean known, float factor) implements CaseRunner {
    @Override
    public boolean knows(ReferenceCase c) {
      return known;
    }

    @Override
    public void run(ReferenceCase c, Checks checks) {
      float[] x = c.in("x").toFloats();
      checks.array("out.y", HostTensor.of(new float[] {x[0] * factor, x[1] * factor}, 2));
    }
  }
}
