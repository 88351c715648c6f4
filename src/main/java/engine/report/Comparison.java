package engine.report;

import java.util.List;

/**
 * What several runs have in common and where they differ, as a terminal and {@link
 * ComparisonReport} show it. A part without content does not appear.
 *
 * @param title such as {@code Three seeds of resnet18 on photos}
 * @param subtitle one line beneath it
 * @param figures the numbers at the top
 * @param notes sentences the reader must know
 * @param parts tables, curves and pictures
 * @param commands what to type next
 */
public record Comparison(
    String title,
    String subtitle,
    List<Figure> figures,
    List<String> notes,
    Parts parts,
    List<String> commands) {

  public Comparison {
    figures = List.copyOf(figures);
    notes = List.copyOf(notes);
    commands = List.copyOf(commands);
  }

  /**
   * What is shown beneath the figures.
   *
   * @param grids tables, in the order to show
   * @param curves runs whose epochs are drawn over each other
   * @param galleries pictures
   */
  public record Parts(List<Grid> grids, List<Curve> curves, List<Gallery> galleries) {
    public Parts {
      grids = List.copyOf(grids);
      curves = List.copyOf(curves);
      galleries = List.copyOf(galleries);
    }
  }

  /** A number, what it is, and a word beneath. */
  public record Figure(String label, String value, String remark) {}

  /**
   * A table.
   *
   * @param columns titles; one that starts with {@code >} heads a column of numbers
   * @param rows cells, as people read them
   */
  public record Grid(String title, String remark, List<String> columns, List<List<String>> rows) {
    public Grid {
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
    }
  }

  /** The epochs of a run. */
  public record Curve(String run, List<EpochMetrics> epochs) {
    public Curve {
      epochs = List.copyOf(epochs);
    }
  }

  /** Pictures under a title. */
  public record Gallery(String title, String remark, List<Picture> pictures) {
    public Gallery {
      pictures = List.copyOf(pictures);
    }
  }

  /**
   * A picture and what was said of it.
   *
   * @param image small JPEG or PNG
   * @param truth name of its class
   * @param said a line a run
   * @param source where it came from
   */
  public record Picture(byte[] image, String truth, List<String> said, String source) {}
}
