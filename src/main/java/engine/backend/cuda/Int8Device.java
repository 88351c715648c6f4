package engine.backend.cuda;

/** What a quantised network needs of a GPU; the backend owns all of it. */
record Int8Device(
    Gpu gpu, CudaMemory memory, Launcher launch, CudnnPlans plans, CublasProducts products) {}
