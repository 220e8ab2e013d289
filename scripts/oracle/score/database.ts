import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type * as DuckDB from "@duckdb/node-api";
import type { DuckDBConnection, DuckDBInstance, JS } from "@duckdb/node-api";

import { NumeraireError } from "../../../sdk/numeraire-error.js";

/** Leaves room for Node itself within 2 GiB; what does not fit is written to the temporary folder. */
const MEMORY_MIB = 1_144;

/** An in-memory DuckDB that spills into a folder of its own, removed by `close`. */
export class Database {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #folder: string;
  readonly #threads: number;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, folder: string, threads: number) {
    this.#instance = instance;
    this.#connection = connection;
    this.#folder = folder;
    this.#threads = threads;
  }

  /**
   * @param threads Threads that work at once; as many as the machine has unless told.
   * @param memoryMiB Memory that tables and sorting may take.
   */
  static async open(threads = availableParallelism(), memoryMiB = MEMORY_MIB): Promise<Database> {
    const { DuckDBInstance } = await loadDuckDB();
    const folder = await mkdtemp(join(tmpdir(), "numeraire-score-"));
    const instance = await DuckDBInstance.create(":memory:", {
      threads: String(threads),
      memory_limit: `${memoryMiB}MiB`,
      temp_directory: folder,
      // no result depends on the order of rows, and keeping it costs memory
      preserve_insertion_order: "false",
      // scoring reads local files only, whatever a path in the inputs says
      autoinstall_known_extensions: "false",
    });
    return new Database(instance, await instance.connect(), folder, threads);
  }

  /** Runs one statement and returns its rows; integers of 64 bits and more come as bigint. */
  async rows(sql: string): Promise<JS[][]> {
    return (await this.#connection.runAndReadAll(sql)).getRowsJS();
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  /**
   * Runs one statement an item, as many at once as there are threads: a file of one row group keeps only one busy.
   * @param onError Told of each item whose statement failed; the others go on.
   */
  async runEach<Item>(
    items: readonly Item[],
    sql: (item: Item) => string,
    onError: (item: Item, error: unknown) => void,
    onDone: (done: number) => void,
  ): Promise<void> {
    const queue = items.values();
    let done = 0;
    const work = async (): Promise<void> => {
      const connection = await this.#instance.connect();
      try {
        for (const item of queue) {
          await connection.run(sql(item)).catch((error: unknown) => {
            onError(item, error);
          });
          onDone(++done);
        }
      } finally {
        connection.closeSync();
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.#threads, items.length) }, work));
  }

  async close(): Promise<void> {
    this.#connection.closeSync();
    this.#instance.closeSync();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Loaded where it is needed: only scoring does, and the installed package leaves 70 MB of it to those who score. */
async function loadDuckDB(): Promise<typeof DuckDB> {
  try {
    return await import("@duckdb/node-api");
  } catch (error) {
    throw new NumeraireError("score: found no DuckDB, which measures predictions", {
      hint: "Install it beside this program: npm install @duckdb/node-api..",
      cause: error,
    });
  }
}

/** An integer of a result, exact. */
export function toBigint(value: JS | undefined): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return BigInt(value);
  throw new TypeError(`found ${typeof value}, expected an integer in a query's result`);
}

/** An integer of a result that counts rows, models or clusters. */
export function toCount(value: JS | undefined): number {
  return Number(toBigint(value));
}

/** A text of a result; null is empty. */
export function toText(value: JS | undefined): string {
  return typeof value === "string" ? value : "";
}
