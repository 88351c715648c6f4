/**
 * A kernel opened up: what the compiler made of it, what the software GPU counts when it runs, its
 * source beside its PTX, and one warp step by step.
 *
 * <p>Start with {@link engine.inspect.kernel.KernelDossier}, which gathers all of it; {@link
 * engine.inspect.kernel.KernelText} and {@link engine.inspect.kernel.KernelJson} print it. {@link
 * engine.inspect.kernel.SampleLaunches} has the launch that a kernel is shown with.
 */
package engine.inspect.kernel;
