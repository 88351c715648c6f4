package engine.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StemChannelsTest {
  private final List<String> said = new ArrayList<>();

  private Map<String, HostTensor> fit(String name, HostTensor t, Shape wanted) {
    return StemChannels.fit(Map.of(name, t), "conv1.weight", wanted, List.of(), said::add);
  }

  @Test
  void coloursAreAddedUpForGreyPictures() {
    HostTensor colour =
        HostTensor.of(new float[] {1, 2, 10, 20, 100, 200, 3, 4, 5, 6, 7, 8}, 2, 3, 1, 2);
    HostTensor grey =
        fit("module.conv1.weight", colour, Shape.of(2, 1, 1, 2)).get("module.conv1.weight");
    assertEquals(Shape.of(2, 1, 1, 2), grey.shape());
    assertArrayEquals(new float[] {111, 222, 15, 18}, grey.toFloats());
    assertEquals(1, said.size());
  }

  @Test
  void greyIsSharedOutAmongTheColours() {
    HostTensor grey = HostTensor.of(new float[] {3, 6}, 2, 1, 1, 1);
    HostTensor colour = fit("conv1.weight", grey, Shape.of(2, 3, 1, 1)).get("conv1.weight");
    assertArrayEquals(new float[] {1, 1, 1, 2, 2, 2}, colour.toFloats());
  }

  @Test
  void otherLayersAndOtherShapesStayAsTheyAre() {
    HostTensor t = HostTensor.of(new float[6], 2, 3, 1, 1);
    assertSame(t, fit("conv1.weight", t, Shape.of(2, 3, 1, 1)).get("conv1.weight"));
    assertSame(t, fit("conv1.weight", t, Shape.of(4, 1, 1, 1)).get("conv1.weight"));
    assertSame(t, fit("layer1.conv2.weight", t, Shape.of(2, 1, 1, 1)).get("layer1.conv2.weight"));
    assertEquals(List.of(), said);
  }
}
