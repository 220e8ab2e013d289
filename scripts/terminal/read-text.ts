import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { ProblemList } from "./problem-list.js";

export interface TextFile {
  text: string;
  /** SHA-256 of the bytes as they are on disk, "0x" and 64 hex digits. */
  sha256: string;
}

const UTF16_MARKS = [
  { bytes: [0xff, 0xfe], name: "UTF-16 (little-endian) byte order mark" },
  { bytes: [0xfe, 0xff], name: "UTF-16 (big-endian) byte order mark" },
];
const NEW_LINE = 0x0a;
/** Larger files are refused: a leaderboard or a week of a million accounts is smaller. */
const MOST_BYTES = 2 ** 28;

/**
 * Reads a whole text file as UTF-8; a UTF-8 byte order mark is dropped.
 * @throws {NumeraireError} when it cannot be read, is empty, too large or is not UTF-8.
 */
export async function readText(path: string): Promise<TextFile> {
  const bytes = await readBytes(path).catch((cause: unknown) => {
    if (cause instanceof NumeraireError) throw cause;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
    throw new NumeraireError(`${path}: found no readable file (${code}), expected a text file`, {
      hint: "Check the path and the permissions.",
      cause,
    });
  });
  const problems = new ProblemList();
  const where = { file: path, line: 1, column: "file" };
  const mark = UTF16_MARKS.find(({ bytes: [first, second] }) => bytes[0] === first && bytes[1] === second);
  if (bytes.length === 0) {
    problems.add({ ...where, found: "an empty file", expected: "a header and rows", remedy: "Write the file again." });
  } else if (mark !== undefined) {
    problems.add({ ...where, found: `a ${mark.name}`, expected: "UTF-8", remedy: "Save the file as UTF-8." });
  } else {
    const line = firstInvalidLine(bytes);
    if (line !== undefined) {
      const found = "bytes that are not UTF-8";
      problems.add({ ...where, line, column: "row", found, expected: "UTF-8", remedy: "Save the file as UTF-8." });
    }
  }
  problems.throwIfAny();
  return {
    text: new TextDecoder("utf-8").decode(bytes),
    sha256: `0x${createHash("sha256").update(bytes).digest("hex")}`,
  };
}

async function readBytes(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size <= MOST_BYTES) return readFile(path);
  throw new NumeraireError(`${path}: found ${size} bytes, expected a text file of at most ${MOST_BYTES}`, {
    hint: "Check that it is the right file.",
  });
}

/** Line, from 1, of the first bytes that are not UTF-8. No multi-byte character contains the byte of a new line. */
function firstInvalidLine(bytes: Uint8Array): number | undefined {
  if (isUtf8(bytes)) return undefined;
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const newLine = bytes.indexOf(NEW_LINE, start);
    const end = newLine < 0 ? bytes.length : newLine + 1;
    if (!isUtf8(bytes.subarray(start, end))) return line;
    start = end;
  }
  return line;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
