package engine.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code auto} takes, and what it says. */
final class DevicesTest {
  private final List<String> said = new ArrayList<>();

  @Test
  void theBestThatIsWholeIsTakenAndNamed() {
    assertEquals("cuda", take(new Provider("cuda", null, true, null), cpu()));
    assertEquals(List.of("--device auto takes cuda (a cuda)"), said);
  }

  @Test
  void whyADeviceThatIsHereIsNotTakenIsSaid() {
    assertEquals("cpu", take(new Provider("cuda", "there is no cuDNN", true, null), cpu()));
    assertEquals(
        List.of("--device auto takes cpu (a cpu), not cuda, since there is no cuDNN"), said);
  }

  @Test
  void aDeviceThatDoesNotOpenGivesWayToTheNext() {
    assertEquals("cpu", take(new Provider("cuda", null, true, "the GPU is full"), cpu()));
    assertEquals(List.of("--device auto takes cpu (a cpu), not cuda, since the GPU is full"), said);
  }

  @Test
  void aMachineWithNoDriverHearsNothing() {
    Provider cuda = new Provider("cuda", "there is no driver", false, null);
    assertEquals("cpu", take(cuda, cpu()));
    assertEquals(List.of(), said);
    Devices.best(List.of(cuda, cpu()), 1, true, said::add);
    assertEquals(List.of("--device auto takes cpu (a cpu)"), said, "where auto was written");
  }

  @Test
  void whereNothingIsHereTheLastOneSaysWhy() {
    List<DeviceProvider> none =
        List.of(
            new Provider("cuda", "no driver", false, null),
            new Provider("cpu", "no Linux", true, null));
    var e =
        assertThrows(
            UnsupportedOnDeviceException.class, () -> Devices.best(none, 1, false, said::add));
    assertEquals("no Linux", e.getMessage());
  }

  @Test
  void autoPrefersCudaToTheCpuAndNeverTakesTheSoftwareGpu() {
    List<DeviceProvider> all = Devices.all();
    assertEquals(List.of("cuda", "cpu", "sim"), all.stream().map(DeviceProvider::name).toList());
    assertEquals(
        List.of("cuda", "cpu"),
        all.stream().filter(p -> p.preference() >= 0).map(DeviceProvider::name).toList());
  }

  private String take(DeviceProvider... providers) {
    return Devices.best(List.of(providers), 1, false, said::add).name();
  }

  private static Provider cpu() {
    return new Provider("cpu", null, true, null);
  }

  private record Provider(String name, String whyNot, boolean isExpected, String failure)
      implements DeviceProvider {
    @Override
    public int preference() {
      return 0;
    }

    @Override
    public Backend open(int index, int threads) {
      if (failure != null) {
        throw new UnsupportedOnDeviceException(failure);
      }
      return (Backend)
          Proxy.newProxyInstance(
              Backend.class.getClassLoader(),
              new Class<?>[] {Backend.class},
              (_, method, _) -> method.getName().equals("name") ? name : "a " + name);
    }
  }
}
