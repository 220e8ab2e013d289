import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";

import { readOptions } from "../../scripts/terminal/read-options.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";

const ROOT = path.join(import.meta.dirname, "../..");

const options = {
  sample: { type: "string", default: "6" },
  json: { type: "boolean" },
} as const;

describe("options of programs without commands", () => {
  it("are read, with what they are unless told", () => {
    expect({ ...readOptions("mutate", options, ["--json"]) }).to.deep.equal({ sample: "6", json: true });
    expect({ ...readOptions("mutate", options, ["--sample", "3"]) }).to.deep.equal({ sample: "3" });
  });

  for (const [args, message] of [
    [["--smaple", "3"], "Unknown option '--smaple'"],
    [["--sample"], "Option '--sample <value>' argument missing"],
    [["--sample", "--json"], "Option '--sample' argument is ambiguous"],
    [["--json=yes"], "Option '--json' does not take an argument"],
    [["3"], "Unexpected argument '3'"],
  ] as const) {
    it(`are refused in one sentence, and the help is named: ${args.join(" ")}`, () => {
      expect(() => readOptions("mutate", options, [...args]))
        .to.throw(NumeraireError)
        .that.deep.include({ message, hint: "`npm run mutate -- --help` says what there is.", exitCode: 1 });
    });
  }

  it("leave a mistake of the program's own as it is", () => {
    expect(() => readOptions("mutate", { x: { type: "text" as "string" } }, [])).to.throw(TypeError);
  });

  it("are refused by a program without a stack trace", async () => {
    const program = ["--import", "tsx", "scripts/prove/static.ts", "--jsno"];
    const failure = (await promisify(execFile)(process.execPath, program, { cwd: ROOT }).catch(
      (error: unknown) => error,
    )) as { code: number; stdout: string; stderr: string };
    expect(failure).to.include({ code: 1, stdout: "" });
    expect(failure.stderr).to.equal(
      "error: Unknown option '--jsno'\nhint: `npm run static -- --help` says what there is.\n",
    );
  });
});
