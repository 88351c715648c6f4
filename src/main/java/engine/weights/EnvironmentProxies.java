package engine.weights;

import engine.base.UserError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The proxies that {@code https_proxy}, {@code http_proxy}, {@code all_proxy} and {@code no_proxy}
 * name, as curl reads them; where they say nothing, those of Java's own properties.
 */
final class EnvironmentProxies extends ProxySelector {
  private final Map<String, String> environment;

  EnvironmentProxies(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public List<Proxy> select(URI uri) {
    String address = variable(uri.getScheme() + "_proxy");
    if (address.isEmpty()) {
      address = variable("all_proxy");
    }
    if (address.isEmpty()) {
      ProxySelector java = ProxySelector.getDefault();
      return java == null ? List.of(Proxy.NO_PROXY) : java.select(uri);
    }
    if (isExcluded(uri.getHost())) {
      return List.of(Proxy.NO_PROXY);
    }
    return List.of(proxy(address));
  }

  private static Proxy proxy(String address) {
    try {
      URI proxy = URI.create(address.contains("://") ? address : "http://" + address);
      int port = proxy.getPort() > 0 ? proxy.getPort() : 1080; // curl's default
      if (proxy.getHost() != null && proxy.getScheme().equals("http")) {
        return new Proxy(
            Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.getHost(), port));
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new UserError(
        "the proxy '" + address + "' of the environment cannot be used: give http://HOST:PORT");
  }

  /** Whether {@code no_proxy} names the host, a domain above it, or everything. */
  private boolean isExcluded(String host) {
    for (String part : variable("no_proxy").split("[,\\s]+")) {
      String domain = part.replaceFirst("^\\*?\\.", "").toLowerCase(Locale.ROOT);
      String name = String.valueOf(host).toLowerCase(Locale.ROOT);
      if (part.equals("*")
          || !domain.isEmpty() && (name.equals(domain) || name.endsWith("." + domain))) {
        return true;
      }
    }
    return false;
  }

  private String variable(String name) {
    String lower = environment.getOrDefault(name, "");
    return lower.isBlank()
        ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "").strip()
        : lower.strip();
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException e) {
    // The download says what failed.
  }
}
