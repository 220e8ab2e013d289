import { open } from "node:fs/promises";
import { extname } from "node:path";
import { type Database, toBigint, toText } from "./database.js";
import { csvSource, parquetSource } from "./tabular-source.js";

/** How a prediction file is laid out, as far as it tells without its rows being read. */
export interface Layout {
  /** Equal for files of the same columns. */
  key: string;
  /** The SQL table expression that reads files of this layout together. */
  sourceOf: (files: readonly string[]) => string;
  /** Rows, and bytes when decompressed, as a Parquet file states them; a CSV file states neither. */
  stated?: { rows: bigint; bytes: bigint };
}

/**
 * Reads the layouts of prediction files. Only files of one layout may be read together: read with others, a file is
 * converted to the types of the first, which somebody else delivered.
 * @returns By path; a file of which nothing can be told, and a CSV file that is not plain, are left out.
 */
export async function readLayouts(database: Database, files: readonly string[]): Promise<Map<string, Layout>> {
  const parquet = files.filter((file) => extname(file).toLowerCase() === ".parquet");
  const layouts = await readParquetLayouts(database, [...new Set(parquet)]);
  for (const file of files) {
    if (extname(file).toLowerCase() !== ".csv") continue;
    const columns = plainHeader(await firstLine(file));
    if (columns === undefined) continue;
    layouts.set(file, { key: `csv ${columns.join(",")}`, sourceOf: (alike) => csvSource(alike, columns) });
  }
  return layouts;
}

async function readParquetLayouts(database: Database, files: readonly string[]): Promise<Map<string, Layout>> {
  if (files.length === 0) return new Map();
  const source = parquetSource(files).replace("read_parquet", "");
  try {
    const rows = await database.rows(`
      WITH columns AS (SELECT file_name, CAST(list((name, duckdb_type, num_children, repetition_type)
            ORDER BY column_id) AS VARCHAR) AS key FROM parquet_schema${source} GROUP BY file_name),
        groups AS (SELECT DISTINCT file_name, row_group_id, greatest(row_group_num_rows, 0) AS rows
          FROM parquet_metadata${source}),
        counts AS (SELECT file_name, CAST(sum(rows) AS HUGEINT) AS rows FROM groups GROUP BY file_name),
        sizes AS (SELECT file_name, CAST(sum(greatest(total_uncompressed_size, 0)) AS HUGEINT) AS bytes
          FROM parquet_metadata${source} GROUP BY file_name)
      SELECT file_name, key, coalesce(rows, 0), coalesce(bytes, 0)
      FROM columns LEFT JOIN counts USING (file_name) LEFT JOIN sizes USING (file_name)`);
    return new Map(
      rows.map(([file, key, count, bytes]) => [
        toText(file),
        {
          key: `parquet ${toText(key)}`,
          sourceOf: parquetSource,
          stated: { rows: toBigint(count), bytes: toBigint(bytes) },
        },
      ]),
    );
  } catch {
    // one file that is no Parquet fails them all
    const [only, ...others] = files;
    if (only === undefined || others.length === 0) return new Map();
    const each = await Promise.all(files.map((file) => readParquetLayouts(database, [file])));
    return new Map(each.flatMap((layouts) => [...layouts]));
  }
}

/** More than any header needs; a first line that is longer is not plain. */
const HEADER_BYTES = 4096;

/** The first line of a file with its line feed; undefined if that is not near, or the file cannot be read. */
async function firstLine(file: string): Promise<string | undefined> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    const text = buffer.toString("utf8", 0, bytesRead);
    const end = text.indexOf("\n");
    return end < 0 ? undefined : text.slice(0, end);
  } finally {
    await handle.close();
  }
}

/** The names in a header without quotes, carriage returns or repetitions; undefined for any other. */
function plainHeader(line: string | undefined): string[] | undefined {
  if (line === undefined || !/^[\w ,-]+$/.test(line)) return undefined;
  const names = line.split(",");
  const known = new Set(names.map((name) => name.toLowerCase()));
  const isPlain = known.size === names.length && !known.has("") && known.has("id") && known.has("probability");
  return isPlain ? names : undefined;
}
