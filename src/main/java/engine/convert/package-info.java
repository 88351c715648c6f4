/**
 * A trained network made into another form: int8 by calibration or by fine-tuning (QAT), and ONNX.
 *
 * <p>Start with {@link engine.convert.Quantization} and {@link engine.convert.ModelExport}; the
 * arithmetic is in {@code quant}, the file format in {@code onnx}.
 */
package engine.convert;
