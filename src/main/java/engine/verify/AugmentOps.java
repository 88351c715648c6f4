package engine.verify;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import engine.data.transform.Adjustments;
import engine.data.transform.Interpolation;
import engine.data.transform.PaddingMode;
import engine.data.transform.Transform;
import engine.data.transform.Transforms;
import java.util.Locale;
import java.util.Set;

/** Reads the {@code ops} of an augment case, such as {@code ["Resize", [37, 53], "bicubic"]}. */
final class AugmentOps {
  private static final Set<String> NAMES =
      Set.of(
          "Resize",
          "CenterCrop",
          "crop",
          "resized_crop",
          "hflip",
          "vflip",
          "Pad",
          "Grayscale",
          "brightness",
          "contrast",
          "saturation",
          "hue",
          "sharpness",
          "gamma",
          "rotate",
          "autocontrast",
          "equalize",
          "posterize",
          "solarize",
          "invert",
          "affine",
          "ToTensor",
          "Normalize");

  private AugmentOps() {}

  static boolean known(JsonArray ops) {
    return ops.asList().stream().allMatch(op -> NAMES.contains(name(op.getAsJsonArray())));
  }

  /** All steps on pictures, in order; {@code ToTensor} and what follows are the caller's. */
  static Transform parse(JsonArray ops) {
    return Transforms.compose(
        ops.asList().stream()
            .map(JsonElement::getAsJsonArray)
            .takeWhile(op -> !name(op).equals("ToTensor"))
            .map(AugmentOps::step)
            .toArray(Transform[]::new));
  }

  /** The name without the parameters that some carry: {@code rotate_-33_bilinear}. */
  private static String name(JsonArray op) {
    String full = op.get(0).getAsString();
    return full.equals("resized_crop") ? full : full.split("_")[0];
  }

  private static Transform step(JsonArray op) {
    String[] words = op.get(0).getAsString().split("_");
    return switch (name(op)) {
      case "Resize" -> resize(op);
      case "CenterCrop" ->
          op.get(1).isJsonArray()
              ? Transforms.centerCrop(pair(op, 0), pair(op, 1))
              : Transforms.centerCrop(integer(op, 1));
      case "crop" ->
          Transforms.crop(integer(op, 1), integer(op, 2), integer(op, 3), integer(op, 4));
      case "resized_crop" ->
          Transforms.resizedCrop(
              integer(op, 1),
              integer(op, 2),
              integer(op, 3),
              integer(op, 4),
              integer(op, 5),
              integer(op, 6));
      case "hflip" -> Transforms.horizontalFlip();
      case "vflip" -> Transforms.verticalFlip();
      case "Pad" -> pad(op);
      case "Grayscale" -> Transforms.grayscale(integer(op, 1));
      case "rotate" ->
          Transforms.rotate(
              Double.parseDouble(words[1]),
              words.length > 2 ? interpolation(words[2]) : Interpolation.NEAREST);
      case "affine" -> Transforms.affine(10, 5, -4, 1.2, 8, 3, Interpolation.NEAREST);
      case "autocontrast" -> Adjustments.autocontrast();
      case "equalize" -> Adjustments.equalize();
      case "posterize" -> Adjustments.posterize(Integer.parseInt(words[1]));
      case "solarize" -> Adjustments.solarize(Integer.parseInt(words[1]));
      case "invert" -> Adjustments.invert();
      default -> adjust(name(op), op.get(1).getAsDouble());
    };
  }

  /** torchvision's {@code adjust_<name>}. */
  static Transform adjust(String name, double factor) {
    return switch (name) {
      case "brightness" -> Adjustments.brightness(factor);
      case "contrast" -> Adjustments.contrast(factor);
      case "saturation" -> Adjustments.saturation(factor);
      case "hue" -> Adjustments.hue(factor);
      case "sharpness" -> Adjustments.sharpness(factor);
      case "gamma" -> Adjustments.gamma(factor);
      default -> throw new IllegalArgumentException("no image operation is called " + name);
    };
  }

  private static Transform resize(JsonArray op) {
    String option = op.size() > 2 ? op.get(2).getAsString() : "bilinear";
    if (option.startsWith("max_size=")) {
      int maxSize = Integer.parseInt(option.substring("max_size=".length()));
      return Transforms.resizeWithin(integer(op, 1), maxSize);
    }
    Interpolation how = interpolation(option);
    return op.get(1).isJsonArray()
        ? Transforms.resize(pair(op, 0), pair(op, 1), how)
        : Transforms.resize(integer(op, 1), how);
  }

  private static Transform pad(JsonArray op) {
    boolean constant = op.size() < 3 || op.get(2).getAsJsonPrimitive().isNumber();
    return constant
        ? Transforms.pad(integer(op, 1), PaddingMode.CONSTANT, op.size() < 3 ? 0 : integer(op, 2))
        : Transforms.pad(
            integer(op, 1),
            PaddingMode.valueOf(op.get(2).getAsString().toUpperCase(Locale.ROOT)),
            0);
  }

  private static Interpolation interpolation(String name) {
    return Interpolation.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static int integer(JsonArray op, int i) {
    return op.get(i).getAsInt();
  }

  private static int pair(JsonArray op, int i) {
    return op.get(1).getAsJsonArray().get(i).getAsInt();
  }
}
