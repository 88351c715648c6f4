package engine;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A test that takes a {@code Backend} and runs once on each device present. Where a device says
 * that it cannot do something, the test counts as skipped, with that reason.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@MethodSource("engine.TestDevices#all")
@ExtendWith(TestDevices.SkipsWhatADeviceCannotDo.class)
public @interface OnEveryDevice {}
