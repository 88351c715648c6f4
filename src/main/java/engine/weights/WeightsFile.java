package engine.weights;

import engine.tensor.HostTensor;
import engine.weights.pickle.PickleException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads a file of weights of whatever kind: safetensors, or what {@code torch.save} wrote. The kind
 * is seen from the contents, not the name. Files are mapped into memory, so that reading one costs
 * what its tensors' pages cost.
 */
public final class WeightsFile {
  private WeightsFile() {}

  /** What kind of file. */
  public enum Format {
    SAFETENSORS("safetensors"),
    PTH_ZIP("torch.save, zip"),
    PTH_LEGACY("torch.save, before PyTorch 1.6");

    private final String description;

    Format(String description) {
      this.description = description;
    }

    @Override
    public String toString() {
      return description;
    }
  }

  /**
   * @param tensors by name, in the file's order; views of memory that lives as long as any of them
   * @param metadata of a safetensors file; else empty
   * @param values what stands beside the weights in a checkpoint of {@code torch.save}: names,
   *     numbers, and containers that may hold themselves; else empty
   * @param others tensors whose types are not computed with, by name
   * @param key of the dict of a {@code torch.save} file that the tensors are from; null for the
   *     outermost, and of a safetensors file
   * @param keys of all dicts with tensors in such a file
   */
  public record Contents(
      Format format,
      String key,
      List<String> keys,
      Map<String, HostTensor> tensors,
      Map<String, String> metadata,
      Map<String, Object> values,
      Map<String, SafeTensors.OtherTensor> others) {}

  /**
   * @throws WeightsException when the file is missing, damaged, or holds something else than
   *     weights
   */
  public static Contents read(Path file) throws IOException {
    return read(file, Pth::usual);
  }

  /**
   * The same of a dict of one's choice, where a checkpoint of {@code torch.save} has several with
   * tensors: the weights, their average, another network.
   *
   * @param choice from their keys, in the file's order, to one of them, or to null for the
   *     outermost
   */
  public static Contents read(Path file, Function<List<String>, String> choice) throws IOException {
    if (Files.isRegularFile(file)) {
      try (FileChannel channel = FileChannel.open(file)) {
        MemorySegment all =
            channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        boolean zip = Pth.isZip(all);
        if (zip || Pth.isLegacy(all)) {
          Pth.Contents c = Pth.read(all, choice);
          return new Contents(
              zip ? Format.PTH_ZIP : Format.PTH_LEGACY,
              c.key(),
              c.keys(),
              c.tensors(),
              Map.of(),
              c.values(),
              Map.of());
        }
      } catch (PickleException e) {
        throw new WeightsException(file, e.getMessage(), e);
      }
    }
    SafeTensors.Contents c = SafeTensors.read(file);
    return new Contents(
        Format.SAFETENSORS, null, List.of(), c.tensors(), c.metadata(), Map.of(), c.others());
  }
}
