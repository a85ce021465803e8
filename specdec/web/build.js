// Builds the two bundles, each a script and a style sheet: `npm run build`. The first line of each names the sources
// that it was built from by a hash, so that a test without Node can say whether they are stale.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = dirname(fileURLToPath(import.meta.url));

// SHA-256 of every source's path and text, in the order of their paths; what is built and the words are no sources.
function fingerprint() {
  const all = readdirSync(ROOT, { recursive: true, withFileTypes: true });
  const files = all.filter((file) => file.isFile() && /\.(js|css)$/.test(file.name));
  const names = files.map((file) => relative(ROOT, join(file.parentPath, file.name)).split(sep).join("/"));
  const hash = createHash("sha256");
  for (const name of names.filter((one) => !one.startsWith("dist/")).sort()) {
    hash.update(`${name}\0${readFileSync(join(ROOT, name), "utf8")}\0`);
  }
  return hash.digest("hex");
}

const banner = `/* Built by "npm run build" from sources ${fingerprint()} */`;
await build({
  absWorkingDir: ROOT,
  entryPoints: ["player.js", "page.js", "player.css", "page.css"],
  outdir: "dist",
  bundle: true,
  minify: true,
  lineLimit: 119,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  banner: { js: banner, css: banner },
});
