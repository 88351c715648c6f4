package engine.cli;

import picocli.CommandLine.IVersionProvider;

/** The version as the jar's manifest gives it. */
final class Version implements IVersionProvider {
  static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "from sources" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "engine " + number() + ", Java " + Runtime.version() + ", " + System.getProperty("os.arch")
    };
  }
}
