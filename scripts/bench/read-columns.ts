import { readFile } from "node:fs/promises";

import { parquetRead } from "hyparquet";

/** Values of one column, in order of the rows. */
export type Column = ArrayLike<unknown>;

/**
 * Reads columns of a CSV or Parquet file without a database.
 * @param columns Names; CSV is plain, without quotes.
 * @returns One column a name, in that order.
 */
export async function readColumns(file: string, columns: readonly string[]): Promise<Column[]> {
  return file.endsWith(".csv") ? readCsv(await readFile(file, "utf8"), columns) : readParquet(file, columns);
}

function readCsv(text: string, columns: readonly string[]): Column[] {
  const lines = text.split("\n");
  const header = (lines[0] ?? "").split(",");
  const places = columns.map((name) => header.indexOf(name));
  const read: string[][] = columns.map(() => []);
  for (const line of lines.slice(1)) {
    if (line === "") continue;
    const cells = line.split(",");
    for (const [index, place] of places.entries()) read[index]?.push(cells[place] ?? "");
  }
  return read;
}

async function readParquet(path: string, columns: readonly string[]): Promise<Column[]> {
  const bytes = await readFile(path);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const read: unknown[][] = columns.map(() => []);
  await parquetRead({
    file,
    columns: [...columns],
    onChunk: ({ columnName, columnData, rowStart }) => {
      const column = read[columns.indexOf(columnName)];
      for (let i = 0; column !== undefined && i < columnData.length; i += 1) column[rowStart + i] = columnData[i];
    },
  });
  return read;
}
