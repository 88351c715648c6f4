package engine.data;

import engine.base.UserError;
import engine.picture.Normalization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017): 60,000 training and 10,000 test pictures of
 * clothes, gray, 28x28, ten classes, as four IDX files. Debian and Ubuntu package it as {@code
 * dataset-fashion-mnist}.
 */
public final class FashionMnist {
  /** Where the Debian package puts the files. */
  public static final Path DEFAULT_FOLDER = Path.of("/usr/share/datasets/fashion-mnist");

  static final DataSource SOURCE =
      new DataSource(
          "fashion-mnist",
          "fashion-mnist[:DIR]",
          true,
          DataSource.Defaults.SMALL,
          new Normalization(new float[] {0.2860f}, new float[] {0.3530f}),
          r -> open(r.place().isEmpty() ? DEFAULT_FOLDER : Path.of(r.place())));

  private static final List<String> CLASSES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  private FashionMnist() {}

  private static Datasets.Split open(Path folder) {
    return Datasets.Split.of("Fashion-MNIST", train(folder), test(folder), List.of());
  }

  /** The 60,000 training pictures, in {@code folder}. */
  public static Dataset train(Path folder) {
    return read(folder, "train");
  }

  /** The 10,000 test pictures, in {@code folder}. */
  public static Dataset test(Path folder) {
    return read(folder, "t10k");
  }

  private static Dataset read(Path folder, String part) {
    Path imageFile = find(folder, part + "-images-idx3-ubyte");
    Path labelFile = find(folder, part + "-labels-idx1-ubyte");
    Idx images = Idx.read(imageFile, 3);
    Idx labels = Idx.read(labelFile, 1);
    if (images.dims()[0] != labels.dims()[0]) {
      throw new UserError(
          "%s holds %d pictures but %s holds %d labels: download both again"
              .formatted(imageFile, images.dims()[0], labelFile, labels.dims()[0]));
    }
    return new PackedImages(
        imageFile.toString(),
        CLASSES,
        images.dims()[1],
        images.dims()[2],
        1,
        images.data(),
        labels.data());
  }

  private static Path find(Path folder, String name) {
    return Stream.of(name, name + ".gz")
        .map(folder::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "no %s or %s.gz in %s: run 'apt install dataset-fashion-mnist', or name the folder that has the four files, as fashion-mnist:DIR"
                        .formatted(name, name, folder)));
  }
}
