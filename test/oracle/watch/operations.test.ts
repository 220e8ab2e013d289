import { readFile } from "node:fs/promises";

import { parser } from "@prometheus-io/lezer-promql";
import { expect } from "chai";
import { parse } from "yaml";

import { watchCommand } from "../../../scripts/oracle/commands/watch.js";
import { ATTENTION_KINDS } from "../../../scripts/oracle/watch/attentions.js";
import { makeMetrics } from "../../../scripts/oracle/watch/metrics.js";
import { attentiveReport } from "../../fixtures/watch-report.js";

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; runbook: string };
}

const file = (name: string) => readFile(new URL(`../../../docs/${name}`, import.meta.url), "utf8");
const { groups } = parse(await file("operations/alerts.yml")) as { groups: { name: string; rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

/** Texts of a PromQL expression's nodes of some kinds. */
function nodes(expression: string, ...kinds: string[]): string[] {
  const found: string[] = [];
  parser.parse(expression).iterate({
    enter: ({ name, type, from, to }) => {
      if (kinds.includes(type.isError ? "error" : name)) found.push(expression.slice(from, to));
    },
  });
  return found;
}

/** Lines of the exposition of a watch that has seen everything. */
async function exposition(): Promise<string[]> {
  const metrics = makeMetrics({ version: "1.0.0", network: "test", chainId: 1n, account: "0xAA" });
  metrics.looked(attentiveReport(), 1);
  return (await metrics.registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

describe("watch: alert rules", () => {
  it("can tell what is no PromQL", () => {
    expect(nodes("sum(rate(x[5m])", "error")).not.to.deep.equal([]);
    expect(nodes("sum(rate(x[5m]))", "error")).to.deep.equal([]);
  });

  for (const { alert, expr, labels, annotations } of rules) {
    it(`${alert} asks for metrics and labels that there are, and has an entry in the runbook`, async () => {
      expect(nodes(expr, "error"), expr).to.deep.equal([]);
      const lines = await exposition();
      const selectors = nodes(expr, "VectorSelector").filter((one) => !one.startsWith("up{"));
      expect(selectors.length + (alert === "NumeraireWatchDown" ? 1 : 0)).to.be.greaterThan(0);
      for (const selector of selectors) {
        const [metric = ""] = nodes(selector, "Identifier");
        const matching = lines.filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `));
        expect(matching, metric).not.to.deep.equal([]);
        for (const label of nodes(selector, "LabelMatchers")
          .join()
          .matchAll(/(\w+)(=~?)"([^"]*)"/g)) {
          const [, name = "", , pattern = ""] = label;
          for (const value of pattern.split("|")) {
            expect(
              matching.some((line) => line.includes(`${name}="${value}"`)),
              `${selector}: ${value}`,
            ).to.equal(true);
          }
        }
      }
      expect(["critical", "warning"]).to.contain(labels.severity);
      expect(annotations.summary).not.to.equal("");
      expect(annotations.runbook).to.equal(`docs/oracle.md#${alert.toLowerCase()}`);
      expect(await file("oracle.md")).to.contain(`\n### ${alert}\n`);
    });
  }

  it("has one for everything that needs a person", () => {
    for (const kind of ATTENTION_KINDS) {
      expect(
        rules.some(({ expr }) => expr.includes(`numeraire_attention{kind="${kind}"}`)),
        kind,
      ).to.equal(true);
    }
  });

  it("names no alert twice", () => {
    const names = rules.map(({ alert }) => alert);
    expect(new Set(names).size).to.equal(names.length);
  });
});

describe("watch: service and crontab", () => {
  for (const name of ["numeraire-watch.service", "crontab"]) {
    it(`${name} calls watch with options that there are`, async () => {
      const [line = ""] = (await file(`operations/${name}`)).split("\n").filter((one) => one.includes("main.ts watch"));
      const given = [...(line.split("main.ts watch")[1] ?? "").matchAll(/ (--[a-z-]+)/g)].map(([, option]) => option);
      expect(given).to.include.members(["--yes", "--max-fee", "--rounds", "--keystore"]);
      expect(watchCommand().options.map(({ long }) => long)).to.include.members(given);
    });
  }

  it("hands the password over as a credential, in a service without privileges", async () => {
    const unit = await file("operations/numeraire-watch.service");
    for (const line of [
      "LoadCredential=keystore-password:/etc/numeraire/keystore-password",
      "Environment=NUMERAIRE_KEYSTORE_PASSWORD_FILE=%d/keystore-password",
      "NoNewPrivileges=yes",
      "ProtectSystem=strict",
      "CapabilityBoundingSet=",
    ]) {
      expect(unit.split("\n")).to.contain(line);
    }
    expect(unit).not.to.match(/PRIVATE_KEY|KEYSTORE_PASSWORD=/);
  });

  it("has the user of the crontab read a password file that the runbook gives it, and it alone", async () => {
    const [, password = ""] = /^NUMERAIRE_KEYSTORE_PASSWORD_FILE=(.+)$/m.exec(await file("operations/crontab")) ?? [];
    const runbook = await file("oracle.md");
    expect(runbook).to.contain(`sudo install -m 0600 -o numeraire -g numeraire password ${password}\n`);
    expect(runbook).to.contain("sudo crontab -u numeraire docs/operations/crontab");
  });

  it("lets no stranger read the settings, which may hold the key of an endpoint", async () => {
    const made = (await file("oracle.md")).split("\n").filter((line) => line.includes("/etc/numeraire/watch.env"));
    expect(made.join()).to.match(/sudo install -m 0640 -g numeraire \/dev\/stdin \/etc\/numeraire\/watch\.env/);
  });
});
