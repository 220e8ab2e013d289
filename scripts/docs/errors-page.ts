import { hintFor } from "../../sdk/error-hints.js";
import type { CompiledContract } from "../build/compiled-contracts.js";
import { documentation } from "./documentation.js";
import { plainText } from "./plain-text.js";

interface ErrorEntry {
  name: string;
  selector: string;
  parameters: string;
  /** Contracts by what they mean with it; "" where an interface says nothing. */
  meanings: Map<string, string[]>;
}

/** The page of every error that a contract of the suite can refuse with, in Markdown. */
export function errorsPage(contracts: readonly CompiledContract[]): string {
  const entries = new Map<string, ErrorEntry>();
  for (const contract of contracts) {
    for (const { fragment, notice, details } of documentation(contract).errors) {
      const { name, selector, inputs } = fragment;
      const parameters = inputs.map((input) => input.format("full")).join(", ");
      const entry = entries.get(selector) ?? { name, selector, parameters, meanings: new Map<string, string[]>() };
      const meaning = plainText(notice === "" ? details : notice);
      entry.meanings.set(meaning, [...(entry.meanings.get(meaning) ?? []), contract.name]);
      entries.set(selector, entry);
    }
  }
  const sorted = [...entries.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  return `${INTRODUCTION}\n${sorted.map(section).join("\n")}`;
}

const INTRODUCTION = `# Errors

What a contract refuses with, what it means, and what to do. \`decodeError\` of the sdk gives name, arguments and the same advice; the
programs print it. The selector is the first four bytes of the revert data.

This page is generated from the interfaces and \`sdk/error-hints.ts\`: \`npm run docs\` writes it.
`;

function section({ name, selector, parameters, meanings }: ErrorEntry): string {
  const contracts = [...meanings.values()].flat().sort();
  const told = [...meanings].filter(([meaning]) => meaning !== "");
  const lines = [
    `## ${name}`,
    "",
    `\`${name}(${parameters})\`, \`${selector}\`, of ${contracts.join(", ")}.`,
    "",
    ...told.flatMap(([meaning, of]) => [`**Meaning.** ${meaning}${told.length > 1 ? ` (${of.join(", ")})` : ""}`, ""]),
    `**What to do.** ${hintFor(name)}`,
    "",
  ];
  return lines.join("\n");
}
