package engine.model;

import engine.backend.Activation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The blocks of the MobileNets as their papers list them. */
final class MobileNetTables {
  /**
   * @param wide channels inside the block; of the second network the factor by which it widens
   * @param gated whether it has squeeze-and-excitation
   */
  record Row(int kernel, int stride, int wide, int out, boolean gated, Activation activation) {}

  private static final int RE = 0;
  private static final int HS = 1;
  private static final int SE = 1;
  private static final int NONE = 0;

  /** Sandler et al. 2018, table 2: factor, channels out, blocks that share them, stride. */
  static final List<Row> V2 =
      second(
          new int[][] {
            {1, 16, 1, 1},
            {6, 24, 2, 2},
            {6, 32, 3, 2},
            {6, 64, 4, 2},
            {6, 96, 3, 1},
            {6, 160, 3, 2},
            {6, 320, 1, 1}
          });

  /** Howard et al. 2019, table 2: kernel, channels inside, channels out, gate, function, stride. */
  static final List<Row> V3_SMALL =
      third(
          new int[][] {
            {3, 16, 16, SE, RE, 2},
            {3, 72, 24, NONE, RE, 2},
            {3, 88, 24, NONE, RE, 1},
            {5, 96, 40, SE, HS, 2},
            {5, 240, 40, SE, HS, 1},
            {5, 240, 40, SE, HS, 1},
            {5, 120, 48, SE, HS, 1},
            {5, 144, 48, SE, HS, 1},
            {5, 288, 96, SE, HS, 2},
            {5, 576, 96, SE, HS, 1},
            {5, 576, 96, SE, HS, 1}
          });

  /** The same, table 1. */
  static final List<Row> V3_LARGE =
      third(
          new int[][] {
            {3, 16, 16, NONE, RE, 1},
            {3, 64, 24, NONE, RE, 2},
            {3, 72, 24, NONE, RE, 1},
            {5, 72, 40, SE, RE, 2},
            {5, 120, 40, SE, RE, 1},
            {5, 120, 40, SE, RE, 1},
            {3, 240, 80, NONE, HS, 2},
            {3, 200, 80, NONE, HS, 1},
            {3, 184, 80, NONE, HS, 1},
            {3, 184, 80, NONE, HS, 1},
            {3, 480, 112, SE, HS, 1},
            {3, 672, 112, SE, HS, 1},
            {5, 672, 160, SE, HS, 2},
            {5, 960, 160, SE, HS, 1},
            {5, 960, 160, SE, HS, 1}
          });

  private MobileNetTables() {}

  /** Of the blocks of a line the first has the stride. */
  private static List<Row> second(int[][] lines) {
    List<Row> out = new ArrayList<>();
    for (int[] l : lines) {
      for (int i = 0; i < l[2]; i++) {
        out.add(new Row(3, i == 0 ? l[3] : 1, l[0], l[1], false, Activation.RELU6));
      }
    }
    return out;
  }

  private static List<Row> third(int[][] lines) {
    return Arrays.stream(lines)
        .map(
            l ->
                new Row(
                    l[0],
                    l[5],
                    l[1],
                    l[2],
                    l[3] == SE,
                    l[4] == HS ? Activation.HARDSWISH : Activation.RELU))
        .toList();
  }
}
