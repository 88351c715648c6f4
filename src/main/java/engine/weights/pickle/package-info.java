/**
 * Python's pickle format, read by a machine that builds containers and asks a {@link
 * engine.weights.pickle.Globals} for everything else, so that a file can run nothing.
 *
 * <p>Depends on nothing of the engine. Start with {@link engine.weights.pickle.Unpickler}.
 */
package engine.weights.pickle;
