package engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.weights.Catalogue;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The weights that are known by name fit the networks that there are. */
final class CatalogueModelsTest {
  private static final List<Catalogue.Entry> ALL = Catalogue.standard().weights();

  @Test
  void eachIsOfANetworkHereWithAsManyParameters() {
    for (Catalogue.Entry e : ALL) {
      NetworkConfig network =
          NetworkConfig.of(e.model(), new NetworkOptions(1, "standard", "none", false, 0, 3, 1000));
      int side = e.preprocessing().crop();
      assertEquals(NetworkSize.of(network, side).parameters(), e.parameters(), e.name());
    }
  }

  @Test
  void namesAreDifferentAndEachNetworkHasOneDefault() {
    Set<String> names = new HashSet<>();
    for (Catalogue.Entry e : ALL) {
      assertTrue(names.add(e.name()), e.name());
      assertTrue(e.name().startsWith(e.model() + "."), e.name());
      long defaults =
          ALL.stream().filter(o -> o.isDefault() && o.model().equals(e.model())).count();
      assertEquals(1, defaults, e.model());
    }
  }

  @Test
  void eachHasItsHashInItsNameAndAllThatIsNeededToPreparePictures() {
    for (Catalogue.Entry e : ALL) {
      assertTrue(e.file().contains("-" + e.sha256() + ".pth"), e.name());
      Catalogue.Preprocessing p = e.preprocessing();
      assertTrue(p.crop() <= p.resize() && p.mean().length == 3 && p.std().length == 3, e.name());
      assertTrue(Set.of("bilinear", "bicubic").contains(p.interpolation()), e.name());
      assertTrue(Math.abs(4.0 * e.parameters() / (1 << 20) / e.mebibytes() - 1) < 0.02, e.name());
    }
  }
}
