package engine.backend.cuda.int8;

import engine.backend.Backend;
import engine.backend.cuda.driver.Gpu;
import engine.backend.cuda.driver.Launcher;
import engine.backend.cuda.memory.CudaMemory;
import engine.backend.cuda.ops.CublasProducts;
import engine.backend.cuda.plans.CudnnPlans;

/** What a quantised network needs of a GPU; the backend owns all of it. */
public record Int8Device(
    Backend backend,
    Gpu gpu,
    CudaMemory memory,
    Launcher launch,
    CudnnPlans plans,
    CublasProducts products) {}
