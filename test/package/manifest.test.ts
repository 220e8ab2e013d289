import { readFile } from "node:fs/promises";

import { expect } from "chai";

import { packageManifest, type RepositoryManifest } from "../../scripts/package/manifest.js";

describe("packageManifest", () => {
  let repository: RepositoryManifest;

  before(async () => {
    const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
    repository = JSON.parse(text) as RepositoryManifest;
  });

  it("puts types first, and leaves ethers to the caller and Hardhat out", () => {
    const manifest = packageManifest(repository, new Set(["ethers", "commander", "hardhat", "@duckdb/node-api"]));
    expect(manifest).to.deep.include({
      type: "module",
      dependencies: { commander: repository.dependencies.commander },
    });
    expect(manifest).to.have.nested.property("peerDependencies.ethers", "^6.17.0");
    expect(manifest).to.have.nested.property("peerDependenciesMeta.@duckdb/node-api.optional", true);
    expect(JSON.stringify(manifest)).not.to.contain("hardhat");
    const { exports } = manifest as { exports: Record<string, string | object> };
    for (const target of Object.values(exports)) {
      if (typeof target === "object") expect(Object.keys(target)).to.deep.equal(["types", "default"]);
    }
  });

  it("refuses code that imports what package.json does not declare", () => {
    expect(() => packageManifest(repository, new Set(["left-pad"]))).to.throw("imports left-pad");
  });
});
