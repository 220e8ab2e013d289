import { extname } from "node:path";
import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { type Database, toText } from "./database.js";

/** How CSV is read. Nothing is guessed but line ends, and each file is read by one thread: all get the same from it. */
const CSV = `header = true, delim = ',', quote = '"', escape = '"', comment = '', skip = 0, compression = 'none',
  all_varchar = true, null_padding = false, ignore_errors = false, strict_mode = true, parallel = false`;

/**
 * The SQL table expression that reads a CSV or Parquet file.
 * @throws {NumeraireError} for any other kind of file.
 */
export function tabularSource(file: string): string {
  const extension = extname(file).toLowerCase();
  if (extension === ".parquet") return `read_parquet(${sqlPath(file)})`;
  if (extension === ".csv") return `read_csv(${sqlPath(file)}, ${CSV})`;
  throw new NumeraireError(`${file}: found a file named *${extension}, expected *.csv or *.parquet`, {
    hint: "Write the file as CSV with a header, or as Parquet.",
  });
}

/** The SQL table expression that reads Parquet files of the same columns; `file_index` counts them from 0. */
export function parquetSource(files: readonly string[]): string {
  return `read_parquet([${files.map(sqlPath).join(", ")}])`;
}

/**
 * The SQL table expression that reads CSV files of the same header, whose lines end with a line feed; `file_index`
 * counts them from 0.
 * @param columns Names in the header, in its order.
 */
export function csvSource(files: readonly string[], columns: readonly string[]): string {
  const types = columns.map((name) => `${sqlText(name)}: 'VARCHAR'`);
  return `read_csv([${files.map(sqlPath).join(", ")}], ${CSV}, auto_detect = false, new_line = '\\n',
    columns = {${types.join(", ")}})`;
}

/** Column names of a file, in lower case: SQL does not tell cases apart. */
export async function columnNames(database: Database, source: string): Promise<string[]> {
  const rows = await database.rows(`DESCRIBE SELECT * FROM ${source}`);
  return rows.map(([name]) => toText(name).toLowerCase());
}

/** A path as an SQL literal that stands for this file alone: DuckDB takes a path as a pattern. */
function sqlPath(path: string): string {
  return sqlText(path.replaceAll(/[[*?]/g, "[$&]"));
}

/** A text as an SQL literal. */
function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
