import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import type { Context } from "../../scripts/chain/context.js";
import { keepTicket, readTickets, ticketNamed, type KeptTicket } from "../../scripts/compute/tickets.js";

const ticketOf = (id: string): KeptTicket => ({ url: "http://x", id, token: "", submittedAt: 1, user: "0x", at: "" });
const ENDED = { at: 2, lines: 3 };

describe("Tickets of jobs", () => {
  let stateFolder: string;
  let context: Context;

  beforeEach(async () => {
    stateFolder = await mkdtemp(path.join(tmpdir(), "numeraire-tickets-"));
    context = { stateFolder, chainId: 1n } as Context;
  });
  afterEach(() => rm(stateFolder, { recursive: true }));

  it("are as they were remembered last, in the order of submission", async () => {
    const [first, second] = [ticketOf("0xa1"), ticketOf("0xa2")];
    await keepTicket(context, first);
    await keepTicket(context, second);
    await keepTicket(context, { ...first, ended: ENDED });
    expect(await readTickets(context)).to.deep.equal([{ ...first, ended: ENDED }, second]);
    expect(await ticketNamed(context, "0xa1")).to.deep.equal({ ...first, ended: ENDED });
  });

  it("are read from a file that knows of no ends", async () => {
    const file = path.join(stateFolder, "compute-jobs-1.jsonl");
    await writeFile(file, `${JSON.stringify(ticketOf("0xa1"))}\n`);
    expect(await readTickets(context)).to.deep.equal([ticketOf("0xa1")]);
    await keepTicket(context, { ...ticketOf("0xa1"), ended: ENDED });
    expect((await readFile(file, "utf8")).split("\n").length).to.equal(3);
    expect(await readTickets(context)).to.deep.equal([{ ...ticketOf("0xa1"), ended: ENDED }]);
  });
});
