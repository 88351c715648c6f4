package engine.backend.cuda.dnn;

import java.util.List;

/**
 * What cuDNN shall compute in one plan. Equal graphs have equal plans on one device.
 *
 * @param name for people, such as {@code conv + bias + relu}
 * @param operations in the order of their data
 */
public record OperationGraph(String name, List<GraphOperation> operations) {}
