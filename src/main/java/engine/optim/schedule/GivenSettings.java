package engine.optim.schedule;

import engine.base.Suggestion;
import engine.base.UserError;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The {@code key=value} settings of a schedule, which remember the names they were asked for. */
final class GivenSettings {
  private final String scheduler;
  private final Map<String, String> given = new LinkedHashMap<>();
  private final Set<String> known = new TreeSet<>();

  /**
   * @param scheduler its name
   * @param text {@code key=value,key=value}; keys may be written with {@code -} for {@code _}
   */
  GivenSettings(String scheduler, String text) {
    this.scheduler = scheduler;
    for (String part : text.isBlank() ? new String[0] : text.split(",")) {
      int eq = part.indexOf('=');
      if (eq < 1) {
        throw new UserError(
            "'%s' in scheduler '%s:%s' is not key=value: write it as in step:step_size=3,gamma=0.1"
                .formatted(part, scheduler, text));
      }
      given.put(part.substring(0, eq).strip().replace('-', '_'), part.substring(eq + 1).strip());
    }
  }

  double number(String key, double otherwise) {
    String text = text(key);
    try {
      return text == null ? otherwise : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw bad(key, text, "a number");
    }
  }

  long integer(String key, long otherwise) {
    String text = text(key);
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw bad(key, text, "a whole number");
    }
  }

  /** None if the key is not given. */
  List<Long> integers(String key) {
    String text = text(key);
    try {
      return text == null
          ? List.of()
          : Arrays.stream(text.split("[/;]")).map(String::strip).map(Long::valueOf).toList();
    } catch (NumberFormatException e) {
      throw bad(key, text, "whole numbers with / between them, such as 30/60/80");
    }
  }

  /**
   * @throws UserError if a key was given that nobody asked for
   */
  void refuseUnread() {
    for (String key : given.keySet()) {
      if (!known.contains(key)) {
        throw new UserError(
            known.isEmpty()
                ? "scheduler %s takes no settings, so leave out %s".formatted(scheduler, key)
                : "scheduler %s has no setting %s; it takes %s%s"
                    .formatted(
                        scheduler, key, String.join(", ", known), Suggestion.hint(key, known)));
      }
    }
  }

  private String text(String key) {
    known.add(key);
    return given.get(key);
  }

  private UserError bad(String key, String text, String wanted) {
    return new UserError(
        "%s of scheduler %s must be %s, not '%s'".formatted(key, scheduler, wanted, text));
  }
}
