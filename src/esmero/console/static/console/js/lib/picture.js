/** Pictures on their way into an article: made small in the browser, then kept by the server. */

const SIDE_MOST = 1600;
const LEFT_ALONE = 300_000;
const KINDS = ["image/png", "image/jpeg", "image/gif", "image/webp"];

export const isPicture = (file) => KINDS.includes(file.type);

/** How large a picture is drawn so that no side is over `most`. */
export function fitting(width, height, most = SIDE_MOST) {
  const scale = Math.min(1, most / Math.max(width, height, 1));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/**
 * A telephone's photograph has eight megabytes and says where it was taken; a reader needs neither.
 * What is small enough, moves, or cannot be drawn here, stays as it is: the server looks at it too.
 */
export async function shrunk(file) {
  if (file.type === "image/gif") return file;
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file;
  }
  const [width, height] = fitting(bitmap.width, bitmap.height);
  if (file.size <= LEFT_ALONE && width === bitmap.width) return file;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext("2d").drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const made = await new Promise((done) => canvas.toBlob(done, "image/webp", 0.85));
  return made && made.size < file.size ? new File([made], file.name.replace(/\.\w+$/, "") + ".webp", { type: made.type }) : file;
}

/** Keep a picture; gives {src, width, height}. Throws an Error with the server's words. */
export async function keep(file, { url, alt, token, failed }) {
  const body = new FormData();
  body.set("picture", await shrunk(file), file.name || "imagen");
  body.set("alt", alt);
  body.set("csrfmiddlewaretoken", token);
  const answer = await fetch(url, { method: "POST", body });
  const said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
  if (!answer.ok) throw new Error(said.error || failed);
  return said;
}

export async function fileOf(data, name) {
  const [head, body] = data.split(",", 2);
  const type = /data:([\w/]+)/.exec(head)[1];
  const bytes = Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
  return new File([bytes], name, { type });
}

/** The policy lets pictures be shown from ourselves and as data. */
export function asData(file) {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result));
    reader.addEventListener("error", () => done(""));
    reader.readAsDataURL(file);
  });
}
