import { readFile, readdir } from "node:fs/promises";

import { expect } from "chai";

import { compiledContracts, type CompiledContract } from "../../scripts/build/compiled-contracts.js";
import { documentation } from "../../scripts/docs/documentation.js";
import { generatedPages } from "../../scripts/docs/generated-pages.js";
import { hintFor } from "../../sdk/error-hints.js";

const ROOT = new URL("../../", import.meta.url);

describe("generated pages", () => {
  let contracts: CompiledContract[];

  before(async () => {
    contracts = await compiledContracts();
  });

  it("are what npm run docs writes", async () => {
    const pages = await generatedPages(contracts);
    for (const [page, text] of pages) expect(await readFile(new URL(page, ROOT), "utf8"), page).to.equal(text);
    const kept = (await readdir(new URL("docs/contracts", ROOT))).map((name) => `docs/contracts/${name}`);
    expect([...pages.keys()]).to.include.members(kept);
  });

  it("say what everything is, and what to do about every error, that the contracts' own sources declare", async () => {
    const folders = ["contracts/", "contracts/interfaces/", "contracts/libraries/"];
    const sources = await Promise.all(
      folders.map(async (folder) => {
        const names = (await readdir(new URL(folder, ROOT))).filter((name) => name.endsWith(".sol"));
        return Promise.all(names.map((name) => readFile(new URL(folder + name, ROOT), "utf8")));
      }),
    );
    const declared = new Set(
      [
        ...sources
          .flat()
          .join("\n")
          .matchAll(/^ +(?:function|event|error) (\w+)\(/gm),
      ].map(([, name]) => name),
    );
    const silent = contracts
      .filter(({ sourceName }) => sourceName.startsWith("contracts/"))
      .flatMap((contract) => {
        const { functions, events, errors } = documentation(contract);
        return [...functions, ...events, ...errors]
          .filter(({ fragment, notice, details }) => declared.has(fragment.name) && notice === "" && details === "")
          .map(({ fragment }) => `${contract.name}.${fragment.name}`);
      });
    expect(silent).to.deep.equal([]);
    const errors = contracts.flatMap((contract) => documentation(contract).errors.map(({ fragment }) => fragment.name));
    const unadvised = errors.filter((name) => declared.has(name) && hintFor(name) === hintFor("no such error"));
    expect(unadvised).to.deep.equal([]);
  });
});
