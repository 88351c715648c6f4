/**
 * What a device must be able to do, one interface a family of ops. {@link engine.backend.Backend}
 * is the way in; the implementations are the sub-packages, which nothing above may name : they are
 * found through {@link engine.backend.Devices}.
 *
 * <p>Rules for every call: results are new tensors that the caller closes; inputs are never written
 * unless the name ends in {@code InPlace}; a call may take any layout and gives the one that the
 * device likes.
 */
package engine.backend;
