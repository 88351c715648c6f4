/**
 * One class a family of ops: how a GPU computes what {@code Backend} asks for.
 *
 * <p>Start with {@link engine.backend.cuda.ops.CudaConvolutions}.
 */
package engine.backend.cuda.ops;
