import assert from "node:assert/strict";
import { test } from "node:test";

import { answerOf, asPasskey, optionsOf, toBytes, toText } from "../static/console/js/lib/webauthn.js";

const bytes = (...values) => Uint8Array.from(values).buffer;
const list = (buffer) => [...new Uint8Array(buffer)];

test("base64url keeps every byte, without padding and without + or /", () => {
  const all = Uint8Array.from({ length: 256 }, (_, index) => index).buffer;
  assert.match(toText(all), /^[\w-]+$/);
  assert.deepEqual(list(toBytes(toText(all))), list(all));
  assert.equal(toText(bytes(251, 255)), "-_8");
  assert.deepEqual(list(toBytes("-_8")), [251, 255]);
  assert.equal(toText(null), null);
});

test("options become bytes where the browser wants them, the rest stays", () => {
  const options = optionsOf({ publicKey: {
    challenge: "AQI", rpId: "localhost", user: { id: "Aw", name: "ana" },
    excludeCredentials: [{ id: "BA", type: "public-key" }],
  } });
  assert.deepEqual(list(options.challenge), [1, 2]);
  assert.deepEqual([list(options.user.id), options.user.name], [[3], "ana"]);
  assert.deepEqual([list(options.excludeCredentials[0].id), options.excludeCredentials[0].type], [[4], "public-key"]);
  assert.deepEqual([options.rpId, "allowCredentials" in options], ["localhost", false]);
});

test("a passkey is found by the device and asks who holds it", () => {
  const wanted = asPasskey({ authenticatorSelection: { residentKey: "discouraged", authenticatorAttachment: "platform" } });
  assert.deepEqual(wanted.authenticatorSelection, {
    residentKey: "required", requireResidentKey: true, userVerification: "required", authenticatorAttachment: "platform",
  });
});

test("the answer carries what the device gave and nothing it did not", () => {
  const answer = answerOf({
    id: "BA", rawId: bytes(4), type: "public-key", authenticatorAttachment: "platform",
    getClientExtensionResults: () => ({ credProps: { rk: true } }),
    response: { clientDataJSON: bytes(1), authenticatorData: bytes(2), signature: bytes(3), userHandle: null },
  });
  assert.deepEqual(answer, {
    id: "BA", rawId: "BA", type: "public-key", authenticatorAttachment: "platform",
    clientExtensionResults: { credProps: { rk: true } },
    response: { clientDataJSON: "AQ", authenticatorData: "Ag", signature: "Aw", userHandle: null },
  });
});
