/**
 * How tensors lie in a GPU's memory: channels last, and padded to eight channels for tensor cores.
 *
 * <p>Start with {@link engine.backend.cuda.layout.ChannelsLast}.
 */
package engine.backend.cuda.layout;
