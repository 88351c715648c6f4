package engine.backend;

/**
 * A library of a device's maker, as {@code engine doctor} shows it.
 *
 * @param name what people call it
 * @param found whether it is here and loads
 * @param text version and place, or why it is not here and what to do
 * @param warning what is wrong with one that is here, and what to do; null if all is well
 */
public record VendorLibrary(String name, boolean found, String text, String warning) {
  public static VendorLibrary found(String name, String text, String warning) {
    return new VendorLibrary(name, true, text, warning);
  }

  public static VendorLibrary missing(String name, String text) {
    return new VendorLibrary(name, false, text, null);
  }
}
