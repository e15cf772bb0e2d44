/**
 * Readings that the database packs and reads together. A third of DuckDB's usual size: a checkpoint needs a third of the
 * memory (with the usual size 96 MB are too little for it) and writes less anew; smaller ones make files larger. A
 * batch of at least so many rows goes straight into the file, past the write-ahead log, so a flood is written in such.
 */
export const ROW_GROUP_ROWS = 40_960;
