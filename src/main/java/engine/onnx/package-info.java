/**
 * ONNX: a network as a file that other engines run. {@link engine.onnx.OnnxModel} is the file as
 * values, {@link engine.onnx.OnnxWriter} and {@link engine.onnx.OnnxReader} its bytes; {@link
 * engine.onnx.FloatGraph} and {@link engine.onnx.QdqGraph} make one of a network, {@link
 * engine.onnx.OnnxInterpreter} runs one, {@link engine.onnx.OnnxExport} does all of it and checks.
 * May use {@code model}, {@code graph}, {@code quant} and what is below. Start with {@code
 * OnnxExport}.
 */
package engine.onnx;
