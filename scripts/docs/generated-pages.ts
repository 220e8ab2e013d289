import { format, resolveConfig } from "prettier";

import type { CompiledContract } from "../build/compiled-contracts.js";
import { contractPage } from "./contract-page.js";
import { errorsPage } from "./errors-page.js";

/** The pages that are generated, by path within the repository, formatted as the repository's files are. */
export async function generatedPages(contracts: readonly CompiledContract[]): Promise<Map<string, string>> {
  const own = contracts.filter(({ sourceName }) => sourceName.startsWith("contracts/"));
  const pages = [
    ["docs/errors.md", errorsPage(contracts)] as const,
    ...own.map((contract) => [`docs/contracts/${contract.name}.md`, contractPage(contract)] as const),
  ];
  const options = (await resolveConfig(import.meta.filename)) ?? {};
  const formatted = pages.map(
    async ([file, text]) => [file, await format(text, { ...options, parser: "markdown" })] as const,
  );
  return new Map(await Promise.all(formatted));
}
