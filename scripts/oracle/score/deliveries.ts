// As a whole: Node 20 has no glob, and does everything but score.
import * as fs from "node:fs/promises";
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from "node:path";
import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { ProblemList, quoted } from "../../terminal/problem-list.js";
import { readText } from "../../terminal/read-text.js";
import { type ScoreRecord, csvTable } from "../score-records.js";

/** Node that can list the files of a glob. */
const OLDEST_MAJOR = 22;

/** Predictions that reached the operator's store. */
export interface Delivery {
  modelId: bigint;
  /** Absolute path of a CSV or Parquet file `id,probability`. */
  file: string;
  /** 32 bytes as hex that the commitment was made with. */
  salt?: string;
  /** When the file arrived, in Unix seconds. */
  receivedAt?: number;
}

/** Lists the deliveries of a folder: `model_id,file,salt,received_at`, in order of arrival. */
const MANIFEST = "deliveries.csv";

const EXTENSIONS = [".csv", ".parquet"];

/**
 * Finds the prediction files of a round: those of the folder's manifest in its order, or, where there is none, every
 * `<model id>.csv` or `.parquet` of a folder or glob in order of model id.
 * @throws {NumeraireError} listing everything that is wrong with the manifest or the names.
 */
export async function readDeliveries(predictions: string): Promise<Delivery[]> {
  const isFolder = await fs.stat(predictions).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  const folder = isFolder ? predictions : dirname(predictions);
  const files = isFolder
    ? (await fs.readdir(predictions)).map((name) => join(predictions, name))
    : await matches(predictions);
  const manifest = join(folder, MANIFEST);
  if (isFolder && files.includes(manifest)) return readManifest(manifest);
  const tables = files.filter(
    (file) => EXTENSIONS.includes(extname(file).toLowerCase()) && basename(file) !== MANIFEST,
  );
  const deliveries = readNames(tables.toSorted());
  if (deliveries.length > 0) return deliveries;
  throw new NumeraireError(`${predictions}: found no predictions, expected files named <model id>.csv or .parquet`, {
    hint: `Name a folder, a glob, or a folder with a ${MANIFEST} of model_id,file,salt,received_at.`,
  });
}

async function matches(pattern: string): Promise<string[]> {
  if (Number.parseInt(process.versions.node) < OLDEST_MAJOR) {
    throw new NumeraireError(`scoring: found Node ${process.versions.node}, expected ${OLDEST_MAJOR} or later`, {
      hint: "Run the command with a newer Node; the other commands do without.",
    });
  }
  const files: string[] = [];
  for await (const file of fs.glob(pattern)) files.push(file);
  return files;
}

function readNames(files: readonly string[]): Delivery[] {
  const problems = new ProblemList();
  const deliveries: Delivery[] = [];
  for (const file of files) {
    const name = basename(file, extname(file));
    if (/^[1-9]\d{0,12}$/.test(name)) deliveries.push({ modelId: BigInt(name), file: resolve(file) });
    else {
      const remedy = `Rename it, or list it in ${MANIFEST}.`;
      const expected = "the number of a model as the file's name";
      problems.add({ file, line: 1, column: "file", found: quoted(name), expected, remedy });
    }
  }
  problems.throwIfAny();
  return deliveries.toSorted((a, b) => (a.modelId < b.modelId ? -1 : 1));
}

async function readManifest(manifest: string): Promise<Delivery[]> {
  const { text } = await readText(manifest);
  const problems = new ProblemList();
  const table = csvTable(manifest, text, problems);
  for (const column of ["model_id", "file"].filter((name) => table?.columns.includes(name) === false)) {
    const remedy = "Add the column.";
    problems.add({ file: manifest, line: 1, column, found: "no such column", expected: "this column", remedy });
  }
  problems.throwIfAny();
  const deliveries: Delivery[] = [];
  for (const record of table?.records ?? []) {
    const delivery = await toDelivery(manifest, record, problems);
    if (delivery !== undefined) deliveries.push(delivery);
  }
  problems.throwIfAny();
  return deliveries;
}

async function toDelivery(
  manifest: string,
  { line, values }: ScoreRecord,
  problems: ProblemList,
): Promise<Delivery | undefined> {
  const folder = dirname(manifest);
  const text = (column: string): string => values.get(column) ?? "";
  const check = (isRight: boolean, column: string, expected: string, remedy: string): boolean => {
    const found = text(column) === "" ? "no value" : quoted(text(column));
    if (!isRight) problems.add({ file: manifest, line, column, found, expected, remedy });
    return isRight;
  };
  const file = resolve(folder, text("file"));
  const inside = relative(folder, file);
  // a name that a competitor chose must not reach the operator's other files
  const isInside = inside !== "" && !inside.startsWith("..") && !isAbsolute(inside);
  const isFile = await fs.stat(file).then(
    (entry) => entry.isFile(),
    () => false,
  );
  const salt = text("salt");
  const receivedAt = text("received_at");
  const checks = [
    check(/^[1-9]\d{0,12}$/.test(text("model_id")), "model_id", "the number of a model", "Correct the number."),
    check(isInside && isFile, "file", "a file in the manifest's folder", "Restore the file, or correct its name."),
    check(
      !isInside || EXTENSIONS.includes(extname(file).toLowerCase()),
      "file",
      "a file named *.csv or *.parquet",
      "Name the file as what it is.",
    ),
    check(
      /^(0x[0-9a-fA-F]{64})?$/.test(salt),
      "salt",
      "32 bytes as 0x and 64 hex digits",
      "Correct the salt; leave it empty where none was delivered.",
    ),
    check(/^(\d{1,12})?$/.test(receivedAt), "received_at", "Unix seconds", "Correct the time."),
  ];
  if (checks.includes(false)) return undefined;
  return {
    modelId: BigInt(text("model_id")),
    file,
    ...(salt === "" ? {} : { salt }),
    ...(receivedAt === "" ? {} : { receivedAt: Number(receivedAt) }),
  };
}
