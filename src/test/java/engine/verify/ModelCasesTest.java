package engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import engine.TestDevices;
import engine.tensor.HostTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The bundled cases of PyTorch's networks pass, and changed ones fail. */
final class ModelCasesTest {
  private static final Path FOLDER = Path.of("src/test/resources/engine/golden");

  private final ModelCases runner = new ModelCases(TestDevices.cpu());

  @TestFactory
  Stream<DynamicTest> everyBundledCasePasses() throws IOException {
    CaseSuite suite = new CaseSuite(Map.of("model", List.of(runner)));
    List<Manifest.Item> items =
        Manifest.read(FOLDER).cases().stream().filter(c -> c.group().equals("model")).toList();
    assertEquals(16, items.size());
    return items.stream()
        .map(
            item ->
                dynamicTest(
                    item.name(),
                    () -> {
                      CaseResult r = suite.run(item);
                      assertEquals(CaseResult.Outcome.PASSED, r.outcome(), r::describe);
                    }));
  }

  @Test
  void anotherGradientFailsByItsNorm() throws Exception {
    Comparison worst = worst("thin_resnet18_grads", "grad.layer2.0.conv1.weight");
    assertTrue(worst.problem().contains("grad.layer2.0.conv1.weight"), worst.problem());
    assertTrue(worst.problem().contains("as a norm"), worst.problem());
  }

  @Test
  void otherParametersAfterThreeStepsFail() throws Exception {
    String key = "out.params_after_3_adamw.fc.weight";
    assertTrue(worst("thin_resnet18_params_after_3_adamw", key).problem().contains(key));
  }

  @Test
  void otherStatisticsFail() throws Exception {
    String key = "out.buffers_after_1_step.layer3.1.bn2.running_var";
    assertTrue(worst("thin_resnet18", key).problem().contains(key));
  }

  @Test
  void aNetworkThatIsNotTheEnginesIsUnknown() throws IOException {
    ReferenceCase c = load("thin_resnet18");
    c.attrs().addProperty("block", "Bottleneck");
    assertTrue(!runner.knows(c));
  }

  /** The worst comparison of a case, one of whose expected arrays was halved. */
  private Comparison worst(String name, String key) throws IOException {
    ReferenceCase c = load(name);
    Map<String, HostTensor> arrays = new HashMap<>(c.arrays());
    float[] v = arrays.get(key).toFloats();
    for (int i = 0; i < v.length; i++) {
      v[i] /= 2;
    }
    arrays.put(key, HostTensor.of(v, arrays.get(key).shape().dims()));
    ReferenceCase changed =
        new ReferenceCase(
            c.group(), c.name(), c.op(), c.attrs(), c.spec(), c.folder(), arrays, c.files());
    ReferenceChecks checks = new ReferenceChecks(changed);
    runner.run(changed, checks);
    List<Comparison> failed = checks.results().stream().filter(r -> !r.passed()).toList();
    assertTrue(!failed.isEmpty(), "the changed case passed");
    return failed.getFirst();
  }

  private static ReferenceCase load(String name) throws IOException {
    for (Manifest.Item item : Manifest.read(FOLDER).cases()) {
      if (item.name().equals(name)) {
        return item.load();
      }
    }
    throw new AssertionError("no case " + name);
  }
}
