/** base64url (RFC 4648, 5) to bytes. */
export function toBytes(text) {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(padded), (character) => character.charCodeAt(0)).buffer;
}

/** Bytes to base64url without padding; nothing stays nothing. */
export function toText(buffer) {
  if (!buffer) return null;
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What the server sends (JSON) as the browser wants it. Source: W3C WebAuthn Level 3, 5.1.8 and 5.1.9. */
export function optionsOf(json) {
  const options = { ...json.publicKey, challenge: toBytes(json.publicKey.challenge) };
  if (options.user) options.user = { ...options.user, id: toBytes(options.user.id) };
  for (const name of ["allowCredentials", "excludeCredentials"]) {
    if (options[name]) options[name] = options[name].map((one) => ({ ...one, id: toBytes(one.id) }));
  }
  return options;
}

/** A passkey that is found on the device alone, and asks whose finger it is. */
export function asPasskey(options) {
  const wanted = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
  return { ...options, authenticatorSelection: { ...options.authenticatorSelection, ...wanted } };
}

/** What the browser answers, as JSON for the server. Source: W3C WebAuthn Level 3, 5.1 (toJSON). */
export function answerOf(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name] !== undefined) response[name] = toText(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}
