package engine.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import engine.recipe.Timetable.Stretch;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimetableTest {
  private static final Timetable PLAN =
      Timetable.parse(List.of("2x137@96", "120@128", "3x60@128"), List.of());

  @Test
  void epochsComeInTheOrderOfTheStretches() {
    assertEquals(6, PLAN.epochs());
    assertEquals(2 * 137 + 120 + 180, PLAN.steps());
    assertEquals(new Stretch(2, 137, 96), PLAN.at(1));
    assertEquals(new Stretch(1, 120, 128), PLAN.at(2));
    assertEquals(new Stretch(3, 60, 128), PLAN.at(5));
    assertEquals(274 + 120 + 60, PLAN.batchesBefore(4));
  }

  @Test
  void textAndTimetableAreTheSame() {
    Timetable changed =
        PLAN.changed(300, List.of(new Stretch(2, 137, 96), new Stretch(1, 90, 128)));

    assertEquals(List.of("0:574", "300:364"), changed.changes());
    assertEquals(changed, Timetable.parse(changed.lines(), changed.changes()));
  }

  @Test
  void withoutAChangeABatchIsWhereItIs() {
    for (int b : new int[] {0, 1, 273, 573}) {
      assertEquals(b, PLAN.position(b));
    }
  }

  @Test
  void afterChangesTheScheduleIsUnbrokenAndStillEndsWithTheRun() {
    Timetable shorter = PLAN.changed(100, List.of(new Stretch(1, 200, 96)));
    Timetable twice = shorter.changed(150, List.of(new Stretch(1, 400, 96)));

    assertEquals(100, twice.position(100));
    assertEquals(shorter.position(150), twice.position(150));
    assertEquals(574, twice.position(400), 1e-9);
    assertEquals(574, twice.planned());
    for (int b = 0; b < 399; b++) {
      assertTrue(twice.position(b) < twice.position(b + 1), "the time of step " + b);
      assertEquals(shorter.position(Math.min(b, 150)), twice.position(Math.min(b, 150)));
    }
  }

  @Test
  void theEndBelongsToTheLastChange() {
    Timetable once = PLAN.changed(100, List.of(new Stretch(1, 200, 96)));
    Timetable again = once.changed(100, List.of(new Stretch(1, 300, 96)));

    assertEquals(List.of("0:574", "100:300"), again.changes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "137",
        "137@",
        "@96",
        "0@96",
        "0x5@96",
        "5@7",
        "5@5000",
        "-1@96",
        "1e2@96",
        "2 x 5@96",
        "99999999999@96",
        "2x5@96;3@96",
        "NaN@96"
      })
  void whatIsNoEpochIsRefused(String line) {
    assertThrows(UserError.class, () -> Timetable.parse(List.of(line), List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"5:574", "0:573", "0:574,600:574", "0:574,10:9", "0:574,20:574,20:574", "a:b"})
  void changesThatCannotHaveBeenAreRefused(String changes) {
    assertThrows(UserError.class, () -> Timetable.parse(PLAN.lines(), List.of(changes.split(","))));
  }
}
