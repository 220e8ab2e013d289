import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { expect } from "chai";

interface AstNode {
  nodeType: string;
  src: string;
  [field: string]: unknown;
}

interface SolcJs {
  compile(input: string, callbacks: { import: (path: string) => { error: string } }): string;
}

const solc = createRequire(import.meta.url)("solc") as SolcJs;

const isNode = (value: unknown): value is AstNode =>
  typeof value === "object" && value !== null && "nodeType" in value && "src" in value;

/** A node and all below it. */
function* nodesOf(value: unknown): Generator<AstNode> {
  if (Array.isArray(value)) {
    for (const item of value) yield* nodesOf(item);
  } else if (isNode(value)) {
    yield value;
    for (const field of Object.values(value)) yield* nodesOf(field);
  } else if (typeof value === "object" && value !== null) {
    for (const field of Object.values(value)) yield* nodesOf(field);
  }
}

/** Syntax trees by source; parsing alone needs no imports. */
function parse(sources: Record<string, string>): Map<string, AstNode> {
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(Object.entries(sources).map(([name, content]) => [name, { content }])),
    settings: { stopAfter: "parsing", outputSelection: { "*": { "": ["ast"] } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: () => ({ error: "not read" }) })) as {
    sources: Record<string, { ast: AstNode }>;
  };
  return new Map(Object.entries(output.sources).map(([name, { ast }]) => [name, ast]));
}

const reads = (value: unknown, name: string): boolean =>
  isNode(value) && (value.nodeType === "MemberAccess" ? value["memberName"] === name : value["name"] === name);
const calls = (node: AstNode, ...names: string[]): boolean =>
  node.nodeType === "YulFunctionCall" && names.some((name) => reads(node["functionName"], name));
const member = (node: AstNode, name: string): boolean => node.nodeType === "MemberAccess" && reads(node, name);

/** What no contract of ours may do (CONTRACTS, common rules), each with a line that does it. */
const RULES: { name: string; broken: (node: AstNode) => boolean; planted: string[] }[] = [
  {
    name: "tx.origin",
    broken: (node) => (member(node, "origin") && reads(node["expression"], "tx")) || calls(node, "origin"),
    planted: ["address a = tx.origin;", "assembly { let a := origin() }"],
  },
  {
    name: "delegatecall",
    broken: (node) => member(node, "delegatecall") || calls(node, "delegatecall", "callcode"),
    planted: ['msg.sender.delegatecall("");', "assembly { pop(delegatecall(gas(), caller(), 0, 0, 0, 0)) }"],
  },
  {
    name: "selfdestruct",
    broken: (node) => (node.nodeType === "Identifier" && reads(node, "selfdestruct")) || calls(node, "selfdestruct"),
    planted: ["selfdestruct(payable(msg.sender));", "assembly { selfdestruct(caller()) }"],
  },
  {
    // Stronger than `balance ==`: sums are the contract's own, and whoever sends it money changes none of them.
    name: "a balance that others can move",
    broken: (node) => member(node, "balance") || member(node, "balanceOf") || calls(node, "balance", "selfbalance"),
    planted: [
      "if (address(this).balance == 1) revert();",
      "nmr.balanceOf(address(this));",
      "assembly { let b := selfbalance() }",
    ],
  },
  {
    name: "code size as a sign of a person",
    broken: (node) =>
      (member(node, "length") && reads(node["expression"], "code")) ||
      member(node, "codehash") ||
      calls(node, "extcodesize", "extcodehash"),
    planted: [
      "if (msg.sender.code.length == 0) revert();",
      "msg.sender.codehash;",
      "assembly { let s := extcodesize(caller()) }",
    ],
  },
];

const FOLDER = join(import.meta.dirname, "../../contracts");
const own = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter(
  (path) => path.endsWith(".sol") && !path.startsWith("mocks"),
);
const trees = parse(Object.fromEntries(own.map((path) => [path, readFileSync(join(FOLDER, path), "utf8")])));

describe("Sources of our contracts", () => {
  it("are all parsed", () => {
    expect([...trees.keys()]).to.include.members(["StakingTournament.sol", "libraries/Auction.sol"]);
    expect(trees.size).to.equal(own.length);
    for (const [name, tree] of trees) {
      expect([...nodesOf(tree)].length, `${name}: syntax tree of more than its root`).to.be.greaterThan(10);
    }
  });

  for (const { name, broken, planted } of RULES) {
    it(`do not use ${name}`, () => {
      for (const [path, tree] of trees) {
        const text = readFileSync(join(FOLDER, path));
        const found = [...nodesOf(tree)].filter(broken).map(({ src }) => {
          const [start = 0, length = 0] = src.split(":").map(Number);
          return `${path}: ${text.subarray(start, start + length).toString("utf8")}`;
        });
        expect(found).to.deep.equal([]);
      }
    });

    for (const line of planted) {
      it(`would be caught using ${name}: ${line}`, () => {
        const tree = parse({ "Planted.sol": `contract Planted { function f() external { ${line} } }` }).get(
          "Planted.sol",
        );
        expect([...nodesOf(tree)].some(broken)).to.equal(true);
      });
    }
  }
});
