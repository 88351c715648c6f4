package engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.tensor.HostTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReferenceChecksTest {
  private static final String LOOSE = "{'arrays':{'out.y':{'atol':0.5,'rtol':0.1}}}";
  private static final String EXACT = "{'arrays':{'out.y':{'exact':true}}}";

  @Test
  void theToleranceIsAtolPlusRtolTimesTheReference() {
    HostTensor want = HostTensor.of(new float[] {10, -10}, 2);
    assertTrue(only(LOOSE, want, HostTensor.of(new float[] {11.5f, -8.5f}, 2)).passed());
    Comparison c = only(LOOSE, want, HostTensor.of(new float[] {10, -8.25f}, 2));
    assertFalse(c.passed());
    assertEquals(1.75 / 1.5, c.ratio(), 1e-12);
    assertEquals("out.y is off by 1.75 at [1], allowed is 1.50", c.problem());
  }

  @Test
  void theElementFurthestBeyondItsToleranceIsKept() {
    HostTensor want = HostTensor.of(new float[] {100, 0}, 2);
    Comparison c = only(LOOSE, want, HostTensor.of(new float[] {102, 0.4f}, 2));
    assertEquals(0.4, c.error(), 1e-6);
    assertEquals(0.5, c.tolerance());
  }

  @Test
  void nanEqualsNanAndInfinitiesOfOneSignAreEqual() {
    float inf = Float.POSITIVE_INFINITY;
    HostTensor want = HostTensor.of(new float[] {Float.NaN, inf, -inf}, 3);
    assertTrue(only(LOOSE, want, want).passed());
    assertTrue(only(EXACT, want, want).passed());
    for (float[] wrong :
        new float[][] {{0, inf, -inf}, {Float.NaN, -inf, -inf}, {Float.NaN, inf, 3}}) {
      assertFalse(only(LOOSE, want, HostTensor.of(wrong, 3)).passed());
    }
    assertFalse(
        only(LOOSE, HostTensor.of(new float[] {1}, 1), HostTensor.of(new float[] {inf}, 1))
            .passed());
    assertFalse(
        only(LOOSE, HostTensor.of(new float[] {1}, 1), HostTensor.of(new float[] {Float.NaN}, 1))
            .passed());
  }

  @Test
  void exactLongsAreComparedBeyondTheDoublesPrecision() {
    HostTensor want = HostTensor.of(new long[] {(1L << 62) + 1}, 1);
    assertFalse(only(EXACT, want, HostTensor.of(new long[] {1L << 62}, 1)).passed());
    assertTrue(only(EXACT, want, want).passed());
  }

  @Test
  void anotherShapeOrTypeFails() {
    HostTensor want = HostTensor.of(new float[] {1, 2}, 2);
    assertEquals(
        "out.y has the shape [1, 2], not [2]",
        only(LOOSE, want, HostTensor.of(new float[] {1, 2}, 1, 2)).problem());
    assertEquals(
        "out.y is F64, not F32",
        only(LOOSE, want, HostTensor.of(new double[] {1, 2}, 2)).problem());
  }

  @Test
  void aReferenceThatIsNeverHandedInFailsAndAuxiliaryOnesDoNot() {
    HostTensor one = HostTensor.of(new float[] {1}, 1);
    ReferenceCase c =
        reference(
            "{}", Map.of("in.x", one, "out.y", one, "grad.x", one, "aux.z", one, "out.z", one));
    ReferenceChecks checks = new ReferenceChecks(c);
    checks.array("out.y", one);
    List<String> failed =
        checks.results().stream().filter(r -> !r.passed()).map(Comparison::what).sorted().toList();
    assertEquals(List.of("grad.x", "out.z"), failed);
  }

  @Test
  void aCaseThatComparesNothingFails() {
    assertFalse(new ReferenceChecks(reference("{}", Map.of())).results().getFirst().passed());
  }

  @Test
  void adviceLimitsTheLargestAndTheMeanDifference() {
    HostTensor want = HostTensor.of(new byte[] {10, 20, 30, 40}, 4);
    HostTensor got = HostTensor.of(new byte[] {10, 24, 30, 40}, 4);
    assertTrue(advised(want, got, 4, 1).passed());
    assertFalse(advised(want, got, 3, 1).passed());
    assertEquals(
        "out.y is off by 1.00 on average, allowed is 0.500", advised(want, got, 9, 0.5).problem());
  }

  @Test
  void numbersAndFactsAreChecked() {
    ReferenceChecks checks = new ReferenceChecks(reference("{}", Map.of()));
    checks.scalar("accuracy", 0.5, 0.5 + 1e-9, 1e-8);
    checks.scalar("f1", 0.5, Double.NaN, 1e-8);
    checks.that("it holds", true);
    checks.that("it does not", false);
    assertEquals(
        List.of(true, false, true, false),
        checks.results().stream().map(Comparison::passed).toList());
  }

  private static Comparison advised(HostTensor want, HostTensor got, double max, double mean) {
    ReferenceChecks checks = new ReferenceChecks(reference(EXACT, Map.of("out.y", want)));
    checks.array("out.y", got, max, mean);
    return checks.results().getFirst();
  }

  private static Comparison only(String spec, HostTensor want, HostTensor got) {
    ReferenceChecks checks = new ReferenceChecks(reference(spec, Map.of("out.y", want)));
    checks.array("out.y", got);
    assertEquals(1, checks.results().size());
    return checks.results().getFirst();
  }

  private static ReferenceCase reference(String spec, Map<String, HostTensor> arrays) {
    JsonObject json = JsonParser.parseString(spec.replace('\'', '"')).getAsJsonObject();
    return new ReferenceCase(
        "ops", "a", "op", new JsonObject(), json, Path.of("."), arrays, Map.of());
  }
}
