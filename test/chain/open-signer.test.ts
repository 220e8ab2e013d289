import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { HDNodeWallet, Mnemonic, VoidSigner, Wallet, ZeroAddress, encryptKeystoreJson } from "ethers";

import { openSigner, type SignerChoice } from "../../scripts/chain/signers/open-signer.js";
import { silentLog, type Log } from "../../scripts/terminal/log.js";
import { failure } from "../fixtures/failure.js";
import { startLocalDeployment, type LocalDeployment } from "../fixtures/local-deployment.js";

const KEY = `0x${"42".repeat(32)}`;
const KEYED = new Wallet(KEY).address;
const PASSWORD = "correct horse battery staple";
const PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow";
/** Light, so that tests need not wait. */
const LIGHT = { scrypt: { N: 1024 } };

describe("signer", () => {
  let local: LocalDeployment;
  let folder: string;
  let keystore: string;

  const open = (choice: SignerChoice, environment: NodeJS.ProcessEnv = {}, chainId = 31337n, log: Log = silentLog) =>
    openSigner(choice, { provider: local.provider, chainId, environment, log });
  const refusal = async (...given: Parameters<typeof open>) => (await failure(open(...given))).message;
  const write = async (name: string, content: string, mode = 0o600) => {
    const file = path.join(folder, name);
    await writeFile(file, content);
    await chmod(file, mode);
    return file;
  };

  before(async () => {
    local = await startLocalDeployment();
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-keys-"));
    keystore = await write("key.json", await encryptKeystoreJson(new Wallet(KEY), PASSWORD, LIGHT));
  });
  after(async () => {
    await local.stop();
    await rm(folder, { recursive: true });
  });

  it("is nobody where nothing was chosen", async () => {
    expect(await open({})).to.equal(undefined);
    expect(await open({ unsigned: true })).to.equal(undefined);
  });

  it("refuses two keys", async () => {
    expect(await refusal({ keystore }, { NUMERAIRE_PRIVATE_KEY: KEY })).to.equal(
      "signer: found NUMERAIRE_PRIVATE_KEY and --keystore, expected one of them",
    );
    expect(await refusal({ keystore, hardhatKeystore: true })).to.contain("found --keystore and --hardhat-keystore");
  });

  describe("of the environment's key", () => {
    it("is its wallet, on every chain", async () => {
      const signer = await open({}, { NUMERAIRE_PRIVATE_KEY: KEY }, 1n);
      expect(await signer?.getAddress()).to.equal(KEYED);
    });

    for (const [what, key] of [
      ["a key that is too short", KEY.slice(0, -1)],
      ["words instead of a key", PHRASE],
      ["a key of zero", `0x${"00".repeat(32)}`],
    ] as const) {
      it(`refuses ${what}, without repeating it`, async () => {
        const error = await failure(open({}, { NUMERAIRE_PRIVATE_KEY: key }));
        expect(error.message).to.equal("NUMERAIRE_PRIVATE_KEY: found no private key, expected 32 bytes as hex");
        expect(error.cause).to.equal(undefined);
      });
    }

    it("refuses another account than the key's", async () => {
      expect(await refusal({ account: ZeroAddress }, { NUMERAIRE_PRIVATE_KEY: KEY })).to.equal(
        `--account: found ${ZeroAddress}, expected ${KEYED}, the account of the key in NUMERAIRE_PRIVATE_KEY`,
      );
    });
  });

  describe("of the node", () => {
    it("is one of its accounts, on a development chain alone", async () => {
      const account = local.accounts.member1;
      expect(await (await open({ account }))?.getAddress()).to.equal(account);
      expect(await refusal({ account }, {}, 1n)).to.contain("--account: found chain 1, expected a development chain");
      expect(await refusal({ account: ZeroAddress })).to.equal(
        `--account: found no account ${ZeroAddress} on the node`,
      );
    });

    it("refuses what is no address without repeating it: it could be a key", async () => {
      const error = await failure(open({ account: KEY }));
      expect(error.message).to.equal("--account: found no address, expected 0x and 40 hex digits");
    });
  });

  describe("that does not sign", () => {
    it("has the address alone, and looks at no key", async () => {
      const account = local.accounts.member2;
      const signer = await open({ account, unsigned: true }, { NUMERAIRE_PRIVATE_KEY: "nonsense" }, 1n);
      expect(signer).to.be.instanceOf(VoidSigner);
      expect(await signer?.getAddress()).to.equal(account);
    });
  });

  describe("of an encrypted JSON keystore", () => {
    const unlocked = { NUMERAIRE_KEYSTORE_PASSWORD: PASSWORD };

    it("is its wallet, with the password of the environment, and shows how far it is", async () => {
      const shown: number[] = [];
      const log: Log = {
        ...silentLog,
        progress: () => ({ step: (units) => shown.push(units), stop: () => undefined }),
      };
      const signer = await open({ keystore, account: KEYED }, unlocked, 1n, log);
      expect(await signer?.getAddress()).to.equal(KEYED);
      expect(shown.reduce((sum, one) => sum + one, 0)).to.equal(100);
      expect(shown.length).to.be.within(2, 10);
    });

    it("leaves the words behind that the keystore may hold", async () => {
      const { address, privateKey } = HDNodeWallet.fromPhrase(PHRASE);
      const mnemonic = { path: "m/44'/60'/0'/0/0", locale: "en", entropy: Mnemonic.fromPhrase(PHRASE).entropy };
      const file = await write(
        "words.json",
        await encryptKeystoreJson({ address, privateKey, mnemonic }, PASSWORD, LIGHT),
      );
      const signer = await open({ keystore: file }, unlocked);
      expect(await signer?.getAddress()).to.equal(address);
      expect(signer).not.to.have.property("mnemonic");
    });

    it("takes the password from a file that its owner alone can read", async () => {
      const file = await write("password", `${PASSWORD}\n`);
      const signer = await open({ keystore }, { NUMERAIRE_KEYSTORE_PASSWORD_FILE: file });
      expect(await signer?.getAddress()).to.equal(KEYED);
    });

    for (const mode of [0o640, 0o604, 0o620]) {
      it(`refuses a password file of mode ${mode.toString(8)}`, async () => {
        const file = await write("open-password", PASSWORD, mode);
        const error = await failure(open({ keystore }, { NUMERAIRE_KEYSTORE_PASSWORD_FILE: file }));
        expect(error.message).to.contain(`${file}: found mode 0${mode.toString(8)}, expected 0600`);
        expect(error.hint).to.contain(`chmod 600 ${file}`);
      });
    }

    it("takes a credential of systemd, which is guarded otherwise", async () => {
      const credentials = path.join(folder, "credentials");
      await mkdir(credentials);
      const file = await write("credentials/password", PASSWORD, 0o440);
      const environment = { NUMERAIRE_KEYSTORE_PASSWORD_FILE: file, CREDENTIALS_DIRECTORY: credentials };
      expect(await (await open({ keystore }, environment))?.getAddress()).to.equal(KEYED);
      const elsewhere = { ...environment, CREDENTIALS_DIRECTORY: folder };
      expect(await refusal({ keystore }, elsewhere)).to.contain("found mode 0440, expected 0600");
    });

    it("refuses a wrong password, without repeating it", async () => {
      const error = await failure(open({ keystore }, { NUMERAIRE_KEYSTORE_PASSWORD: "incorrect horse" }));
      expect(error.message).to.equal(`${keystore}: could not be unlocked with the password given`);
      expect([error.cause, error.hint.includes("horse")]).to.deep.equal([undefined, false]);
    });

    it("refuses a keystore of another account before it asks for the password", async () => {
      expect(await refusal({ keystore, account: ZeroAddress })).to.equal(
        `--account: found ${ZeroAddress}, expected ${KEYED}, the account of the key in ${keystore}`,
      );
    });

    it("refuses passwords from two places, an empty file, and a file that is not there", async () => {
      const file = await write("empty", "\n");
      expect(await refusal({ keystore }, { ...unlocked, NUMERAIRE_KEYSTORE_PASSWORD_FILE: file })).to.contain(
        "found NUMERAIRE_KEYSTORE_PASSWORD and NUMERAIRE_KEYSTORE_PASSWORD_FILE",
      );
      expect(await refusal({ keystore }, { NUMERAIRE_KEYSTORE_PASSWORD_FILE: file })).to.contain("found an empty file");
      expect(await refusal({ keystore }, { NUMERAIRE_KEYSTORE_PASSWORD_FILE: `${file}-not` })).to.contain(
        "found no readable file, expected the keystore's password",
      );
    });

    it("refuses what is no keystore", async () => {
      expect(await refusal({ keystore: `${keystore}-not` })).to.contain("found no readable file");
      const file = await write("key.txt", KEY);
      expect(await refusal({ keystore: file }, unlocked)).to.equal(
        `${file}: found no keystore, expected encrypted JSON of version 3`,
      );
    });
  });
});
