package engine.backend;

/**
 * A library of a device's maker, as {@code engine doctor} shows it.
 *
 * @param name what people call it
 * @param found whether it is here and loads
 * @param text version and place, or why it is not here and what to do
 */
public record VendorLibrary(String name, boolean found, String text) {
  public static VendorLibrary found(String name, String text) {
    return new VendorLibrary(name, true, text);
  }

  public static VendorLibrary missing(String name, String text) {
    return new VendorLibrary(name, false, text);
  }
}
