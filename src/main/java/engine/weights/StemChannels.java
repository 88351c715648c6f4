package engine.weights;

import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Weights of colour pictures in a network of grey ones, and the other way round: the first layer's
 * filters are added up over the three channels, as timm does, or a third of them goes to each. A
 * grey picture then gives what it gave as three equal channels.
 */
public final class StemChannels {
  private StemChannels() {}

  /**
   * The same tensors with a first layer for as many channels as the network has.
   *
   * @param file tensors by the file's names
   * @param stem the first layer's weight, in torchvision's words
   * @param wanted its shape in the network, [O, C, H, W]
   * @param known names of other libraries that the file may have
   * @param say told what was done
   */
  public static Map<String, HostTensor> fit(
      Map<String, HostTensor> file,
      String stem,
      Shape wanted,
      List<LayerNames> known,
      Consumer<String> say) {
    Map<String, HostTensor> out = new LinkedHashMap<>(file);
    file.forEach(
        (name, t) -> {
          if (isStem(name, stem, known) && differsInChannels(t.shape(), wanted)) {
            out.put(name, fit(t, wanted));
            say.accept(
                wanted.dim(1) == 1
                    ? name + ": the filters of the three colours were added up for grey pictures"
                    : name + ": a third of the filters for grey pictures goes to each colour");
          }
        });
    return out;
  }

  /** Whatever wrappers put before the name. */
  private static boolean isStem(String name, String stem, List<LayerNames> known) {
    if (name.equals(stem) || name.endsWith("." + stem)) {
      return true;
    }
    String[] parts = name.split("\\.");
    String last = parts.length < 2 ? name : parts[parts.length - 2] + "." + parts[parts.length - 1];
    return known.stream().anyMatch(n -> n.toTorchvision(last).equals(stem));
  }

  private static boolean differsInChannels(Shape there, Shape wanted) {
    return there.rank() == 4
        && wanted.rank() == 4
        && there.dim(1) + wanted.dim(1) == 4
        && (there.dim(1) == 1 || there.dim(1) == 3)
        && there.dim(0) == wanted.dim(0)
        && there.dim(2) == wanted.dim(2)
        && there.dim(3) == wanted.dim(3);
  }

  private static HostTensor fit(HostTensor t, Shape wanted) {
    float[] from = t.toFloats();
    int plane = (int) (wanted.dim(2) * wanted.dim(3));
    int filters = (int) wanted.dim(0);
    int channels = (int) wanted.dim(1);
    float[] to = new float[filters * channels * plane];
    for (int o = 0; o < filters; o++) {
      for (int i = 0; i < plane; i++) {
        if (channels == 1) {
          int at = 3 * o * plane + i;
          to[o * plane + i] = from[at] + from[at + plane] + from[at + 2 * plane];
        } else {
          for (int c = 0; c < 3; c++) {
            to[(3 * o + c) * plane + i] = from[o * plane + i] / 3;
          }
        }
      }
    }
    return HostTensor.of(to, filters, channels, wanted.dim(2), wanted.dim(3));
  }
}
