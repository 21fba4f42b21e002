/**
 * Whether an error message of onnxruntime says that memory ran out. JavaScript gets only a message, so this looks for
 * the names and numbers of errors in it (CUDA 2, and those of cuBLAS, cuDNN and C++), and for the wording of
 * onnxruntime's arena and of TensorRT.
 */
export const lacksMemory = (message: string): boolean => SIGNS.some((sign) => sign.test(message));

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
