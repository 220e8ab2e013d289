import { readFileSync } from "node:fs";

import { expect } from "chai";

import { PROPERTIES, leftBehind } from "../../scripts/prove/properties.js";
import { plantedBugs } from "../invariant/planted-bugs.js";

const read = (file: string): string => readFileSync(file, "utf8");
const promises = new Set(PROPERTIES.flatMap(({ promise }) => promise.split(/[^A-Z0-9]+/)));
const bugs = plantedBugs.filter(({ id }) => promises.has(id));

describe("What the models repeat of the contracts", () => {
  it("is what the contracts say", () => {
    expect(leftBehind(read)).to.deep.equal([]);
  });

  it("holds whatever a planted bug against a proved promise changes", () => {
    expect(bugs.map(({ id }) => id)).to.include.members(["N1", "N2", "N3", "T3", "T4", "T8", "T12"]);
    const unnoticed = bugs.filter(({ file, text, replacement }) => {
      const broken = (name: string): string => (name === file ? read(name).replace(text, replacement) : read(name));
      return leftBehind(broken).length === 0;
    });
    expect(unnoticed.map(({ id }) => id)).to.deep.equal([]);
  });
});
