package engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParseException;
import engine.base.UserError;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

/** The table of models: whatever line is added is held to this. */
final class ModelsTest {
  private static final NetworkOptions STANDARD =
      new NetworkOptions(1, "standard", "none", false, 0.3, 3, 7);

  @Test
  void everyNameMakesTheNetworkOfThatNameAndItsJsonMakesItAgain() {
    for (String name : Models.names()) {
      NetworkConfig config = NetworkConfig.of(name, STANDARD);
      assertEquals(name, config.name());
      assertEquals(config, NetworkConfig.fromJson(config.toJson()));
      assertEquals(7, config.classes());
      assertEquals(0.3, config.dropout());
      assertTrue(config.ends().containsKey(config.classifier() + ".weight"), name);
      assertTrue(NetworkSize.of(config, 224).parameters() > 1e6, name);
    }
    assertEquals(Models.names().size(), new HashSet<>(Models.names()).size());
  }

  @Test
  void aSmallerWidthIsASmallerNetwork() {
    NetworkOptions thin = new NetworkOptions(0.25, "standard", "none", false, 0.3, 3, 7);
    for (String name : Models.names()) {
      long whole = NetworkSize.of(NetworkConfig.of(name, STANDARD), 224).parameters();
      assertTrue(NetworkSize.of(NetworkConfig.of(name, thin), 224).parameters() < whole / 2, name);
    }
  }

  @Test
  void whatAFamilyDoesNotHaveIsRefusedByIt() {
    NetworkOptions cbam = new NetworkOptions(1, "standard", "cbam", false, 0, 3, 7);
    assertEquals(
        Attention.CBAM,
        ((ResNetConfig) NetworkConfig.of("resnet18", cbam)).branchEnd().attention());
    UserError e = assertThrows(UserError.class, () -> NetworkConfig.of("efficientnet_b0", cbam));
    assertTrue(e.getMessage().endsWith("leave them out for efficientnet_b0"), e.getMessage());
  }

  @Test
  void whatIsInNoTableIsSaid() {
    for (String name : new String[] {null, "", "resnet", "resnet19", "ResNet18"}) {
      UserError e = assertThrows(UserError.class, () -> NetworkConfig.of(name, STANDARD));
      assertTrue(e.getMessage().contains("use one of resnet18, resnet34, "), e.getMessage());
    }
    JsonParseException e =
        assertThrows(JsonParseException.class, () -> NetworkConfig.fromJson("{\"towers\":[1]}"));
    assertTrue(e.getMessage().startsWith("it has none of depth, scale"), e.getMessage());
  }
}
