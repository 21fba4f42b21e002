/**
 * Whether words of onnxruntime's say that memory is lacking. It gives JavaScript nothing but words; so these are the names
 * and numbers of errors in them (CUDA 2; cuBLAS 3; cuDNN's; C++'s), and what its own arena and TensorRT say.
 */
export const lacksMemory = (words: string): boolean => SIGNS.some((sign) => sign.test(words));

const SIGNS = [
  /\bCUDA(?: failure| error|RT)? 2\b/i,
  /\bcudaErrorMemoryAllocation\b/,
  /\bCUDA_ERROR_OUT_OF_MEMORY\b/,
  /\bCU(?:BLAS|DNN|FFT|RAND|SOLVER)(?:_STATUS)?(?:_INTERNAL_ERROR)?(?:_HOST|_DEVICE)?_ALLOC(?:ATION)?_FAILED\b/,
  /\bbad[ _]alloc/,
  /\bout ?of ?memory\b/i,
  /allocate memory/i,
  /Available memory of \d+ is smaller than requested/,
];
