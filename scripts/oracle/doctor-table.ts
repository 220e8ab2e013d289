import { plural } from "../terminal/plural.js";
import { table } from "../terminal/table.js";
import type { DoctorReport } from "./doctor.js";

/** Characters a line of a cell, so that the table fits a terminal. */
const WIDTH = 76;

/** What was found, for people: a table of all checks, then what to do about those that are not ok. */
export function doctorTable({ findings }: DoctorReport): string {
  const rows = findings.map(({ check, health, found }) => [check, health, wrap(found)]);
  const fixes = findings.flatMap(({ check, fix }) => (fix === undefined ? [] : [`${check}: ${fix}`]));
  const count = (wanted: string) => findings.filter(({ health }) => health === wanted).length;
  return [
    table(["check", "health", "found"], rows),
    ...fixes.map((fix, i) => `${i + 1}. ${fix}`),
    `${count("ok")} ok, ${plural(count("warning"), "warning")}, ${count("broken")} broken`,
  ].join("\n");
}

/** Breaks lines between words; a longer word has a line of its own. */
function wrap(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join("\n");
}
