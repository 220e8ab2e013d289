import { expect } from "chai";

import type { RpcProvider } from "../../scripts/chain/rpc-provider.js";
import { deployingProvider } from "../../scripts/deploy/deploying-provider.js";
import { failure } from "../fixtures/failure.js";

const FROM = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

describe("what deploy scripts send through", () => {
  const asked: unknown[] = [];
  const node = { send: (method: string, params: unknown[]) => Promise.resolve(asked.push([method, params])) };
  const provider = deployingProvider(node as unknown as RpcProvider, {
    from: FROM,
    find: (data) => Promise.resolve(data === "0x01" ? "0xfound" : undefined),
    send: ({ to = "nobody" }) => Promise.resolve(`0xsent to ${to}`),
  });
  const send = (transaction: object) => provider.request({ method: "eth_sendTransaction", params: [transaction] });

  it("finds a creation that was done before, and sends one that was not", async () => {
    expect(await send({ from: FROM.toLowerCase(), data: "0x01" })).to.equal("0xfound");
    expect(await send({ from: FROM, data: "0x02" })).to.equal("0xsent to nobody");
    expect(await send({ from: FROM, to: "0xab", data: "0x01" })).to.equal("0xsent to 0xab");
  });

  it("sends neither ether nor for anybody else", async () => {
    for (const transaction of [
      { from: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", data: "0x02" },
      { from: FROM, data: "0x02", value: "0x1" },
    ]) {
      expect((await failure(send(transaction))).message).to.contain(`expected one of the deployer ${FROM}`);
    }
  });

  it("names the newest block where a read names none", async () => {
    await provider.request({ method: "eth_call", params: [{ to: "0xab" }] });
    await provider.request({ method: "eth_call", params: [{ to: "0xab" }, "0x5"] });
    expect(asked).to.deep.equal([
      ["eth_call", [{ to: "0xab" }, "latest"]],
      ["eth_call", [{ to: "0xab" }, "0x5"]],
    ]);
  });
});
