import { extname } from "node:path";
import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { type Database, toText } from "./database.js";

/**
 * The SQL table expression that reads a CSV or Parquet file. Nothing about a CSV is guessed but its line ends, and
 * each is read by one thread, so that a crafted file means the same to everybody.
 * @throws {NumeraireError} for any other kind of file.
 */
export function tabularSource(file: string): string {
  const extension = extname(file).toLowerCase();
  // DuckDB takes a path as a pattern
  const path = sqlText(file.replaceAll(/[[*?]/g, "[$&]"));
  if (extension === ".parquet") return `read_parquet(${path})`;
  if (extension === ".csv") {
    return `read_csv(${path}, header = true, delim = ',', quote = '"', escape = '"', comment = '', skip = 0,
      all_varchar = true, null_padding = false, ignore_errors = false, strict_mode = true, parallel = false)`;
  }
  throw new NumeraireError(`${file}: found a file named *${extension}, expected *.csv or *.parquet`, {
    hint: "Write the file as CSV with a header, or as Parquet.",
  });
}

/** Column names of a file, in lower case: SQL does not tell cases apart. */
export async function columnNames(database: Database, source: string): Promise<string[]> {
  const rows = await database.rows(`DESCRIBE SELECT * FROM ${source}`);
  return rows.map(([name]) => toText(name).toLowerCase());
}

/** A text as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
