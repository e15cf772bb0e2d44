/** The Emscripten module inside `ml-xgboost`; its own wrapper copies the training matrix onto a stack of 5 MB. */
declare module 'ml-xgboost/dist/wasm/xgboost.js' {
  export interface XgboostModule {
    HEAPU8: Uint8Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    _create_model(matrix: number, labels: number, rows: number, columns: number): number;
    _set_param(model: number, name: number, value: number): void;
    _train_full_model(model: number, rounds: number): void;
    _prediction_size(model: number, row: number, columns: number, out: number): number;
    _predict_one(model: number, row: number, columns: number, out: number): number;
    _save_model(model: number): number;
    _get_file_content(target: number, bytes: number): void;
    _free_memory_model(model: number): void;
  }
  const loading: { isReady: Promise<XgboostModule> };
  export default loading;
}

declare module 'ml-xgboost/dist/wasm/xgboost.wasm' {
  const path: string;
  export default path;
}
