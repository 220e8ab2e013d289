import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { id } from "ethers";

import { openBooks, type SignedVoucher } from "../../scripts/compute/books.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";

const USER = "0x00000000000000000000000000000000000000A1";
const line = (index: number) => ({ jobId: id("job"), index, cpuMicros: 5n, byteMillis: 7n, cost: 3n });
const signed = (cumulative: bigint): SignedVoucher => ({
  voucher: { providerId: 1n, user: USER, cumulative, usageRoot: id("root"), validUntil: 9n },
  signature: "0x12",
});

describe("openBooks", () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-books-"));
    file = path.join(folder, "books.jsonl");
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("keeps lines and the newest voucher of each user", async () => {
    const books = await openBooks(file);
    await books.addLine(USER, line(0));
    await books.addLine("another", line(0));
    await books.addVoucher(signed(3n));
    await books.addLine(USER, line(1));
    await books.addVoucher(signed(6n));
    await books.close();
    const again = await openBooks(file);
    expect(again.linesOf(USER)).to.deep.equal([line(0), line(1)]);
    expect(again.owedBy(USER)).to.equal(6n);
    expect(again.voucherOf(USER)).to.deep.equal(signed(6n));
    expect(again.voucherOf("another")).to.equal(undefined);
    expect(again.signers()).to.deep.equal([USER]);
    await again.close();
  });

  it("loses half a line of a process that was killed, and nothing else", async () => {
    const books = await openBooks(file);
    await books.addVoucher(signed(3n));
    await books.close();
    await appendFile(file, '{"user":"0xé","signed":{"vou');
    const again = await openBooks(file);
    await again.addVoucher(signed(4n));
    await again.close();
    const last = await openBooks(file);
    expect(last.voucherOf(USER)).to.deep.equal(signed(4n));
    await last.close();
    expect((await readFile(file, "utf8")).split("\n").length).to.equal(3);
  });

  it("refuses a line that is broken, and says where", async () => {
    for (const broken of ["nonsense", '{"user":"x"}', '{"user":"x","line":{"index":1}}']) {
      await writeFile(file, `${broken}\n`);
      const error: unknown = await openBooks(file).catch((failure: unknown) => failure);
      expect(error).to.be.instanceOf(NumeraireError);
      expect(String(error)).to.contain("books.jsonl:1: found a broken line");
    }
  });

  it("are open in one process at a time", async () => {
    const books = await openBooks(file);
    const error: unknown = await openBooks(file).catch((failure: unknown) => failure);
    expect(error).to.be.instanceOf(NumeraireError).with.property("exitCode", 2);
    await books.close();
  });

  it("have every voucher that was acknowledged before kill -9", async function () {
    this.timeout(20_000);
    const program = path.join(folder, "writer.mts");
    const source = path.resolve(import.meta.dirname, "../../scripts/compute/books.js");
    await writeFile(
      program,
      `import { openBooks } from ${JSON.stringify(source)};
const books = await openBooks(${JSON.stringify(file)});
for (let cumulative = 1n; ; cumulative += 1n) {
  const voucher = { providerId: 1n, user: ${JSON.stringify(USER)}, cumulative, usageRoot: "0x", validUntil: 9n };
  await books.addVoucher({ voucher, signature: "0x12" });
  process.stdout.write(cumulative + "\\n");
}`,
    );
    const child = spawn(process.execPath, ["--import=tsx", program], { stdio: ["ignore", "pipe", "inherit"] });
    let told = "";
    child.stdout.on("data", (data: Buffer) => {
      told += data.toString();
      if (told.split("\n").length > 50) child.kill("SIGKILL");
    });
    await once(child, "close");
    const books = await openBooks(file);
    const acknowledged = BigInt(told.split("\n").slice(0, -1).at(-1) ?? "0");
    expect(Number(acknowledged)).to.be.greaterThan(40);
    expect((books.voucherOf(USER)?.voucher.cumulative ?? 0n) >= acknowledged).to.equal(true);
    await books.close();
  });
});
