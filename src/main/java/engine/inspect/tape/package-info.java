/**
 * One training step as the tape saw it: which op ran in which precision, and where casts sit. Start
 * with {@link engine.inspect.tape.TapeInspection}. May use everything below {@code cli}.
 */
package engine.inspect.tape;
